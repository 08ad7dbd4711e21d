"""What leaves us of an alarm: its shape in a list, and on its own page."""

import msgspec

from hub.telling.timeline import Entry
from hub.web.alarms.errands import Errand
from hub.web.alarms.locks import LockView
from hub.web.alarms.marks import Mark
from hub.web.alarms.offers import Offers


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
    device_name: str | None
    """In a list only where there is no resident to name: a common room, a training flat."""
    incident_where: str | None
    """Of an incident: the zone it is in, or whose equipment it is about."""
    colleague_name: str | None
    """Whom of the staff it is about: who calls for help, or cannot be called."""
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
    asks_me: bool
    """Its owner asks this reader to take over or to help, and they have not said no."""
    marks: list[Mark]


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
    device_place: str | None
    people_needed: int
    """How many must go there together: shown before departure."""
    protected: bool
    """The address is secret: `address` is empty, and is given by the entry tap."""
    entry: bool
    """A tap tells this reader how one gets in: a key box, a lock, a secret address. Only who has
    the alarm goes there."""
    important_note: str | None
    """What whoever goes there must know; for who has the alarm."""
    position: bool
    """A map can be opened: the resident's device has said where it is, and the alarm is open."""
    tasks: list[Errand]
    """What else is to be done at this resident's."""
    unit_name: str | None
    timeline: list[Entry]
    why_me: str | None
    concerns_name: str | None
    """Whom the alarm of a shared device concerned, as chosen."""
    speech: str | None
    """What has become of the words with the resident, in words."""
    speak_number: str | None
    """The number through which one speaks with the resident in this step."""
    helper_names: list[str]
    actions: list[str]
    """What this reader may do now."""
    choices: Offers
    """Among whom the actions choose."""
    lock: LockView | None
    """How the last command to a lock stands."""
