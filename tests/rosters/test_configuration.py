"""The roster sections of the municipality file: checked, turned into items and back, and told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.configuration.describe import describe
from hub.configuration.difference import difference
from hub.configuration.export import to_yaml
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import words
from hub.journal.port import Record
from hub.rosters.duty import registry_of
from routing import facts
from routing.evolve import evolve
from routing.instant import MINUTE, from_datetime, from_rfc3339, to_datetime
from routing.roster import on_duty
from routing.snapshot import restore, take
from routing.state import State
from tests.rosters.entries import MINUTES, rosters
from tests.rosters.oracle import Entries

WAYS = 'channels: [{webhook: {url: "https://phone.example/"}}]'
SOURCE = """\
municipality: {id: m, name: M, default_policy: p, language: en}
units: [{id: north, name: North}, {id: south, name: South}]
teams: [{id: home, name: Home, unit: north}, {id: away, name: Away, unit: south}]
people:
  - {id: kari, name: Kari, roles: [staff], teams: [home], competences: [medication], WAYS}
  - {id: ola, name: Ola, roles: [staff], teams: [away], WAYS}
policies:
  - {id: p, steps: [{call: [{on_duty: home}], wait: 60 s}], fallback: [{person: ola}]}
rotations:
  - id: r
    team: home
    anchor: 2026-11-23
    weeks: 2
    turns:
      - {week: 1, people: [kari], from: "07:00", to: "15:00"}
      - {week: 2, people: [ola], weekdays: [mon, tue], from: "22:00", to: "07:00"}
overrides:
  - {id: o, team: home, people: [ola], from: 2026-12-24T15:00, to: 2026-12-25T07:00}
swaps:
  - {id: w, team: home, day: 2026-11-24, gives: kari, takes: ola, from: "07:00"}
absences:
  - {id: a, person: kari, from: 2026-12-01, to: "2026-12-08 12:00"}
needs:
  - {id: n, team: home, people: 2, competence: medication, from: "08:00", to: "20:00"}
