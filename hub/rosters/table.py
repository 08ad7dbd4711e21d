"""CSV (RFC 4180, also with semicolons): columns person, team, from, to, kind.

`person` is an id or a full name; `from` and `to` are local times, 2026-12-24T15:00 or, as Norwegian
spreadsheets write them, 24.12.2026 15:00; `kind` is duty (or nothing) or absence, and an absence
has no team.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from io import StringIO

from hub.configuration.roster_entries import YEARS
from hub.rosters.spell import People, Place, Read, Refused, Spell

COLUMNS = ("person", "team", "from", "to", "kind")
_KINDS = {"": True, "duty": True, "absence": False}
_NORWEGIAN = ("%d.%m.%Y %H:%M", "%d.%m.%Y")
"""With points it is always the day that comes first; with slashes nobody can know."""


def read(text: str, people: People, teams: Sequence[str]) -> Read:
    """Return what the table says, and all that is wrong in it, row by row."""
    plain = text.removeprefix("\ufeff")
    head = plain.partition("\n")[0]
    # Strict: a quote that is never closed would take the rest of the table into its cell.
    delimiter = ";" if ";" in head else ","
    rows = csv.DictReader(StringIO(plain, newline=""), delimiter=delimiter, strict=True)
    spells, row_at = Read(), 1
    try:
        found = tuple(name.strip().casefold() for name in rows.fieldnames or ())
        if found != COLUMNS:
            return Read([], [Refused("bad_columns", Place(1), columns=", ".join(COLUMNS))])
        rows.fieldnames = list(COLUMNS)
        row_at = rows.line_num + 1
        for row in rows:
            _row(row, Place(rows.line_num), people, teams, spells)
            row_at = rows.line_num + 1
    except csv.Error as error:
        spells.refused.append(Refused("bad_table", Place(row_at), what=str(error)))
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
    if None in row:
        raise Refused("too_many_cells", place, columns=", ".join(COLUMNS))
    team = _team(values["kind"], values["team"], place, teams)
    start, end = (_local(values[name], name, place) for name in ("from", "to"))
    if end <= start:
        raise Refused("ends_before", place, first=start, last=end)
    person = people.find([values["person"]], place)
    return Spell(person, team, start, end, place)


def _team(kind: str, team: str, place: Place, teams: Sequence[str]) -> str | None:
    """Return the team of a duty, None for an absence."""
    if kind not in _KINDS:
        raise Refused("bad_kind", place, value=kind)
    if not _KINDS[kind]:
        if team:
            raise Refused("absence_with_team", place, value=team)
        return None
    if team not in teams:
        raise Refused("bad_team", place, value=team, known=", ".join(teams))
    return team


def _local(value: str, column: str, place: Place) -> str:
    found = _time(value)
    if found is None or found.year not in YEARS or _is_finer(found):
        raise Refused("bad_local", place, value=value, column=column)
    return found.isoformat(timespec="minutes")


def _time(value: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(value)
    for form in _NORWEGIAN:
        with suppress(ValueError):
            return datetime.strptime(value, form)  # noqa: DTZ007 a local time
    return None


def _is_finer(found: datetime) -> bool:
    """Whether it says more than a local minute."""
    return found.tzinfo is not None or found.second > 0 or found.microsecond > 0


def write(rows: Iterator[tuple[str, str, str, str]]) -> str:
    """Return the table of (person, team, from, to), all of them duty."""
    out = StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    table.writerows((*row, "duty") for row in rows)
    return out.getvalue()
