"""Incidents: many technical faults of one cause, as one list of devices and homes."""

from collections.abc import Iterator

import msgspec

from hub.telling.words import Words
from hub.web.live import Live
from hub.web.session import Reader
from routing.alarm import Alarm
from routing.correlate.memory import Incident
from routing.correlate.scope import AREA, MAKER
from routing.instant import HOUR, Instant, to_rfc3339
from routing.lifecycle import Phase
from routing.tasks.value import Task

BEFORE: Instant = HOUR
"""Alarms of listed homes from so long before the incident are shown beside it."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A device on the list."""

    subject: str
    device: str | None
    device_name: str | None
    place: str | None
    resident: str | None
    resident_name: str | None
    address: str | None
    phone: str | None
    unit_name: str | None
    lasting: list[str]
    """Kinds of trouble that have not passed."""
    lasting_text: str
    visit: str | None
    """The task by which somebody is to visit."""
    visit_text: str | None


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm of a home or device on the list, which lives its own life."""

    id: str
    kind: str
    kind_text: str
    phase: str
    phase_text: str
    who: str | None
    raised_at: str
    raised_text: str


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in a list."""

    id: str
    kind: str
    kind_text: str
    where_text: str
    phase: str
    phase_text: str
    owner_name: str | None
    raised_at: str
    raised_text: str
    """By the municipality's clock."""
    devices: int
    lasting: int
    """Devices whose trouble has not passed."""
    homes: int


class IncidentDetail(IncidentView, frozen=True, kw_only=True):
    """One incident with its list."""

    members: list[Member]
    alarms: list[Linked]
    incidents: list[IncidentView]
    """Other incidents that share devices with it."""


def where_text(subject: str, words: Words) -> str:
    """Return where an incident is: in which zone, or whose equipment it is."""
    if subject.startswith(AREA):
        name = words.names.name("unit", subject.removeprefix(AREA))
        return words.text("ui.incident.area", name=name)
    return words.text("ui.incident.maker", name=subject.removeprefix(MAKER))


class Incidents:
    """Makes views of incidents for one reader."""

    def __init__(self, live: Live, reader: Reader, words: Words) -> None:
        self._state, self._reader, self._words = live.state, reader, words

    def listed(self) -> list[IncidentView]:
        """Return all in memory: the open ones first, each part newest first."""
        found = [self._state.alarms[id] for id in self._state.memory.incidents]
        found.sort(key=lambda alarm: (alarm.phase is Phase.CLOSED, -alarm.raised_at))
        return [self.incident(alarm) for alarm in found]

    def incident(self, alarm: Alarm) -> IncidentView:
        """Return the incident for a list."""
        words, listed = self._words, self._state.memory.incidents[alarm.id]
        return IncidentView(
            id=alarm.id,
            kind=alarm.kind,
            kind_text=words.text(f"kind.{alarm.kind}"),
            where_text=where_text(alarm.subject, words),
            phase=alarm.phase,
            phase_text=words.text(f"phase.{alarm.phase}"),
            owner_name=None if alarm.owner is None else words.person(alarm.owner),
            raised_at=to_rfc3339(alarm.raised_at),
            raised_text=words.day_clock(alarm.raised_at),
            devices=len(listed.members),
            lasting=sum(1 for faults in listed.members.values() if faults),
            homes=len(self._homes(listed)),
        )

    def detail(self, alarm: Alarm) -> IncidentDetail:
        """Return the incident with its list: those whose trouble lasts first, then by zone."""
        listed = self._state.memory.incidents[alarm.id]
        visits = {task.resident: task for task in self._visits(alarm.id)}
        members = [self._member(subject, listed, visits) for subject in listed.members]
        members.sort(key=lambda m: (not m.lasting, m.unit_name or "", m.address or "", m.subject))
        return IncidentDetail(
            **msgspec.structs.asdict(self.incident(alarm)),
            members=members,
            alarms=[self._linked(one) for one in self._beside(alarm, listed)],
            incidents=[self.incident(one) for one in self._sharing(alarm, listed)],
        )

    def _homes(self, listed: Incident) -> set[str]:
        residents = (self._resident(subject) for subject in listed.members)
        return {resident for resident in residents if resident is not None}

    def _resident(self, subject: str) -> str | None:
        registry = self._state.registry
        device = registry.devices.get(registry.device_of.get(subject, ""))
        return None if device is None else device.resident

    def _member(self, subject: str, listed: Incident, visits: dict[str | None, Task]) -> Member:
        registry, words = self._state.registry, self._words
        device, home = registry.device_of.get(subject), self._resident(subject)
        shown = home if self._reader.may_read_residents else None
        card, thing = words.names.card("resident", shown), words.names.card("device", device)
        at_home = registry.residents.get(home or "")
        lasting, visit = listed.members[subject], visits.get(home) if home else None
        return Member(
            subject=subject,
            device=device,
            device_name=thing.name,
            place=thing.place,
            resident=shown,
            resident_name=None if shown is None else card.name or shown,
            address=card.address,
            phone=card.phone,
            unit_name=None if at_home is None else words.names.name("unit", at_home.unit),
            lasting=[str(kind) for kind in lasting],
            lasting_text=", ".join(words.text(f"kind.{kind}") for kind in lasting),
            visit=None if visit is None else visit.id,
            visit_text=None if visit is None else self._visit(visit),
        )

    def _visits(self, alarm: str) -> Iterator[Task]:
        return (task for task in self._state.book.tasks.values() if task.alarm == alarm)

    def _visit(self, task: Task) -> str:
        phase = self._words.text(f"task.phase.{task.phase}")
        return f"{phase}: {self._words.people(task.owners)}" if task.owners else phase

    def _beside(self, incident: Alarm, listed: Incident) -> list[Alarm]:
        homes, since = self._homes(listed), incident.raised_at - BEFORE
        found = [
            alarm
            for alarm in self._state.alarms.values()
            if alarm.id not in self._state.memory.incidents
            and (alarm.subject in listed.members or alarm.resident in homes)
            and (alarm.phase is not Phase.CLOSED or alarm.raised_at >= since)
        ]
        return sorted(found, key=lambda a: (a.phase is Phase.CLOSED, -a.severity, -a.raised_at))

    def _sharing(self, incident: Alarm, listed: Incident) -> list[Alarm]:
        every = self._state.memory.incidents
        shared = (id for id in every if not every[id].members.keys().isdisjoint(listed.members))
        return [self._state.alarms[id] for id in shared if id != incident.id]

    def _linked(self, alarm: Alarm) -> Linked:
        words, shown = self._words, self._reader.may_read_residents
        known = alarm.resident is not None and shown
        who = words.names.name("resident", alarm.resident or "") if known else alarm.device
        return Linked(
            id=alarm.id,
            kind=alarm.kind,
            kind_text=words.text(f"kind.{alarm.kind}"),
            phase=alarm.phase,
            phase_text=words.text(f"phase.{alarm.phase}"),
            who=who,
            raised_at=to_rfc3339(alarm.raised_at),
            raised_text=words.day_clock(alarm.raised_at),
        )
