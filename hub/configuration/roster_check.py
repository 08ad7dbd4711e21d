"""What is wrong or odd in the roster sections: references, contradictions, a roster that ends."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from hub.configuration.entry import Weekday
from hub.configuration.model import MunicipalityFile, ShiftEntry
from hub.configuration.problem import Path, Problem
from hub.configuration.roster_entries import AbsenceEntry, OverrideEntry, SwapEntry, TurnEntry
from hub.configuration.scalars import time_text

_DAYS = list(Weekday)
Reference = tuple[Path, str, str]
Places = Mapping[Path, Path]


def references(file: MunicipalityFile) -> Iterator[Reference]:
    """Yield (place, section, id) for what the entries name."""
    for section in ("rotations", "overrides", "swaps", "needs"):
        for i, entry in enumerate(getattr(file, section)):
            yield (section, i, "team"), "teams", entry.team
    for i, rotation in enumerate(file.rotations):
        for n, turn in enumerate(rotation.turns):
            yield from _people(("rotations", i, "turns", n, "people"), turn.people)
    for i, override in enumerate(file.overrides):
        yield from _people(("overrides", i, "people"), override.people)
        yield from _people(("overrides", i, "replaces"), override.replaces)
    for i, swap in enumerate(file.swaps):
        yield ("swaps", i, "gives"), "people", swap.gives
        yield ("swaps", i, "takes"), "people", swap.takes
    for i, absence in enumerate(file.absences):
        yield ("absences", i, "person"), "people", absence.person


def _people(path: Path, people: Iterable[str]) -> Iterator[Reference]:
    yield from (((*path, n), "people", person) for n, person in enumerate(people))


def contradictions(file: MunicipalityFile, at: Places) -> Iterator[Problem]:
    """Yield entries that cannot both be meant. `at` maps paths to the file's own."""
    yield from _swaps(file.swaps, at)
    by_team: dict[str, list[tuple[int, OverrideEntry]]] = {}
    for i, one in enumerate(file.overrides):
        if one.mode == "instead":
            for n, other in by_team.get(one.team, ()):
                if _same_time(one, other) and _same_people(one, other):
                    params = {"id": one.id, "other": other.id}
                    yield _twice("override_twice", ("overrides", i), ("overrides", n), params, at)
            by_team.setdefault(one.team, []).append((i, one))


def _swaps(swaps: Iterable[SwapEntry], at: Places) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], list[tuple[int, SwapEntry]]] = {}
    for i, one in enumerate(swaps):
        if one.gives == one.takes:
            path: Path = ("swaps", i)
            params = {"id": one.id, "person": one.gives}
            yield Problem("swap_self", at.get(path, path), params)
        earlier = seen.setdefault((one.team, one.day, one.gives), [])
        for n, other in earlier:
            if None in {one.start, other.start} or one.start == other.start:
                params = {"id": one.id, "other": other.id}
                yield _twice("swap_twice", ("swaps", i), ("swaps", n), params, at)
        earlier.append((i, one))


def _twice(code: str, here: Path, there: Path, params: dict[str, str], at: Places) -> Problem:
    return Problem(code, at.get(here, here), params, first=at.get(there, there))


def _same_time(one: OverrideEntry, other: OverrideEntry) -> bool:
    return one.start < other.end and other.start < one.end


def _same_people(one: OverrideEntry, other: OverrideEntry) -> bool:
    named = set(one.replaces) & set(other.replaces)
    return bool(named) or not one.replaces or not other.replaces


def oddities(file: MunicipalityFile, at: Places) -> Iterator[Problem]:
    """Yield warnings: a swap of a shift that is not there, a duty in an absence, an end."""
    for i, swap in enumerate(file.swaps):
        path: Path = ("swaps", i)
        swapped = _swapped(file, swap)
        if not swapped:
            params = {"id": swap.id, "person": swap.gives, "day": swap.day}
            yield Problem("swap_nothing", at.get(path, path), params, warning=True)
        for absence in file.absences:
            if absence.person == swap.takes and any(_meets(absence, on) for on in swapped):
                params = {"id": swap.id, "person": swap.takes, "other": absence.id}
                yield Problem("swap_absent", at.get(path, path), params, warning=True)
    for i, override in enumerate(file.overrides):
        for absence in file.absences:
            away = absence.person in override.people
            if away and _meets(absence, (override.start, override.end)):
                params = {"id": override.id, "person": absence.person, "other": absence.id}
                path = ("overrides", i)
                yield Problem("override_absent", at.get(path, path), params, warning=True)
    yield from _ending(file, at)


def _ending(file: MunicipalityFile, at: Places) -> Iterator[Problem]:
    ends: dict[str, str] = {}
    plans = [(shift.team, shift.last_day) for shift in file.shifts]
    for team_id, day in (*plans, *((r.team, r.last_day) for r in file.rotations)):
        ends[team_id] = max(ends.get(team_id, ""), day or "9999")
    for i, team in enumerate(file.teams):
        last_day = ends.get(team.id, "9999")
        if last_day != "9999":
            params = {"team": team.id, "day": last_day}
            path: Path = ("teams", i)
            yield Problem("roster_ends", at.get(path, path), params, warning=True)


def _swapped(file: MunicipalityFile, swap: SwapEntry) -> list[tuple[str, str]]:
    """Return the local times from which until which the swapped shifts last."""
    day = date.fromisoformat(swap.day)
    rows: list[ShiftEntry | TurnEntry] = [
        s for s in file.shifts if s.team == swap.team and _lasts(s, swap.day)
    ]
    rows += [
        t
        for r in file.rotations
        if r.team == swap.team and _lasts(r, swap.day)
        for t in r.turns
        if _week(r.anchor, day) % r.weeks == t.week - 1
    ]
    return [_times(row, day) for row in rows if _gives(row, swap, day)]


def _times(row: ShiftEntry | TurnEntry, day: date) -> tuple[str, str]:
    last = day if row.end > row.start else day + timedelta(days=1)
    return f"{day}T{time_text(row.start)}", f"{last}T{time_text(row.end)}"


def _meets(absence: AbsenceEntry, on: tuple[str, str]) -> bool:
    return absence.start < on[1] and on[0] < absence.end


def _lasts(one: object, day: str) -> bool:
    first, last = getattr(one, "first_day", None), getattr(one, "last_day", None)
    return (first or "") <= day <= (last or "9999")


def _week(anchor: str, day: date) -> int:
    start = date.fromisoformat(anchor)
    return (day.toordinal() - 1) // 7 - (start.toordinal() - 1) // 7


def _gives(row: ShiftEntry | TurnEntry, swap: SwapEntry, day: date) -> bool:
    starts = swap.start is None or swap.start == row.start
    return starts and swap.gives in row.people and _DAYS[day.weekday()] in row.weekdays
