"""What is true of an alarm beside its phase, in words: why it looks as it does."""

from collections.abc import Iterator

import msgspec

from hub.telling.words import Words, duration
from hub.web.live import Live
from routing.alarm import Alarm
from routing.correlate.scope import is_incident
from routing.instant import MINUTE, SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.state import State
from routing.trouble import trouble

LATE: Instant = MINUTE
"""What waited longer between the adapter and the journal is told to be late."""
OFF: Instant = 5 * MINUTE
"""How far a device's own time may be from the time of receipt before the two are both shown."""


class Mark(msgspec.Struct, frozen=True):
    """One mark. `tone` says how much it matters: `strong`, `plain` or `quiet`."""

    code: str
    text: str
    """A few words."""
    why: str
    """What it means for whoever handles it."""
    tone: str = "plain"
    alarm: str | None = None
    """The alarm or incident that it points to."""


class Marks:
    """Makes marks for one reader."""

    def __init__(self, live: Live, words: Words) -> None:
        self._live, self._words = live, words

    def of(self, alarm: Alarm) -> list[Mark]:
        """Return the alarm's marks, those that change what to do first."""
        return [*self._to_do(alarm), *self._core(alarm), *self._joined(alarm), *self._time(alarm)]

    def _mark(
        self, code: str, tone: str = "plain", alarm: str | None = None, **more: object
    ) -> Mark:
        text = self._words.text
        msgid = f"ui.mark.{code}"
        return Mark(code, text(msgid, **more), text(f"{msgid}.why", **more), tone, alarm)

    def _to_do(self, alarm: Alarm) -> Iterator[Mark]:
        words = self._words
        if alarm.phase is Phase.CLOSED:
            return
        if alarm.check and not alarm.arrived:
            yield self._mark("check", "strong")
        if alarm.handover is not None:
            yield self._mark("handover", people=words.people(alarm.handover.to))
        if alarm.help is not None:
            yield self._mark("help", "strong", people=words.people(alarm.help.to))
        if alarm.helpers:
            yield self._mark("helpers", people=words.people(alarm.helpers))
        if _unprotected(self._live.state, alarm):
            yield self._mark("unprotected")

    def _core(self, alarm: Alarm) -> Iterator[Mark]:
        text = self._words.text
        for mark in alarm.marks:
            tone = "strong" if mark == "exercise" else "plain"
            yield Mark(mark, text(f"mark.{mark}"), text(f"ui.mark.{mark}.why"), tone)

    def _joined(self, alarm: Alarm) -> Iterator[Mark]:
        text, state = self._words.text, self._live.state
        others = [kind for kind in alarm.kinds if kind is not alarm.kind]
        if others:
            kinds = ", ".join(text(f"kind.{kind}") for kind in others)
            yield self._mark("merged", kinds=kinds)
        if is_incident(alarm.subject):
            yield self._incident(alarm)
        elif alarm.activations > 1:
            yield self._mark("repeated", count=alarm.activations)
        listed = state.memory.member_of.get(alarm.subject)
        if listed is not None and listed != alarm.id and listed in state.alarms:
            yield self._mark("listed", alarm=listed)
        if alarm.beside is not None:
            yield self._mark("beside", alarm=alarm.beside)

    def _incident(self, alarm: Alarm) -> Mark:
        known = self._live.state.memory.incidents.get(alarm.id)
        members, lasting = (0, 0) if known is None else (len(known.members), known.lasting)
        return self._mark("incident", alarm=alarm.id, count=members, lasting=lasting)

    def _time(self, alarm: Alarm) -> Iterator[Mark]:
        words = self._words
        happened = self._live.happened.get(alarm.id)
        if alarm.history and happened is not None:
            age = duration(words.text, max(0, alarm.raised_at - happened) // SECOND)
            yield self._mark("old", age=age, at=words.day_clock(happened))
        elif alarm.history:
            yield self._mark("old_unknown")
        elif happened is not None and abs(happened - alarm.received_at) > OFF:
            yield self._mark("device_time", "quiet", at=words.day_clock(happened))
        if alarm.raised_at - alarm.received_at > LATE:
            late_s = (alarm.raised_at - alarm.received_at) // SECOND
            yield self._mark("late", late=duration(words.text, late_s))
        if _clock_wrong(self._live.state, alarm):
            yield self._mark("clock", "quiet")


def _clock_wrong(state: State, alarm: Alarm) -> bool:
    key = trouble(Kind.CLOCK_WRONG, None, alarm.subject)
    return alarm.kind is not Kind.CLOCK_WRONG and key in state.open_by_trouble


def _unprotected(state: State, alarm: Alarm) -> bool:
    """Whether a device that protects the resident is silent, other than what this is about."""
    devices = state.registry.devices
    silent = (devices.get(device) for device in state.memory.unprotected)
    return alarm.kind is not Kind.LINK_LOST and any(
        device is not None and device.resident == alarm.resident is not None for device in silent
    )
