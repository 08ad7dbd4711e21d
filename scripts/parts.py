"""The system parts that tests need beside Python packages, and how to see that they are there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# Debian puts servers where an ordinary user's PATH does not look.
SERVER_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")


class Part(NamedTuple):
    """A part of the system, the Debian package that brings it, and its presence."""

    name: str
    debian_package: str
    present: Callable[[], bool]


def _mosquitto() -> bool:
    return shutil.which("mosquitto", path=SERVER_PATH) is not None


def _chromium() -> bool:
    return shutil.which("chromium") is not None


def _fonts() -> bool:
    return any(
        next(Path(folder).rglob("DejaVuSans.ttf"), None) is not None for folder in FONT_FOLDERS
    )


def _sipp() -> bool:
    return shutil.which("sipp") is not None


PARTS = {
    part.name: part
    for part in (
        Part("mosquitto", "mosquitto", _mosquitto),
        Part("chromium", "chromium", _chromium),
        Part("fonts", "fonts-dejavu-core", _fonts),
        Part("sipp", "sip-tester", _sipp),
    )
}
