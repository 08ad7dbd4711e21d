"""Install what the tests need beside Python: `python -m scripts.system`.

On Debian and its kin, as root or with sudo. Elsewhere it says what is missing, and the tiers that
need it are left out and named by `scripts.tiers`. Always exits 0: the verdict is the tiers'.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.parts import PARTS, Part


def privileged() -> list[str] | None:
    """Return the words before a command that needs root; None when there is no way to it."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    ask = [] if sys.stdin.isatty() else ["-n"]
    return ["sudo", *ask]


def apt_get(prefix: list[str], *arguments: str) -> bool:
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", *arguments]
    log = Path(".venv") / "apt.log"
    with log.open("a") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        print(f"`{' '.join(command)}` failed; see {log}", file=sys.stderr)
    return done.returncode == 0


def install(missing: list[Part]) -> None:
    packages = [part.debian_package for part in missing]
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        print(f"Not Debian: install by hand what is missing ({names}).", file=sys.stderr)
        return
    prefix = privileged()
    if prefix is None:
        print(f"Neither root nor sudo: ask for `apt-get install {names}`.", file=sys.stderr)
        return
    print(f"installing {names} ...", flush=True)
    if apt_get(prefix, "update"):
        apt_get(prefix, "install", "-y", "--no-install-recommends", *packages)


def main() -> int:
    missing = [part for part in PARTS.values() if not part.present()]
    if missing:
        install(missing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
