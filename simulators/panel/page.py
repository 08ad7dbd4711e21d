"""The page as HTML, in the language asked for."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from simulators.crew import SERVICES
from simulators.fleet import Fleet
from simulators.panel.cards import URGENT, rooms
from simulators.plan import Plan

LANGUAGES = ("nb", "nn", "en")
_HERE = Path(__file__).parent
_LOOKS_LIKE = {
    **dict.fromkeys(("gt06", "teltonika", "h02", "watch"), "gps"),
    "nuki": "lock",
    "seat": "device",
}
_LOOKS_LIKE |= dict.fromkeys(("nurse", "ward", "lorabutton"), "button") | {"loradoor": "door"}
_LOOKS_LIKE |= dict.fromkeys(("phone", "owntracks"), "mobile")
"""Families that are drawn as another one."""


@cache
def texts(language: str) -> Mapping[str, Any]:
    """The catalogue of a language."""
    found: Mapping[str, Any] = json.loads(
        (_HERE / "text" / f"{language}.json").read_text(encoding="utf-8")
    )
    return found


def render(
    language: str, plan: Plan, fleet: Fleet, hub_web: str, *, with_crew: bool = False
) -> str:
    """The whole page; every text comes from the catalogue or the municipality file."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            t=texts(language),
            language=language,
            languages=[(code, texts(code)["language"]) for code in LANGUAGES],
            plan=plan,
            rooms=rooms(plan, fleet),
            urgent=URGENT,
            icon=_icon,
            hub_web=hub_web,
            with_crew=with_crew,
            services=SERVICES,
            texts_json=json.dumps(texts(language), ensure_ascii=False),
        )
    )


def _icon(family: str) -> str:
    """Return the drawing of a family; a plain device where it has none of its own."""
    name = _LOOKS_LIKE.get(family, family)
    return name if name in _drawn() else "device"


@cache
def _drawn() -> frozenset[str]:
    text = (_HERE / "static" / "icons.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z0-9]+)"', text))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
