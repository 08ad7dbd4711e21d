"""Spells into the municipality file: overrides and absences of one import, by its name.

An import replaces what an earlier import of the same name has brought, so that a calendar can be
read again and again.
"""

import hashlib
import re
from collections.abc import Iterable

from hub.configuration.model import MunicipalityFile
from hub.configuration.roster_entries import AbsenceEntry, OverrideEntry
from hub.rosters.spell import Spell


def take_over(file: MunicipalityFile, spells: Iterable[Spell], name: str) -> MunicipalityFile:
    """Return the file with the spells in place of the earlier import called `name`."""
    own = f"{name}-"
    # Not every id that begins so: the import `north` must leave that of `north-2` alone.
    brought = re.compile(re.escape(own) + r"[0-9a-f]{16}")
    overrides = [o for o in file.overrides if not brought.fullmatch(o.id)]
    absences = [a for a in file.absences if not brought.fullmatch(a.id)]
    for spell in spells:
        what = {"id": own + _digest(spell), "from": spell.start, "to": spell.end}
        if spell.team is None:
            absences.append(AbsenceEntry.model_validate({**what, "person": spell.person}))
        else:
            duty = {"team": spell.team, "people": [spell.person], "mode": "extra"}
            overrides.append(OverrideEntry.model_validate({**what, **duty}))
    update = {"overrides": tuple(overrides), "absences": tuple(absences)}
    return file.model_copy(update=update)


def _digest(spell: Spell) -> str:
    said = "\x1f".join((spell.person, spell.team or "", spell.start, spell.end))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