""".replace("WAYS", WAYS)


def codes(source: str) -> list[tuple[str, int]]:
    checked = check(source)
    return [(p.code, checked.line(p)) for p in checked.problems if p.code not in _ODD]


_ODD = {"one_person", "one_person_ever", "never_called"}


def file() -> MunicipalityFile:
    found = check(SOURCE)
    assert found.file is not None, found.lines("f", "en")
    return found.file


def test_the_sample_is_sound() -> None:
    assert codes(SOURCE) == []
    (absence,) = file().absences
    assert (absence.start, absence.end) == ("2026-12-01T00:00", "2026-12-08T12:00")


def test_a_person_of_another_unit_is_on_duty_where_she_is_written() -> None:
    registry = registry_of(file())
    assert "home" not in registry.people["ola"].teams
    assert on_duty(registry, "home", from_rfc3339("2026-12-24T20:00:00Z")) == ("ola",)
    assert on_duty(registry, "home", from_rfc3339("2026-11-24T10:00:00Z")) == ("ola",)
    assert on_duty(registry, "home", from_rfc3339("2026-11-23T10:00:00Z")) == ("kari",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("anchor: 2026-11-23", "anchor: 23.11.2026", [("bad_day", 12)]),
        ("to: 2026-12-25T07:00", "to: 2026-12-24T15:00", [("bad_order", 18)]),
        ("to: 2026-12-25T07:00", "to: 2026-12-23T07:00", [("bad_order", 18)]),
        ("to: 2026-12-25T07:00", "to: 2026-12-25T07:00Z", [("bad_local", 18)]),
        ("to: 2026-12-25T07:00", "to: Christmas", [("bad_local", 18)]),
        ("week: 2", "week: 3", [("bad_week", 10)]),
        ("people: [kari], from", "people: [kari, nils], from", [("dangling", 15)]),
        ("takes: ola", "takes: olga", [("dangling_near", 20)]),
        ("gives: kari", "gives: olga", [("dangling_near", 20)]),
        ("{id: a, person: kari", "{id: a, person: olga", [("dangling_near", 22)]),
        ("team: home, people: 2", "team: hom, people: 2", [("dangling_near", 24)]),
        ("{id: o, team: home,", "{id: o, team: home, mode: extra, replaces: [kari],",
         [("bad_extra", 18)]),
        ("gives: kari, takes: ola", "gives: kari, takes: kari", [("swap_self", 20)]),
        ("swaps:\n", "swaps:\n  - {id: w2, team: home, day: 2026-11-24, gives: kari, "
         "takes: ola}\n",
         [("swap_twice", 21)]),
        ("overrides:\n", "overrides:\n  - {id: o2, team: home, from: 2026-12-25T00:00, "
         "to: 2026-12-26}\n", [("override_twice", 19)]),
        ("day: 2026-11-24", "day: 2026-12-01", [("swap_nothing", 20)]),
        ('takes: ola, from: "07:00"', 'takes: ola, from: "07:30"', [("swap_nothing", 20)]),
        ('kari, from: 2026-12-01, to: "2026-12-08 12:00"', "ola, from: 2026-11-24T14:59, to: "
         "2026-11-25", [("swap_absent", 20)]),
        ('kari, from: 2026-12-01, to: "2026-12-08 12:00"', "ola, from: 2026-11-24T15:00, to: "
         "2026-11-25", []),
        ('2026-11-24, gives: kari, takes: ola, from: "07:00"', "2026-11-30, gives: ola, takes: "
         "kari", [("swap_absent", 20)]),
        ("people: [ola], from: 2026-12-24T15:00", "people: [kari], from: 2026-12-07T15:00",
         [("override_absent", 18)]),
        ("weeks: 2", "weeks: 2\n    last_day: 2027-01-01", [("roster_ends", 3)]),
        ("weeks: 2", "weeks: 2\n    first_day: 2027-01-02\n    last_day: 2027-01-01",
         [("bad_order", 10)]),
        ("weeks: 2", "weeks: 0", [("invalid", 13)]),
        ("weeks: 2", "weeks: true", [("bad_count", 13)]),
        ("week: 2", "week: true", [("bad_count", 16)]),
        ("team: home, people: 2", "team: home, people: true", [("bad_count", 24)]),
        ("team: home, people: 2", "team: home, people: false", [("bad_count", 24)]),
        ("anchor: 2026-11-23", "anchor: 0001-01-01", [("bad_year", 12)]),
        ("from: 2026-12-24T15:00, to: 2026-12-25T07:00", "from: 0001-01-01, to: 9999-12-31",
         [("bad_year", 18), ("bad_year", 18)]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    old: str, new: str, expected: list[tuple[str, int]]
) -> None:
    assert SOURCE.count(old) == 1
    assert sorted(codes(SOURCE.replace(old, new))) == sorted(expected)


def test_words_say_what_is_wrong_and_what_to_do() -> None:
    again = "  - {id: w2, team: home, day: 2026-11-24, gives: kari, takes: ola}\n"
    checked = check(SOURCE.replace("swaps:\n", "swaps:\n" + again))
    assert checked.lines("f", "en")[0] == (
        "f:21: `w` contradicts `w2` on line 20: the same shift is given away twice. Keep one."
    )


def test_a_rotation_without_a_fallback_must_answer_in_every_week() -> None:
    source = SOURCE.replace(", fallback: [{person: ola}]", "")
    # With a lead, who is told in every round, an absence takes nobody off the count.
    source = source.replace("name: Ola, roles: [staff]", "name: Ola, roles: [staff, lead]")
    (told,) = check(source).errors
    assert words(told, "en").startswith(
        "Policy p: Tuesday 07:00 to Tuesday 22:00"
        if told.params["from_day"] == 1
        else "Policy p: Monday 07:00 to Monday 22:00"
    )
    whole = source.replace('"07:00", to: "15:00"', '"07:00", to: "07:00"').replace(
        '[ola], weekdays: [mon, tue], from: "22:00"', '[ola], from: "07:00"'
    )
    assert check(whole).errors == []


ROWS = st.fixed_dictionaries(
    {
        "week": st.integers(1, 3),
        "people": st.just(["kari"]),
        "weekdays": st.lists(
            st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
            min_size=1,
            unique=True,
        ),
        "from": MINUTES.map(lambda m: f"{m // 60:02}:{m // 15 * 15 % 60:02}"),
        "to": MINUTES.map(lambda m: f"{m // 60:02}:{m // 15 * 15 % 60:02}"),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), st.integers(0, 20))
def test_a_cycle_is_refused_exactly_when_a_walk_through_it_finds_nobody(
    turns: list[dict[str, Any]], days_later: int
) -> None:
    other = [{"week": 1, "people": ["ola"], "weekdays": ["mon"], "from": "00:00", "to": "00:00"}]
    later = (to_datetime(from_rfc3339("2026-11-16T12:00Z")) + timedelta(days=days_later)).date()
    made = MunicipalityFile.model_validate(
        {
            "municipality": {"id": "m", "name": "M", "timezone": "UTC", "default_policy": "p"},
            "teams": [{"id": "home", "name": "H"}],
            "people": [{"id": p, "name": p, "roles": ["staff"]} for p in ("kari", "ola")],
            "policies": [{"id": "p", "steps": [{"call": [{"on_duty": "home"}], "wait": "60 s"}]}],
            "rotations": [
                {"id": "r", "team": "home", "anchor": "2026-11-16", "weeks": 3, "turns": turns},
                {"id": "q", "team": "home", "anchor": later.isoformat(), "weeks": 2,
                 "turns": other},
            ],
        }
    )  # fmt: skip
    registry = registry_of(made)
    start = from_rfc3339("2026-11-16T00:00Z")
    walk = range(start, start + 6 * 7 * 1440 * MINUTE, 15 * MINUTE)
    answered = all(on_duty(registry, "home", at) for at in walk)
    from hub.configuration.coverage import unanswered

    assert [p.code for p in unanswered(made)] == ([] if answered else ["nobody"])


# -- there and back --------------------------------------------------------------------------------


def with_roster(entries: Entries) -> MunicipalityFile:
    """A file with the items of a random roster, made by describing them."""
    from hub.configuration.entry import Weekday
    from hub.configuration.roster_items import DESCRIBED
    from hub.configuration.scalars import time_text

    days = list(Weekday)
    content: dict[str, Any] = {
        "municipality": {"id": "m", "name": "M", "timezone": entries.zone.key,
                         "default_policy": "p"},
        "teams": [{"id": t, "name": t} for t in ("home", "night")],
        "people": [{"id": p, "name": p, "roles": ["staff"]}
                   for p in ("anna", "berit", "carl", "dag")],
        "policies": [{"id": "p", "steps": [{"call": [{"person": "anna"}], "wait": "60 s"}]}],
        "shifts": [
            {"id": s.id, "team": s.team, "people": s.people,
             "weekdays": [days[d] for d in s.weekdays], "from": time_text(s.from_minute),
             "to": time_text(s.to_minute)}
            for s in entries.shifts if s.people
        ],
    }  # fmt: skip
    for section, (_, how) in DESCRIBED.items():
        listed = [i for i in getattr(entries, section, ()) if _can_be_written(i)]
        content[section] = [{"id": i.id, **how(i)} for i in listed]
    return MunicipalityFile.model_validate(content)


def _can_be_written(item: Any) -> bool:
    """What the file's own rules would refuse."""
    if hasattr(item, "turns"):
        ordered = (item.first_day or "0") <= (item.last_day or "9")
        rows = all(t.people and t.week < item.weeks for t in item.turns)
        return bool(item.turns) and rows and ordered
    if getattr(item, "mode", "") == "extra":
        return bool(item.people) and not item.replaces
    return True


