"""Spells into the municipality file: overrides and absences of one import, by its name.

An import replaces what an earlier import of the same name has brought, so that a calendar can be
read again and again.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.configuration.model import MunicipalityFile
from hub.configuration.roster_entries import AbsenceEntry, OverrideEntry
from hub.rosters.spell import Spell


def take_over(file: MunicipalityFile, spells: Iterable[Spell], name: str) -> MunicipalityFile:
    """Return the file with the spells in place of the earlier import called `name`."""
    overrides = [o for o in file.overrides if not _is_of(name, o.id)]
    absences = [a for a in file.absences if not _is_of(name, a.id)]
    for spell in spells:
        what = {"id": _id(name, spell), "from": spell.start, "to": spell.end}
        if spell.team is None:
            absences.append(AbsenceEntry.model_validate({**what, "person": spell.person}))
        else:
            duty = {"team": spell.team, "people": [spell.person], "mode": "extra"}
            overrides.append(OverrideEntry.model_validate({**what, **duty}))
    update = {"overrides": tuple(overrides), "absences": tuple(absences)}
    return file.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import does to the earlier one of its name."""

    new: int
    kept: int
    removed: int


def changes(file: MunicipalityFile, spells: Iterable[Spell], name: str) -> Changes:
    """Return how many entries are new, stay as they are, and go."""
    ids = [*(o.id for o in file.overrides), *(a.id for a in file.absences)]
    before = {id for id in ids if _is_of(name, id)}
    after = {_id(name, spell) for spell in spells}
    return Changes(len(after - before), len(after & before), len(before - after))


def emptied(file: MunicipalityFile, spells: Sequence[Spell], name: str) -> dict[str, int]:
    """Return the teams whose whole duty of the earlier import would go without any in its place,
    and how many entries that is; its absences under "" when nothing at all comes."""
    had = [o.team for o in file.overrides if _is_of(name, o.id)]
    had += ["" for a in file.absences if not spells and _is_of(name, a.id)]
    left = {spell.team for spell in spells}
    return {team: had.count(team) for team in dict.fromkeys(had) if team not in left}


def _is_of(name: str, id: str) -> bool:
    """Not every id that begins so: the import `north` must leave that of `north-2` alone."""
    return re.fullmatch(re.escape(name) + r"-[0-9a-f]{16}", id) is not None


def _id(name: str, spell: Spell) -> str:
    return f"{name}-{_digest(spell)}"


def _digest(spell: Spell) -> str:
    said = "\x1f".join((spell.person, spell.team or "", spell.start, spell.end))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
