"""An alarm as one reader may see it: the only place where state becomes what leaves us."""

from collections.abc import Hashable
from itertools import islice

from msgspec.structs import asdict

from hub.telling.names import Card, Names
from hub.telling.timeline import entries, why_called
from hub.telling.words import Words
from hub.web.alarms.errands import errands
from hub.web.alarms.incidents import where_text
from hub.web.alarms.locks import lock_view
from hub.web.alarms.marks import Marks
from hub.web.alarms.offers import Offers, offers
from hub.web.alarms.shape import AlarmDetail, AlarmList, AlarmView
from hub.web.live import Live
from hub.web.session import Reader
from routing.alarm import Alarm
from routing.colleague import colleague_of
from routing.correlate.scope import is_incident
from routing.instant import Instant, to_rfc3339
from routing.lifecycle import Phase
from routing.municipality import Role

MOST_OPEN = 1000
"""A list beyond this is no list that a person reads; how many more there are is told."""
MOST_RECENT = 50
_ON_THEIR_WAY = frozenset({Phase.ACCEPTED, Phase.ON_THE_WAY})


def _when(at: Instant | None) -> str | None:
    return None if at is None else to_rfc3339(at)


class Views:
    """Makes views for one reader."""

    def __init__(self, live: Live, names: Names, reader: Reader) -> None:
        self._live = live
        self._names = names
        self._reader = reader
        self._words = Words(reader.text, names, live.state.registry)
        self._marks = Marks(live, self._words)

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
        """Lowest first: the reader's own and what a colleague asks them, looking, of registered
        devices, severe, old."""
        person = self._reader.person
        return (
            alarm.owner != person and not _asks(alarm, person),
            alarm.phase is not Phase.LOOKING,
            alarm.device is None,
            -alarm.severity,
            alarm.raised_at,
        )

    def audience(self, alarm: Alarm) -> Hashable:
        """Return what `alarm` depends on beside the alarm itself: readers with the same see the
        same."""
        reader = self._reader
        return reader.language, reader.may_read_residents, self._to_me(alarm)

    def _to_me(self, alarm: Alarm) -> tuple[bool, bool, bool, bool]:
        """Whether it is the reader's, calls them, is seen by them, and its owner asks them."""
        person = self._reader.person
        called = person in alarm.called and person not in alarm.refused
        return (
            alarm.owner == person,
            alarm.phase is Phase.LOOKING and called,
            person in alarm.seen,
            _asks(alarm, person),
        )

    def alarm(self, alarm: Alarm) -> AlarmView:
        """Return the alarm for a list."""
        reader, names = self._reader, self._names
        resident = alarm.resident if reader.may_read_residents else None
        owner, colleague = alarm.owner, colleague_of(alarm.subject)
        mine, calls_me, seen, asks_me = self._to_me(alarm)
        return AlarmView(
            id=alarm.id,
            phase=alarm.phase.value,
            kind=alarm.kind.value,
            category=alarm.category.value,
            severity=alarm.severity.name.lower(),
            resident=resident,
            resident_name=None if resident is None else names.name("resident", resident),
            device=alarm.device,
            device_name=names.card("device", alarm.device).name if alarm.resident is None else None,
            incident_where=self._where(alarm),
            colleague_name=None if colleague is None else names.name("person", colleague),
            owner=owner,
            owner_name=None if owner is None else names.name("person", owner),
            owner_since=_when(alarm.owner_since),
            activations=alarm.activations,
            raised_at=to_rfc3339(alarm.raised_at),
            received_at=to_rfc3339(alarm.received_at),
            due_at=_when(alarm.due_at) if alarm.phase in _ON_THEIR_WAY else None,
            closed_at=_when(alarm.closed_at),
            outcome=None if alarm.outcome is None else alarm.outcome.value,
            asked=alarm.asked,
            history=alarm.history,
            mine=mine,
            calls_me=calls_me,
            seen=seen,
            asks_me=asks_me,
            marks=self._marks.of(alarm),
        )

    def detail(self, alarm: Alarm, at: Instant) -> AlarmDetail:
        """Return the alarm with its timeline, and what the reader may do at that instant."""
        reader, names, words = self._reader, self._names, self._words
        records = self._live.timelines.get(alarm.id, [])
        why = why_called(records, reader.person)
        home = names.card("resident", alarm.resident if reader.may_read_residents else None)
        device = names.card("device", alarm.device)
        concerns = alarm.concerns if reader.may_read_residents else None
        found = self._offers(alarm, at)
        goes = goes_there(reader, alarm)
        timeline = entries(words, records, notes=reader.may_read_residents)
        return AlarmDetail(
            **{**asdict(self.alarm(alarm)), "device_name": device.name},
            subject=alarm.subject,
            address=home.address,
            phone=home.phone,
            device_place=device.place,
            people_needed=alarm.people_needed,
            protected=home.protected,
            entry=goes and (home.protected or home.entry_note is not None),
            important_note=home.care_note if goes else None,
            position=may_locate(reader, alarm, home) and names.place(alarm.id) is not None,
            tasks=errands(self._live.state, alarm, words) if reader.may_read_residents else [],
            unit_name=names.card("unit", alarm.unit).name,
            timeline=[one for one in timeline if goes or one.code != "entry_note"],
            why_me=None if why is None else words.reason(why),
            concerns_name=None if concerns is None else names.name("resident", concerns),
            speech=None if alarm.speech is None else words.text(f"speech.{alarm.speech}"),
            speak_number=self._number(alarm),
            helper_names=[words.person(person) for person in alarm.helpers],
            actions=found.actions,
            choices=found,
            lock=lock_view(self._live.state, alarm.id, words, notes=goes),
        )

    def _where(self, alarm: Alarm) -> str | None:
        return where_text(alarm.subject, self._words) if is_incident(alarm.subject) else None

    def _offers(self, alarm: Alarm, at: Instant) -> Offers:
        if not self._reader.may_act:
            return Offers()
        return offers(self._live.state, alarm, self._reader.person, at, self._words)

    def _number(self, alarm: Alarm) -> str | None:
        """Return the number of the step; it is for those who may speak with residents."""
        one = self._live.state.registry.municipality
        if alarm.number is None or one is None or not self._reader.may_read_residents:
            return None
        return self._names.card("municipality", one.id).numbers.get(alarm.number)


def goes_there(reader: Reader, alarm: Alarm) -> bool:
    """Whether the reader has the alarm, as its owner or a helper, and it is open."""
    has_it = reader.person in {alarm.owner, *alarm.helpers} and alarm.phase is not Phase.CLOSED
    return has_it and reader.may_read_residents


def may_locate(reader: Reader, alarm: Alarm, home: Card) -> bool:
    """Whether the reader may see where the resident is: while the alarm is open, for those who go
    there, those whom it calls, and those who lead a search. A position may be the address: where
    that is secret, only those who go there."""
    if alarm.phase is Phase.CLOSED or not reader.may_read_residents:
        return False
    if home.protected:
        return goes_there(reader, alarm)
    called = reader.person in alarm.called and reader.person not in alarm.refused
    return called or goes_there(reader, alarm) or bool(reader.roles & {Role.LEAD, Role.OPERATOR})


def _asks(alarm: Alarm, person: str) -> bool:
    asides = (alarm.handover, alarm.help)
    return any(a is not None and person in a.to and person not in a.declined for a in asides)
