"""An alarm as one reader may see it: the only place where state becomes what leaves us."""

from itertools import islice

import msgspec
from msgspec.structs import asdict

from hub.web.live import Live
from hub.web.names import Names
from hub.web.session import Reader
from hub.web.timeline import Entry, entries, why_called
from hub.web.words import Words
from routing.alarm import Alarm
from routing.instant import Instant, to_rfc3339
from routing.lifecycle import Action, Phase, verdict
from routing.reasons import ReasonCode


class AlarmView(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm in a list. Instants are RFC 3339 in UTC."""

    id: str
    phase: str
    kind: str
    category: str
    severity: str
    resident: str | None
    resident_name: str | None
    device: str | None
    owner: str | None
    owner_name: str | None
    owner_since: str | None
    activations: int
    raised_at: str
    received_at: str
    due_at: str | None
    closed_at: str | None
    outcome: str | None
    asked: bool
    """The owner is asked whether they are on the way."""
    history: bool
    mine: bool
    calls_me: bool
    """It looks for somebody, has called this reader, and they have not said no."""
    seen: bool


class AlarmList(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows."""

    alarms: list[AlarmView]
    more: int
    """Open alarms that did not fit."""


class AlarmDetail(AlarmView, frozen=True, kw_only=True):
    """One alarm with all that this reader may know now."""

    subject: str
    address: str | None
    phone: str | None
    device_name: str | None
    device_place: str | None
    unit_name: str | None
    timeline: list[Entry]
    why_me: str | None
    actions: list[str]
    """What this reader may do now."""


MOST_OPEN = 1000
"""A list beyond this is no list that a person reads; how many more there are is told."""
MOST_RECENT = 50
_BUTTONS = (Action.ACCEPT, Action.REFUSE, Action.ON_THE_WAY, Action.ARRIVE, Action.CLOSE)


def _when(at: Instant | None) -> str | None:
    return None if at is None else to_rfc3339(at)


class Views:
    """Makes views for one reader."""

    def __init__(self, live: Live, names: Names, reader: Reader) -> None:
        self._live = live
        self._names = names
        self._reader = reader

    def alarms(self) -> "AlarmList":
        """Return the open alarms, newest first, and then those that were closed last.

        Where there are more than anybody reads, what is left out is the least urgent and the
        newest: noise never pushes an older or worse alarm off the list.
        """
        state = self._live.state
        is_open = [a for a in state.alarms.values() if a.phase is not Phase.CLOSED]
        urgent = sorted(is_open, key=self._urgency)[:MOST_OPEN]
        newest = sorted(urgent, key=lambda a: a.raised_at, reverse=True)
        recent = [state.alarms[id] for _, id in islice(reversed(state.closed), MOST_RECENT)]
        views = [self.alarm(alarm) for alarm in (*newest, *recent)]
        return AlarmList(alarms=views, more=len(is_open) - len(newest))

    def _urgency(self, alarm: Alarm) -> tuple[bool, bool, bool, int, Instant]:
        """Lowest first: the reader's own, looking, of registered devices, severe, old."""
        return (
            alarm.owner != self._reader.person,
            alarm.phase is not Phase.LOOKING,
            alarm.device is None,
            -alarm.severity,
            alarm.raised_at,
        )

    def alarm(self, alarm: Alarm) -> AlarmView:
        """Return the alarm for a list."""
        reader, names = self._reader, self._names
        resident = alarm.resident if reader.may_read_residents else None
        owner = alarm.owner
        called = reader.person in alarm.called and reader.person not in alarm.refused
        return AlarmView(
            id=alarm.id,
            phase=alarm.phase.value,
            kind=alarm.kind.value,
            category=alarm.category.value,
            severity=alarm.severity.name.lower(),
            resident=resident,
            resident_name=None if resident is None else names.name("resident", resident),
            device=alarm.device,
            owner=owner,
            owner_name=None if owner is None else names.name("person", owner),
            owner_since=_when(alarm.owner_since),
            activations=alarm.activations,
            raised_at=to_rfc3339(alarm.raised_at),
            received_at=to_rfc3339(alarm.received_at),
            due_at=None if owner is None else _when(alarm.due_at),
            closed_at=_when(alarm.closed_at),
            outcome=None if alarm.outcome is None else alarm.outcome.value,
            asked=alarm.asked,
            history=alarm.history,
            mine=owner == reader.person,
            calls_me=alarm.phase is Phase.LOOKING and called,
            seen=reader.person in alarm.seen,
        )

    def detail(self, alarm: Alarm) -> AlarmDetail:
        """Return the alarm with its timeline."""
        reader, names = self._reader, self._names
        words = Words(reader.text, names, self._live.state.registry)
        records = self._live.timelines.get(alarm.id, [])
        why = why_called(records, reader.person)
        home = names.card("resident", alarm.resident if reader.may_read_residents else None)
        device = names.card("device", alarm.device)
        return AlarmDetail(
            **asdict(self.alarm(alarm)),
            subject=alarm.subject,
            address=home.address,
            phone=home.phone,
            device_name=device.name,
            device_place=device.place,
            unit_name=names.card("unit", alarm.unit).name,
            timeline=entries(words, records, notes=reader.may_read_residents),
            why_me=None if why is None else words.reason(why),
            actions=[str(action) for action in self._actions(alarm)],
        )

    def _actions(self, alarm: Alarm) -> list[Action]:
        reader = self._reader
        if not reader.may_act:
            return []
        owner = alarm.owner == reader.person
        allowed = [
            action
            for action in _BUTTONS
            if not isinstance(verdict(alarm.phase, action, owner=owner), ReasonCode)
        ]
        if alarm.phase is Phase.LOOKING:
            allowed = [action for action in allowed if action in {Action.ACCEPT, Action.REFUSE}]
        said_no = reader.person in alarm.refused
        return [a for a in allowed if not (a is Action.REFUSE and said_no)]
