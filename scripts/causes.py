"""What a failed pip run means, in words: the first cause whose traces are found in its output."""

import os
import platform
import re
from collections.abc import Mapping
from typing import NamedTuple

PROXY_SETTINGS = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PIP_INDEX_URL", "PIP_CERT")


class Cause(NamedTuple):
    """Traces in pip's output, and what they mean."""

    traces: re.Pattern[str]
    meaning: str


# The order matters: without a connection pip also ends with "No matching distribution".
CAUSES = (
    Cause(
        re.compile(r"No space left on device"),
        "The disk is full: the environment needs about 500 MB where the project lies.",
    ),
    Cause(
        re.compile(r"DO NOT MATCH THE HASHES|do not match the hashes"),
        "A downloaded package is not the one in the lock. The package index, or something on the\n"
        "way to it, serves other files than those the lock was made from. Nothing was installed.",
    ),
    Cause(
        re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError"),
        "The package index was reached, but its certificate is not trusted here. Behind a proxy\n"
        "that opens TLS, set PIP_CERT to the file with your organisation's certificate.",
    ),
    Cause(
        re.compile(
            r"ProxyError|Tunnel connection failed|NewConnectionError|ConnectTimeout|ReadTimeout"
            r"|Connection refused|Name or service not known|Temporary failure in name resolution"
            r"|Network is unreachable|nodename nor servname|getaddrinfo failed"
            r"|Could not find an index|40[137] Client Error|Max retries exceeded"
        ),
        "pip cannot reach a package index. Behind a proxy set HTTPS_PROXY (and HTTP_PROXY); with\n"
        "an index of your own set PIP_INDEX_URL.",
    ),
    Cause(
        re.compile(r"from versions: none"),
        "The package index cannot be reached, or it is empty: it offered no version at all of a\n"
        "package. Look at PIP_INDEX_URL and at `pip config list`. If the index does have the\n"
        "package, none of its wheels fits this platform.",
    ),
    Cause(
        re.compile(r"No matching distribution found|is not a supported wheel on this platform"),
        "A package of the lock has no ready-made wheel for this platform. There are wheels for\n"
        "Linux (glibc) and macOS, x86-64 and arm64, with CPython 3.11 to 3.14.",
    ),
    Cause(
        re.compile(r"ensurepip"),
        "This Python cannot make environments: its venv module is incomplete.\n"
        "  Debian and Ubuntu: apt-get install python3-venv",
    ),
    Cause(
        re.compile(r"Permission denied|Read-only file system"),
        "The project's folder cannot be written to: .venv is made inside it.",
    ),
)
UNKNOWN = "pip failed for a reason that is not known here; its last lines are below."


def settings(environ: Mapping[str, str]) -> str:
    """Say which proxy settings are set, by name only: their values may hold a password."""
    names = {name: name in environ or name.lower() in environ for name in PROXY_SETTINGS}
    listed = ", ".join(f"{name} {'set' if there else 'not set'}" for name, there in names.items())
    return f"Settings seen: {listed}."


def here() -> str:
    """Return this platform in a few words."""
    python = platform.python_version()
    return f"This is {platform.system()} {platform.machine()}, CPython {python}."


def last_lines(output: str, count: int = 6, width: int = 200) -> str:
    """Return the last different lines of the output, addresses left out and long lines cut."""
    lines = dict.fromkeys(line.rstrip()[:width] for line in output.splitlines() if line.strip())
    shown = [line for line in lines if not line.startswith("WARNING: Location")][-count:]
    return "\n".join("  | " + re.sub(r"\w+://\S+", "<address>", line) for line in shown)


def explain(output: str) -> str:
    """Return the cause, what was seen of the settings, and the last lines of pip's output."""
    found = (cause.meaning for cause in CAUSES if cause.traces.search(output))
    return "\n".join((next(found, UNKNOWN), settings(os.environ), here(), last_lines(output)))
