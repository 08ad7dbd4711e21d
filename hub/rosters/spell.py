"""What a calendar or a table says, one line of it at a time; and what is refused, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hub.configuration.model import MunicipalityFile
from hub.text import Catalogue


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: its line (from 1), and the event's own name if it has one."""

    line: int
    event: str = ""

    def text(self, say: Catalogue, file: str) -> str:
        """Return "FILE:LINE", with the event where there is one."""
        msgid = "roster.place_event" if self.event else "roster.place"
        return say(msgid, file=file, line=self.line, event=self.event)


@dataclass(frozen=True, slots=True)
class Spell:
    """A person on duty in a team, or absent (no team), between two local times in ISO form."""

    person: str
    team: str | None
    start: str
    end: str
    place: Place

    def overlaps(self, other: "Spell") -> bool:
        """Whether the two have a minute in common."""
        return self.start < other.end and other.start < self.end


class Refused(Exception):
    """What a file says cannot be taken over; `roster.<code>` is the text."""

    def __init__(self, code: str, place: Place, **params: str) -> None:
        super().__init__(code)
        self.code, self.place, self.params = code, place, params

    def words(self, say: Catalogue, file: str) -> str:
        """Return what is wrong, where, and what to do."""
        params = dict(self.params)
        if self.code in {"contradicts", "overlaps"}:
            params["other"] = say("roster.place", file=file, line=params["other"])
        return say(f"roster.{self.code}", place=self.place.text(say, file), **params)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event, or one who is invited to it, that becomes no duty; `roster.<code>` is the text."""

    code: str
    place: Place
    who: str = ""

    def words(self, say: Catalogue, file: str) -> str:
        """Return what is left out, and why."""
        return say(f"roster.{self.code}", place=self.place.text(say, file), who=self.who)


@dataclass(slots=True)
class Read:
    """Everything a file says, what of it is left out, and everything that is wrong with it."""

    spells: list[Spell] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


class People:
    """Finds people by id or full name."""

    def __init__(self, file: MunicipalityFile) -> None:
        self._ids = {person.id for person in file.people}
        self._names: dict[str, list[str]] = {}
        for person in file.people:
            self._names.setdefault(person.name.casefold(), []).append(person.id)
        self.names: Mapping[str, str] = {p.id: p.name for p in file.people}

    def find(self, candidates: Sequence[str], place: Place) -> str:
        """Return the person whom the candidates name; Refused when they name nobody, a name that
        several have, or more than one person."""
        found = list(self._known(candidates))
        if any(len(people) > 1 for people in found):
            raise Refused("two_people", place, who=candidates[0])
        if len({people[0] for people in found}) > 1:
            raise Refused("two_named", place, who=candidates[0])
        if not found:
            raise Refused("unknown_person", place, who=candidates[0] if candidates else "")
        return found[0][0]

    def _known(self, candidates: Sequence[str]) -> Iterator[list[str]]:
        for text in candidates:
            plain = text.strip()
            if plain in self._ids:
                yield [plain]
            elif plain.casefold() in self._names:
                yield self._names[plain.casefold()]


def agreed(read: Read) -> Read:
    """Return the spells each once, with a refusal for every two that contradict each other."""
    kept: list[Spell] = []
    refused = list(read.refused)
    by_person: dict[str, list[Spell]] = {}
    for one in sorted(read.spells, key=lambda s: (s.person, s.start, s.place.line)):
        same = by_person.setdefault(one.person, [])
        if any((s.team, s.start, s.end) == (one.team, one.start, one.end) for s in same):
            continue
        refused += [r for other in same if (r := _against(one, other)) is not None]
        same.append(one)
        kept.append(one)
    return Read(kept, refused, read.left_out)


def _against(one: Spell, other: Spell) -> Refused | None:
    if not one.overlaps(other) or (one.team is None and other.team is None):
        return None
    params = {"who": one.person, "other": str(other.place.line)}
    if None in {one.team, other.team}:
        return Refused("contradicts", one.place, **params)
    if one.team == other.team:
        return Refused("overlaps", one.place, team=str(one.team), **params)
    return None
