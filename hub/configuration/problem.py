"""What is wrong in a file, as code, place and parameters; the catalogue makes words of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.configuration.scalars import time_text
from hub.text import Language, catalogue

Path = tuple[str | int, ...]
"""Where in the file: keys and indexes from the top, `("people", 2, "roles")`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or (`warning`) only odd. `check.<code>` is its text."""

    code: str
    path: Path = ()
    params: Mapping[str, str | int] = field(default_factory=dict)
    warning: bool = False
    line: int | None = None
    """Set where the place is no path: broken YAML, a key that stands twice."""
    first: Path | None = None
    """The other place, of what stands in two; its line becomes the parameter `first`."""


_DAY_PARAMETERS = ("from_day", "to_day")
_MINUTE_PARAMETERS = ("from_minute", "to_minute")


def words(problem: Problem, language: Language, **more: str | int) -> str:
    """Return the problem in the reader's language: what is wrong and what to do."""
    say = catalogue(language)
    params: dict[str, str | int] = {**problem.params, **more}
    for name in _DAY_PARAMETERS:
        if name in params:
            params[name] = say(f"check.day.{params[name]}")
    for name in _MINUTE_PARAMETERS:
        if name in params:
            params[name] = time_text(int(params[name]))
    return say(f"check.{problem.code}", **params)
