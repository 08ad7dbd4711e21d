"""Plans of a municipality, its residents and devices: numbers and times that rules are judged by.

All of them are configuration; the defaults are proposals. Left-out values are not stored, so a new
one changes no stored fact.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from routing.instant import Instant
from routing.kinds import Kind, Severity

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class DeviceClass(StrEnum):
    """What a device is for: how soon its silence matters, and whether it protects anybody."""

    LIFE = "life"
    MEDICATION = "medication"
    SENSOR = "sensor"
    OTHER = "other"


class Correlation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The municipality's numbers for what belongs together."""

    repeat_s: int = 120
    """An owner who has the alarm hears of repeats at most this often."""
    storm_events: int = 20
    """So many technical faults of one kind in one area (or of one maker) ..."""
    storm_window_s: int = 60
    """... within this time are one incident."""
    storm_joins_s: int = 6 * 3600
    """A later fault of the same area and kind joins an open incident that grew within this time."""
    border_settle_s: int = 600
    """Crossings of a zone's border within this time are counted and not rung again."""
    clock_tolerance_s: int = 300
    """A device clock further off than this is wrong."""
    reorder_s: int = 600
    """How late an overtaken message may arrive and still be put in order by its sequence number."""
    unproven_s: int = 600
    """Channels that have failed within this time, and not worked since, are no way to anybody."""
    presence_s: int = 3600
    """Presence in a room that nobody has ended is believed for so long."""
    strangers: int = 10
    """So many alarms of unknown devices within a minute; further ones are one alarm together."""
    silence_s: Mapping[DeviceClass, int] = {}
    """Longest silence by class of device; a device's own limit is nearer."""


RECEIPT_BY_KIND_S: Mapping[str, int] = {"sms": 30, "voice": 60}
"""How long a receipt may take by these kinds of channel where nobody says otherwise: a text message
goes through a network of its own, and a telephone rings before it is answered."""


class Paging(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a person who is called for help is rung by the next channel, and how soon an owner's
    search for help that found nobody looks again."""

    seen_s: int = 30
    """How long after its receipt a call may stay unseen: a receipt proves radio, not ears."""
    receipt_s: int = 10
    """How long a receipt may take ..."""
    receipt_by_channel_s: Mapping[str, int] = {}
    """... by kind of channel (`webhook` of `webhook-1`), where that is another time; of `sms` and
    `voice` it is in any case (`RECEIPT_BY_KIND_S`)."""
    proof_s: int = 86_400
    """How old the proof of a channel may be for going on duty by it."""
    nobody_s: tuple[int, ...] = (60, 120, 240, 480, 900)
    """The pauses of a search for help after each look that found nobody; the last one repeats, for
    the search never ends. They grow, since leads are told after each look, and alarms that come
    every minute all night are soon not read."""


class Waits(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A person's own waits for one channel; what is left out is as the municipality's paging."""

    receipt_s: int | None = None
    seen_s: int | None = None


class Span(msgspec.Struct, frozen=True, gc=False):
    """From one instant until another: maintenance."""

    start: Instant
    end: Instant


class Pause(msgspec.Struct, frozen=True, gc=False):
    """A resident who is not at home, until an instant."""

    until: Instant
    why: Literal["hospital", "away", "moved", "deceased"]


class FrequentCaller(msgspec.Struct, frozen=True, gc=False):
    """An agreed plan for a resident who calls often, until an instant: who is told instead of the
    leads. The physical check stays."""

    until: Instant
    person: str | None = None


class LastingRule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An observation that rings unless its opposite is heard in time: a bed that stays empty, a
    door that stays open. Closing in time settles it because this rule says so."""

    kind: Kind
    after_s: int
    from_minute: int = 0
    to_minute: int = 0
    severity: Severity = Severity.MEDIUM


class DosePlan(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A dose at a local time of day."""

    minute: int
    missed_after_s: int = 3600
    early_s: int = 3600
    """Taken so long before, or less, it is this dose."""
    weekdays: tuple[int, ...] = EVERY_DAY


class LookPlan(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A planned digital supervision at a local time of day."""

    minute: int
    within_s: int = 1800
    weekdays: tuple[int, ...] = EVERY_DAY


class QuietRule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How quiet a home may be: no movement for `quiet_s`, judged inside a daily window, or (without
    it) no movement in the whole window, judged at its end."""

    from_minute: int = 0
    to_minute: int = 0
    quiet_s: int | None = None
