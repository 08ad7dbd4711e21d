"""A story's municipality: the standard one, a file or inline; with changes, checked, compiled."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from hub.configuration.check import check_data
from hub.configuration.compile import Compiled, compile
from hub.configuration.load import load
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Path, Problem
from hub.configuration.structure import LISTS
from hub.scenario.model import Changes, Items, Many

STANDARD = FilePath(__file__).with_name("standard.yaml")


@dataclass(slots=True)
class Town:
    """What a municipality file would say, and where in the story each entry of it stands."""

    data: dict[str, Any]
    origin: dict[Path, Path] = field(default_factory=dict)
    """(section, id) to its path in the scenario file; what is not here is from elsewhere."""
    file: MunicipalityFile | None = None

    @property
    def people(self) -> set[str]:
        """Everybody's id."""
        return self.ids("people")

    def ids(self, section: str) -> set[str]:
        """Return the ids of a section."""
        return {str(one.get("id")) for one in self._entries(section)}

    @property
    def subjects(self) -> Mapping[str, str]:
        """Device id to its subject."""
        return {d["id"]: str(d.get("subject")) for d in self._entries("devices") if "id" in d}

    @property
    def compiled(self) -> Compiled:
        """Return the items and documents; the town has been checked."""
        if self.file is None:
            raise ValueError("an unsound municipality was to be played; check it first")
        return compile(self.file)

    def _entries(self, section: str) -> Iterator[dict[str, Any]]:
        listed = self.data.get(section)
        return (
            one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)
        )

    def changed(self, changes: Changes, path: Path) -> "Town":
        """Return the town after the changes, which stand at the path."""
        after = Town(deepcopy(self.data), dict(self.origin))
        for section, gone in changes.remove.items():
            kept = [one for one in after._entries(section) if one.get("id") not in gone]
            after.data[section] = kept
        after._merge(changes.set, (*path, "set"))
        return after

    def grown(self, many: Sequence[Many]) -> "Town":
        """Return the town with what is made in numbers."""
        after = Town(deepcopy(self.data), dict(self.origin))
        for index, one in enumerate(many):
            for number in range(1, one.count + 1):
                after._merge(_numbered(one.set, number), ("many", index, "set"))
        return after

    def _merge(self, items: Items, path: Path) -> None:
        for section, entries in items.items():
            if section == "municipality":
                for entry in entries:
                    self.data[section] = {**self.data.get(section, {}), **entry}
                continue
            listed = self.data[section] = list(self.data.get(section) or [])
            where = {
                str(one["id"]): i
                for i, one in enumerate(listed)
                if isinstance(one, dict) and "id" in one
            }
            for index, entry in enumerate(entries):
                id = str(entry.get("id"))
                self.origin[section, id] = (*path, section, index)
                if id in where:
                    listed[where[id]] = {**listed[where[id]], **entry}
                else:
                    where[id] = len(listed)
                    listed.append(entry)

    def check(self, otherwise: Path) -> list[Problem]:
        """Check the town and keep its file; return the errors, each where it stands in the story.

        What the story does not say itself is told at the path `otherwise`.
        """
        self.file, problems = check_data(self.data)
        return [self._placed(p, otherwise) for p in problems if not p.warning]

    def _placed(self, problem: Problem, otherwise: Path) -> Problem:
        path = problem.path
        if len(path) > 1 and path[0] in LISTS and isinstance(path[1], int):
            entry = self.data[str(path[0])][path[1]]
            id = str(entry.get("id")) if isinstance(entry, dict) else ""
            found = self.origin.get((path[0], id))
            place = otherwise if found is None else (*found, *path[2:])
        else:
            place = (*otherwise, *path)
        return Problem(problem.code, place, problem.params, first=None)


def _numbered(value: Any, number: int) -> Any:
    """Return the value with `{n}` in every text filled in."""
    if isinstance(value, dict):
        return {key: _numbered(one, number) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbered(one, number) for one in value]
    return re.sub(r"\{n\}", str(number), value) if isinstance(value, str) else value


def found(said: str | dict[str, Any], beside: FilePath) -> Town | None:
    """Return the town a story names, None when there is no such file (or it cannot be read)."""
    if isinstance(said, dict):
        named = ((s, said[s]) for s in LISTS if isinstance(said.get(s), list))
        origin: dict[Path, Path] = {
            (section, str(one.get("id"))): ("municipality", section, index)
            for section, entries in named
            for index, one in enumerate(entries)
            if isinstance(one, dict)
        }
        return Town(deepcopy(said), origin)
    path = STANDARD if said == "standard" else beside / said
    try:
        loaded = load(path.read_text("utf-8"))
    except (OSError, ValueError):  # ValueError: what no file is called, or no UTF-8
        return None
    sound = isinstance(loaded.data, dict) and not loaded.problems
    return Town(loaded.data) if sound else None
