"""Values inside SIP header fields (RFC 3261, 20 and 25): Via, name-addr, URI, parameters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_VIA = re.compile(
    r"^SIP\s*/\s*2\.0\s*/\s*(?P<transport>\w+)\s+(?P<host>\[[^\]]+\]|[^\s;:,]+)"
    r"(?:\s*:\s*(?P<port>\d{1,5}))?\s*(?P<params>;.*)?$",
    re.IGNORECASE,
)
_URI = re.compile(
    r"^sips?:(?:(?P<user>[^@:;?]*)(?::[^@]*)?@)?(?P<host>\[[^\]]+\]|[^\s;:?@]+)"
    r"(?::(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)
_DISPLAY_NAME = re.compile(r'^\s*"(?:[^"\\]|\\.)*"')
_UNSAFE = re.compile(r'[\s<>"]')
_LAST_PORT = 65_535
_PAIRS = {'"': '"', "<": ">"}


def _port(text: str | None) -> int | None:
    """Return a port that can be used; one that cannot counts as none."""
    port = int(text) if text else 0
    return port if 0 < port <= _LAST_PORT else None


def split_outside(value: str, separator: str) -> Iterator[str]:
    """Split at a separator that is neither quoted nor inside angle brackets."""
    closing, start, escaped = "", 0, False
    for index, char in enumerate(value):
        if escaped:
            escaped = False
        elif closing:
            escaped = char == "\\" and closing == '"'
            closing = "" if char == closing else closing
        elif char in _PAIRS:
            closing = _PAIRS[char]
        elif char == separator:
            yield value[start:index].strip()
            start = index + 1
    yield value[start:].strip()


def parse_params(text: str) -> dict[str, str]:
    """Read `;a=1;b` into lower-case names and their values, empty where there is none."""
    params: dict[str, str] = {}
    for part in split_outside(text, ";"):
        name, _, value = part.partition("=")
        if name.strip():
            params.setdefault(name.strip().lower(), value.strip().strip('"'))
    return params


@dataclass(frozen=True, slots=True)
class Via:
    """One hop of the way a request came."""

    transport: str
    host: str
    port: int | None
    params: dict[str, str]


def parse_via(value: str) -> Via | None:
    """Read one Via value; None when it is none."""
    match = _VIA.match(value.strip())
    if match is None:
        return None
    port = _port(match["port"])
    params = parse_params(match["params"] or "")
    return Via(match["transport"].upper(), match["host"], port, params)


@dataclass(frozen=True, slots=True)
class SipUri:
    """The parts of a sip: URI that decide where a message goes; `user` may be empty."""

    user: str
    host: str
    port: int | None


def parse_uri(text: str) -> SipUri | None:
    """Read a sip or sips URI; None when it is another scheme or broken."""
    match = _URI.match(text)
    if match is None or _UNSAFE.search(text):
        return None
    return SipUri(unquote(match["user"] or ""), match["host"], _port(match["port"]))


def parse_name_addr(value: str) -> tuple[str, dict[str, str]]:
    """Return the URI text and the header parameters of a From, To or Contact value."""
    head, bracket, rest = _DISPLAY_NAME.sub("", value).partition("<")
    if bracket:
        uri, _, params = rest.partition(">")
        return uri.strip(), parse_params(params)
    uri, _, params = head.partition(";")
    return uri.strip(), parse_params(params)


def user_of(value: str) -> str:
    """Return the user part of a From or To value, or an empty text."""
    uri = parse_uri(parse_name_addr(value)[0])
    return "" if uri is None else uri.user
