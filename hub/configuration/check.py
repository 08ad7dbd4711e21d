"""All that is wrong in a municipality file, at once: what, where, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.configuration import (
    channel_check,
    coverage,
    long_times,
    policy_check,
    references,
    roster_check,
    structure,
    task_check,
)
from hub.configuration.load import Loaded, load
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Path, Problem, words
from hub.text import LANGUAGES, Language

_WHO_ANSWERS = {"people", "teams", "policies", "shifts", "rotations"}
"""While one of these has errors, who answers cannot be said."""
_REFERRED = ("units", "teams", "people", "residents", "policies")


@dataclass(frozen=True, slots=True)
class Checked:
    """The file if it is sound, and everything there is to say about it."""

    file: MunicipalityFile | None
    problems: Sequence[Problem]
    loaded: Loaded

    @property
    def errors(self) -> Sequence[Problem]:
        return [p for p in self.problems if not p.warning]

    @property
    def language(self) -> Language:
        """The file's own language as far as it can be read, English otherwise."""
        data = self.loaded.data
        one = data.get("municipality") if isinstance(data, dict) else None
        said = one.get("language", "nb") if isinstance(one, dict) else "en"
        return next((language for language in LANGUAGES if language == said), "en")

    def line(self, problem: Problem) -> int:
        """Return the line of the file (from 1) where the problem stands."""
        return problem.line or self.loaded.line(problem.path)

    def lines(self, name: str, language: Language) -> list[str]:
        """Return one line of text for each problem, in the order of the file."""
        ordered = sorted(self.problems, key=lambda p: (p.warning, self.line(p)))
        return [f"{name}:{self.line(p)}: {self._words(p, language)}" for p in ordered]

    def _words(self, problem: Problem, language: Language) -> str:
        first = problem.first
        more = {} if first is None else {"first": self.loaded.line(first)}
        return words(problem, language, **more)


def check(source: str) -> Checked:
    """Read and check a municipality file's text."""
    loaded = load(source)
    if not isinstance(loaded.data, dict):
        empty = [] if loaded.problems else [Problem("not_a_mapping", line=1)]
        return Checked(None, [*loaded.problems, *empty], loaded)
    file, problems = _checked_data(loaded.data)
    problems = [*loaded.problems, *problems]
    sound = all(p.warning for p in problems)
    return Checked(file if sound else None, problems, loaded)


def check_data(data: dict[str, Any]) -> tuple[MunicipalityFile | None, list[Problem]]:
    """Check what a file would say, given as plain data; the file is None when it is not sound."""
    file, problems = _checked_data(data)
    return (file if all(p.warning for p in problems) else None), problems


def soundness(file: MunicipalityFile) -> list[Problem]:
    """Return the errors and warnings of a file whose entries are sound each by itself."""
    data = file.model_dump(mode="json", by_alias=True)
    known = references.ids(data, _REFERRED)
    problems = [*references.doubles(data, structure.LISTS)]
    problems += [*references.dangling(file, known, {}), *references.rules(file, {})]
    problems += roster_check.contradictions(file, {})
    problems += policy_check.contradictions(file, {})
    problems += task_check.contradictions(file, {})
    problems += channel_check.contradictions(file, {})
    return problems or [
        *coverage.unanswered(file),
        *coverage.oddities(file),
        *_oddities(file, {}),
    ]


def _oddities(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield what is worth a warning in a file without errors."""
    for each in (roster_check, policy_check, long_times, task_check, channel_check, references):
        yield from each.oddities(file, at)


def _checked_data(data: dict[str, Any]) -> tuple[MunicipalityFile, list[Problem]]:
    """Return the file made of its sound entries, and everything that is wrong with all of them."""
    one, problems = structure.municipality(data)
    sound, found = structure.entries(data)
    managed_by, unmanaged = structure.managed_by(data)
    fields: dict[str, Any] = {s: tuple(e for _, e in pairs) for s, pairs in sound.items()}
    if one is not None:
        fields["municipality"] = one
    fields["managed_by"] = managed_by
    file = MunicipalityFile.model_construct(**fields)
    numbered = ((s, enumerate(pairs)) for s, pairs in sound.items())
    at: dict[Path, Path] = {(s, i): path for s, pairs in numbered for i, (path, _) in pairs}
    known = references.ids(data, _REFERRED)
    # What points into a section whose name is misspelt is no second mistake.
    misspelt = {str(p.params["near"]) for p in found if len(p.path) == 1 and "near" in p.params}
    problems += [*found, *unmanaged, *references.doubles(data, structure.LISTS)]
    dangling = references.dangling(file, known, at)
    problems += [p for p in dangling if p.params["section"] not in misspelt]
    problems += references.rules(file, at)
    problems += roster_check.contradictions(file, at)
    problems += policy_check.contradictions(file, at)
    problems += task_check.contradictions(file, at)
    problems += channel_check.contradictions(file, at)
    unsound = misspelt | {str(p.path[0]) for p in problems if p.path}
    if not unsound & _WHO_ANSWERS:
        problems += [*coverage.unanswered(file), *coverage.oddities(file)]
    if all(p.warning for p in problems):
        problems += _oddities(file, at)
    return file, [*problems, *references.unheard(file, at)]