@settings(max_examples=40, deadline=None)
@given(rosters())
def test_file_facts_snapshot_export_and_file_again(made: tuple[Entries, int]) -> None:
    wanted = with_roster(made[0])
    state = State()
    bodies = compile(wanted).documents
    for change in difference(state.registry, nothing, compile(wanted), b"k", "file").changes:
        stored = facts.decode(facts.encode(change))
        state = evolve(state, Record(state.seq + 1, 0, stored))
    assert restore(take(state)) == state
    described = describe(state.registry, lambda kind, id: bodies.get((kind, id)))
    assert described == wanted
    again = MunicipalityFile.model_validate(_loaded(to_yaml(described)))
    assert again == wanted
    kept = compile(again)
    found = difference(state.registry, lambda *where: bodies.get(where), kept, b"k", "file")
    assert not found


def nothing(kind: str, id: str) -> bytes | None:
    """There are no documents yet."""
    return None


def _loaded(text: str) -> Any:
    from hub.configuration.load import load

    return load(text).data


def test_a_removed_entry_is_a_removed_item() -> None:
    state = State()
    for change in difference(state.registry, nothing, compile(file()), b"k", "file").changes:
        state = evolve(state, Record(state.seq + 1, 0, change))
    less = file().model_copy(update={"swaps": (), "needs": ()})
    found = difference(
        state.registry, lambda *at: compile(file()).documents.get(at), compile(less), b"k", "file"
    )
    assert [line[:3] for line in found.lines()] == [
        ("removed", "need", "n"),
        ("removed", "swap", "w"),
    ]


def test_instants_of_the_file_are_of_its_own_zone() -> None:
    there = SOURCE.replace("name: M,", "name: M, timezone: Australia/Lord_Howe,")
    found = check(there).file
    assert found is not None
    begins = from_rfc3339("2026-12-24T04:00:00Z")  # 15:00 at +11:00
    assert on_duty(registry_of(found), "home", begins) == ("ola",)
    assert on_duty(registry_of(found), "home", begins - MINUTE) == ("kari",)
    assert from_datetime(to_datetime(begins)) == begins


def test_the_documents_sample_is_the_one_that_is_sound() -> None:
    text = (Path(__file__).parents[2] / "docs" / "rosters.md").read_text("utf-8")
    yaml = text.split("```yaml\n")[1].split("```")[0]
    head = SOURCE.partition("rotations:")[0]
    assert codes(head + yaml) == []
