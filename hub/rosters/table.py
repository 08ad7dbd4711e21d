"""CSV (RFC 4180, also with semicolons): columns person, team, from, to, kind.

`person` is an id or a full name; `from` and `to` are local times, 2026-12-24T15:00; `kind` is duty
(or nothing) or absence, and an absence has no team.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO

from hub.configuration.roster_entries import YEARS
from hub.rosters.spell import People, Place, Read, Refused, Spell

COLUMNS = ("person", "team", "from", "to", "kind")
_KINDS = {"": True, "duty": True, "absence": False}


def read(text: str, people: People, teams: Sequence[str]) -> Read:
    """Return what the table says, and all that is wrong in it, row by row."""
    plain = text.removeprefix("\ufeff")
    head = plain.partition("\n")[0]
    rows = csv.DictReader(StringIO(plain, newline=""), delimiter=";" if ";" in head else ",")
    found = tuple(name.strip().casefold() for name in rows.fieldnames or ())
    if found != COLUMNS:
        return Read([], [Refused("bad_columns", Place(1), columns=", ".join(COLUMNS))])
    rows.fieldnames = list(COLUMNS)
    spells = Read()
    try:
        for row in rows:
            _row(row, Place(rows.line_num), people, teams, spells)
    except csv.Error as error:
        place = Place(rows.line_num)
        spells.refused.append(Refused("bad_value", place, value=str(error), column="csv"))
    return spells


def _row(
    row: Mapping[str, str | None], place: Place, people: People, teams: Sequence[str], into: Read
) -> None:
    try:
        into.spells.append(_spell(row, place, people, teams))
    except Refused as refused:
        into.refused.append(refused)


def _spell(
    row: Mapping[str, str | None], place: Place, people: People, teams: Sequence[str]
) -> Spell:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if None in row or values["kind"] not in _KINDS:
        raise Refused("bad_value", place, value=values["kind"], column="kind")
    on_duty = _KINDS[values["kind"]]
    if (values["team"] not in teams) if on_duty else values["team"]:
        raise Refused("bad_value", place, value=values["team"], column="team")
    start, end = (_local(values[name], name, place) for name in ("from", "to"))
    if end <= start:
        raise Refused("ends_before", place, first=start, last=end)
    person = people.find([values["person"]], place)
    return Spell(person, values["team"] if on_duty else None, start, end, place)


def _local(value: str, column: str, place: Place) -> str:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Refused("bad_value", place, value=value, column=column) from None
    exact = found.tzinfo is None and not found.second and not found.microsecond
    if not exact or found.year not in YEARS:
        raise Refused("bad_value", place, value=value, column=column)
    return found.isoformat(timespec="minutes")


def write(rows: Iterator[tuple[str, str, str, str]]) -> str:
    """Return the table of (person, team, from, to), all of them duty."""
    out = StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    table.writerows((*row, "duty") for row in rows)
    return out.getvalue()
