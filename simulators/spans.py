"""Spans of time and faults as they are written on a command line."""

import argparse
import re

from simulators.troubles import TROUBLES, Trouble

_UNITS_S = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(\d+) ?(s|min|m|h|d)")


def span_s(text: str) -> int:
    """Return `30min`, `24h`, `7d` in seconds."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text} is no span of time: write 30min, 24h or 7d")
    return int(match[1]) * _UNITS_S[match[2]]


def trouble(text: str) -> Trouble:
    """Return `power-cut:at=2h,for=6h,area=1` as a fault; all but the name may be left out."""
    name, _, rest = text.partition(":")
    if name not in TROUBLES:
        raise argparse.ArgumentTypeError(f"no fault {name}: there are {', '.join(TROUBLES)}")
    said = dict(part.partition("=")[::2] for part in rest.split(",") if part)
    if unknown := set(said) - {"at", "for", "area"}:
        raise argparse.ArgumentTypeError(f"{name} has no {', '.join(sorted(unknown))}")
    if not said.get("area", "0").isdecimal():
        raise argparse.ArgumentTypeError(f"{said['area']} is no area: give its number")
    return Trouble(
        name,
        at_s=span_s(said["at"]) if "at" in said else 0,
        for_s=span_s(said["for"]) if "for" in said else TROUBLES[name][1],
        area=int(said.get("area", "0")),
    )
