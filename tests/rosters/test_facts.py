"""The stored form of roster items: a line of each in tests/data/facts_roster.json, for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from routing.duty import Absence, Need, Override, Rotation, Swap, Turn
from routing.facts import ConfigurationSet, decode, encode
from routing.municipality import Shift

GOLDEN = json.loads(Path(__file__).parents[1].joinpath("data", "facts_roster.json").read_text())
ITEMS = (
    Shift(
        id="ends",
        team="home",
        people=("anna",),
        weekdays=(0,),
        from_minute=420,
        to_minute=900,
        first_day="2026-11-23",
        last_day="2027-06-30",
    ),
    Rotation(
        id="r",
        team="home",
        anchor="2026-11-23",
        weeks=2,
        turns=(
            Turn(week=1, people=("anna", "berit"), weekdays=(5, 6), from_minute=0, to_minute=0),
        ),
        first_day="2026-11-23",
        last_day="2027-06-30",
    ),
    Override(
        id="o",
        team="home",
        people=("carl",),
        from_local="2026-12-24T15:00",
        to_local="2026-12-25T07:00",
        mode="extra",
        replaces=("anna",),
    ),
    Override(
        id="offer-1",
        team="home",
        people=("carl",),
        from_local="2026-12-24T15:00",
        to_local="2026-12-25T07:00",
        mode="extra",
        offer="simby-1",
    ),
    Swap(id="w", team="home", day="2026-11-24", gives="anna", takes="berit", from_minute=420),
    Absence(id="a", person="anna", from_local="2026-12-01T00:00", to_local="2026-12-08T12:00"),
    Need(
        id="n",
        team="home",
        people=2,
        competence="medication",
        weekdays=(0, 1),
        from_minute=420,
        to_minute=1320,
    ),
)
EVERY = [ConfigurationSet(item=item, author="file") for item in ITEMS]


@pytest.mark.parametrize(("golden", "fact"), list(zip(GOLDEN, EVERY, strict=True)))
def test_the_golden_line_is_read_and_written(
    golden: dict[str, Any], fact: ConfigurationSet
) -> None:
    body = json.dumps(golden["body"]).encode()
    assert decode(body, golden["version"]) == fact
    assert json.loads(encode(fact)) == golden["body"]


def test_a_shift_of_the_first_form_is_stored_as_it_was() -> None:
    old = Shift(id="s", team="t", people=("a",), weekdays=(0,), from_minute=0, to_minute=0)
    stored = json.loads(encode(ConfigurationSet(item=old, author="file")))["item"]
    assert set(stored) == {"item", "id", "team", "people", "weekdays", "from_minute", "to_minute"}
