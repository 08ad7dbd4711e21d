"""Planted bugs for the promises: each is to be found by the checker named beside it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch

from msgspec.structs import replace

from hub.journal.port import Document
from hub.router import engine
from hub.router.work import Work
from routing import act, chain, evolve, facts, hear, pass_time, presence
from routing.alarm import Alarm
from routing.correlate import again, clocks, muted
from routing.correlate.heard import Heard
from routing.facts import AnyFact, EventRecorded
from routing.instant import SECOND, Instant
from routing.kinds import Category, Kind, Severity
from routing.presence import Presence
from routing.reasons import Reason, ReasonCode, because
from routing.snapshot import restore
from routing.state import Registry, State
from tests.sim import disk
from tests.sim.hub import Hub


class FloodHoldsHelpBack(Hub):
    """Takes in no more than so many inputs within some seconds; the rest wait."""

    _lately: list[Instant]

    def take(self, work: Work) -> None:
        now = self._world.now
        self._lately = [at for at in getattr(self, "_lately", []) if at > now - 20 * SECOND]
        self._lately.append(now)
        if len(self._lately) > 4 and isinstance(work.task, EventRecorded):
            take = super().take
            self._world.after(5 * SECOND, lambda: take(work))
        else:
            super().take(work)


class DeviceClockDrives(Hub):
    """Believes the time that a device tells."""

    def take(self, work: Work) -> None:
        told = work.task.occurred_at if isinstance(work.task, EventRecorded) else None
        if told is not None and told > self._world.now:
            take = super().take
            self._world.after(told - self._world.now, lambda: take(work))
        else:
            super().take(work)


class DevicesBlamedForDowntime(Hub):
    """Takes up the signs of life as they were, without the time it was away."""

    def presence(self, state: State) -> Presence:
        kept = self.signs.kept()
        if kept is None:
            return super().presence(state)
        presence.resume(kept[0], state.registry, kept[1], kept[1])
        return kept[0]


class PresenceNotKeptAtBoot(Hub):
    """Keeps the signs of life only each half minute: two crashes in a row lose a downtime."""

    def keep_presence_at_boot(self) -> None:
        """Later."""


def _unknown_code_noted(
    state: State,
    event: EventRecorded,
    at: Instant,
    ids: hear.Ids,
    why: Reason | None = None,
) -> list[AnyFact]:
    if event.kind is not Kind.CODE_UNKNOWN:
        return hear.hear(state, event, at, ids, why)
    if event.event in state.events:
        return []
    only = because(ReasonCode.OBSERVATION_ONLY, kind=event.kind)
    return [event, facts.EventNoted(event=event.event, subject=event.subject, reason=only)]


def _chain_goes_on(registry: Registry, draft: chain.Draft) -> None:
    chain.advance(registry, draft, because(ReasonCode.NOBODY_ACCEPTED_IN_TIME, step=1))


def _start_of_empty(
    registry: Registry, draft: chain.Draft, round: int, index: int, reason: Reason
) -> bool:
    if _start_step(registry, draft, round, index, reason):
        return True
    due_at = draft.at + 60 * SECOND
    waits = facts.StepStarted(
        alarm=draft.alarm.id, round=round, step=index, pages=(), due_at=due_at, reason=reason
    )
    draft.add(waits)
    return True


_start_step = chain._start_step
_repeat = again.repeat


def _severity_of_the_last(
    state: State, alarm: Alarm, heard: Heard, severity: Severity, at: Instant
) -> list[AnyFact]:
    first, *rest = _repeat(state, alarm, heard, severity, at)
    assert isinstance(first, facts.AlarmRepeated)
    return [replace(first, severity=severity), *rest]


def _repeat_restarts(
    state: State, alarm: Alarm, heard: Heard, severity: Severity, at: Instant
) -> list[AnyFact]:
    draft = chain.Draft(alarm, at)
    if alarm.owner is None:
        why = because(ReasonCode.SAME_TROUBLE_AGAIN, activation=alarm.activations)
        chain.start(state.registry, draft, alarm.round, 0, why)
    return [*_repeat(state, alarm, heard, severity, at), *draft.decided]


def _forgetful(body: bytes) -> State | None:
    state = restore(body)
    if state is not None:
        state.soothed.clear()
        state.events.clear()
    return state


def _never_closed_documents(kind: str, id: str, body: bytes | None) -> Document:
    return Document("left" if body is None else kind, id, body)


def _none(*_: object, **__: object) -> None:
    return None


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


Plant = tuple[type[Hub], Callable[[], AbstractContextManager[object]], str]

MORE: Mapping[str, Plant] = {
    "unknown-code-only-noted": (
        Hub,
        lambda: patch("routing.decide.hear", _unknown_code_noted),
        "nothing_dropped",
    ),
    "clock-fault-hidden": (
        Hub,
        lambda: patch.object(clocks, "fault", _none),
        "wrong_clocks_are_told",
    ),
    "device-clock-drives": (DeviceClockDrives, nullcontext, "help_first"),
    "steps-early": (Hub, lambda: patch.object(chain, "SECOND", 900_000), "steps_in_time"),
    "pause-mutes-help": (
        Hub,
        lambda: patch.object(muted, "NEVER_MUTED", frozenset[Category]()),
        "every_press_rings",
    ),
    "flood-holds-help-back": (FloodHoldsHelpBack, nullcontext, "help_first"),
    "repeats-are-silent": (
        Hub,
        lambda: patch.object(again, "announced", _nothing),
        "repeats_are_announced",
    ),
    "severity-of-the-last": (
        Hub,
        lambda: patch.object(again, "repeat", _severity_of_the_last),
        "severity_only_rises",
    ),
    "repeat-restarts-chain": (
        Hub,
        lambda: patch.object(again, "repeat", _repeat_restarts),
        "repeats_start_no_chain",
    ),
    "chain-goes-on-when-owned": (
        Hub,
        lambda: patch.object(pass_time, "_ask", _chain_goes_on),
        "quiet_after_acceptance",
    ),
    "nobody-is-waited-for": (
        Hub,
        lambda: patch.object(chain, "_start_step", _start_of_empty),
        "no_time_for_nobody",
    ),
    "refusals-wait": (Hub, lambda: patch.object(act, "advance", _none), "refusals_move_on"),
    "snapshot-forgets": (Hub, lambda: patch.object(disk, "restore", _forgetful), "live_is_replay"),
    "devices-blamed-for-downtime": (
        DevicesBlamedForDowntime,
        nullcontext,
        "restarts_blame_no_device",
    ),
    "presence-not-kept-at-boot": (PresenceNotKeptAtBoot, nullcontext, "restarts_blame_no_device"),
    "nobody-supervised": (
        Hub,
        lambda: patch.object(presence, "limit_s", _none),
        "silence_is_told",
    ),
    "calls-wait-for-no-eyes": (
        Hub,
        lambda: patch.object(evolve, "watch_calls", _none),
        "unseen_is_followed",
    ),
    "positions-stay": (
        Hub,
        lambda: patch.object(engine, "Document", _never_closed_documents),
        "location_only_while_open",
    ),
    "rules-make-no-tasks": (
        Hub,
        lambda: patch("routing.decide.follow", lambda _s, decided, _at, _ids: decided),
        "tasks_are_kept",
    ),
}
