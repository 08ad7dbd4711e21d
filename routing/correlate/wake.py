"""What follows when a watch falls due. At most one that rings is answered at a time, so that each
decision sees what the one before it has changed; the next follows at once."""

from collections.abc import Callable, Iterator

from routing import facts
from routing import facts_correlate as own
from routing.correlate import again, doses, looks
from routing.correlate.heard import source_of
from routing.correlate.settings import HUB
from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import Instant
from routing.kinds import Kind
from routing.locks.answer import silent
from routing.proofs.testing import unanswered
from routing.reasons import Reason, because
from routing.state import State
from routing.tasks.unheard import call_on as call_on_about_task
from routing.unseen import call_on
from routing.watch import Watch, WatchKind

Hear = Callable[[EventRecorded, Reason | None], list[facts.AnyFact]]


def wake(state: State, at: Instant, hear: Hear) -> list[facts.AnyFact]:
    """Return what the watch that fell due first brings; nothing when none has."""
    watch = state.watches.first()
    if watch is None or watch.due_at > at:
        return []
    ended = own.WatchEnded(kind=watch.kind, key=watch.key)
    return [ended, *_answer(state, watch, at, hear)]


def _answer(state: State, watch: Watch, at: Instant, hear: Hear) -> Iterator[facts.AnyFact]:
    match watch.kind:
        case WatchKind.REPEAT:
            yield from again.tell_held_back(state, watch.key)
        case WatchKind.UNSEEN:
            yield from call_on(state, watch.key)
        case WatchKind.UNHEARD:
            yield from call_on_about_task(state, watch.key)
        case WatchKind.TEST:
            yield unanswered(state, watch.key)
        case WatchKind.LOCK:
            yield silent(state, watch.key)
        case WatchKind.DOSE_DUE:
            yield from doses.due(state, watch, at)
        case WatchKind.LOOK_DUE:
            yield from looks.due(state, watch, at)
        case WatchKind.LASTING | WatchKind.MUTED:
            subject, _, kind = watch.key.rpartition("|")
            if source_of(state.registry, subject).known:
                yield from hear(_noticed(Kind(kind), subject, watch, at), None)
        case WatchKind.DOSE_MISSED:
            found = doses.plan_of(state.registry, watch.key)
            if found is not None:
                device, plan = found
                why = because(doses.why_missed(state, device), minute=plan.minute)
                missed = _noticed(Kind.MEDICATION_MISSED, device.subject, watch, at)
                yield from hear(missed, why)


def _noticed(kind: Kind, subject: str, watch: Watch, at: Instant) -> EventRecorded:
    return EventRecorded(
        event=derive_id(HUB, watch.kind, watch.key, watch.due_at),
        kind=kind,
        subject=subject,
        received_at=at,
        adapter=HUB,
    )
