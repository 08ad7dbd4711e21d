"""The page as HTML, in the language asked for."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from simulators.plan import Plan

LANGUAGES = ("nb", "nn", "en")
_HERE = Path(__file__).parent
_URGENT = {"press", "fall", "sos", "miss", "leave_zone"}
"""What calls people: drawn with weight."""


@cache
def texts(language: str) -> Mapping[str, Any]:
    """The catalogue of a language."""
    found: Mapping[str, Any] = json.loads(
        (_HERE / "text" / f"{language}.json").read_text(encoding="utf-8")
    )
    return found


def render(language: str, plan: Plan, actions: Mapping[str, Iterable[str]], hub_web: str) -> str:
    """The whole page; every text comes from the catalogue or the municipality file."""
    return (
        _environment()
        .get_template("page.html")
        .render(
            t=texts(language),
            language=language,
            languages=[(code, texts(code)["language"]) for code in LANGUAGES],
            plan=plan,
            actions=actions,
            urgent=_URGENT,
            hub_web=hub_web,
            texts_json=json.dumps(texts(language), ensure_ascii=False),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
