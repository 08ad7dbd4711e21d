"""What `varde run FILE` applies: the whole file to an empty journal, later only what it manages."""

from collections.abc import Sequence
from enum import Enum

from hub.configuration.apply import into_journal
from hub.configuration.check import soundness
from hub.configuration.compile import compile
from hub.configuration.difference import Difference
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Problem
from hub.configuration.recorded import merged, recorded
from hub.journal.port import Journal
from routing.instant import Instant


class Unmanaged(Enum):
    """Nothing was applied, because the journal has a configuration of its own."""

    SAME = "same"
    DIFFERENT = "different"


class DoesNotFit(Exception):
    """The managed sections contradict the rest of the journal's configuration."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the managed sections do not fit the rest of the configuration")
        self.problems = problems


async def apply_at_start(
    journal: Journal, file: MunicipalityFile, key: bytes, at: Instant
) -> Difference | Unmanaged:
    """Apply and return what was recorded. DoesNotFit, StillNeeded before anything is written."""
    now = recorded(journal)
    wanted = file
    if now.state.registry.municipality is not None:
        if not file.managed_by:
            differs = now.difference(compile(file), key)
            return Unmanaged.DIFFERENT if differs else Unmanaged.SAME
        wanted = merged(now.described(), file)
        if problems := [p for p in soundness(wanted) if not p.warning]:
            raise DoesNotFit(problems)
    found = now.difference(compile(wanted), key)
    await into_journal(journal, now, found, at)
    return found
