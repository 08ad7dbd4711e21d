"""A call that has had no receipt in time is followed by the same person's next channel; for help,
so is one that nobody has seen.

A receipt proves radio, not ears. Two waits, neither of which is a timer: until the receipt (of
every alarm), and from it until the person has seen or accepted (where somebody may be in need).
Both begin and end as facts are folded, and stand among the watches, so that a restart is ordinary
operation and each fires once.
"""

from collections.abc import Iterator

from routing import facts
from routing.alarm_value import LIVE_PAGE, Alarm
from routing.chain import page
from routing.correlate.muted import NEVER_MUTED
from routing.facts import Page
from routing.instant import SECOND, Instant
from routing.proofs.order import next_channel
from routing.reasons import ReasonCode, because
from routing.state import Registry, State
from routing.waits import own_waits, paging, receipt_s
from routing.watch import WatchKind

HELP = NEVER_MUTED
"""Categories in which somebody may be in need."""


def watch_calls(state: State, old: Alarm | None, new: Alarm) -> None:
    """Begin and end the waits for receipts and eyes; `routing.evolve` calls it."""
    if old is None or _is_same(old, new):
        return
    known = {one.send for one in old.pages}
    arrived = {*new.delivered} - {*old.delivered}
    waited_for = _waited_for(state, old, new)
    for one in new.pages:
        if one.send not in known:
            _begin(state, new, one, waited_for.get((one.person, one.channel)))
        elif one.send in arrived:
            _begin(state, new, one)
        elif not _is_open(new, one) or (one.person in new.seen and one.person not in old.seen):
            state.watches.end(WatchKind.UNSEEN, one.send)
    for send in known - {one.send for one in new.pages}:
        state.watches.end(WatchKind.UNSEEN, send)


def _waited_for(state: State, old: Alarm, new: Alarm) -> dict[tuple[str, str], Instant]:
    """Return until when a receipt was waited for by calls that are now made anew: a chain that
    calls again sooner than that would otherwise never come to the next channel."""
    left = {one.send for one in new.pages}
    gone = (one for one in old.pages if one.send not in left and old.owes(one))
    live = ((one, state.watches.live.get((WatchKind.UNSEEN, one.send))) for one in gone)
    return {(one.person, one.channel): due_at for one, due_at in live if due_at is not None}


def _is_same(old: Alarm, new: Alarm) -> bool:
    return (
        old.pages is new.pages
        and old.delivered is new.delivered
        and old.failed is new.failed
        and old.seen is new.seen
    )


def _begin(state: State, alarm: Alarm, one: Page, waited_for: Instant | None = None) -> None:
    """Wait for the receipt, no longer than it was `waited_for` already, or (it has come) for the
    eyes of whoever has not seen the alarm yet."""
    wait_s = _wait_s(state.registry, alarm, one)
    followed = next_channel(state.registry, alarm, one.person, one.send) is not None
    if followed and wait_s is not None and not one.informed and _is_open(alarm, one):
        due_at = state.recorded_at + wait_s * SECOND
        state.watches.put(WatchKind.UNSEEN, one.send, min(due_at, waited_for or due_at))
    else:
        state.watches.end(WatchKind.UNSEEN, one.send)


def _is_open(alarm: Alarm, one: Page) -> bool:
    gone = one.channel == LIVE_PAGE or one.send in alarm.failed
    return not gone and one.send not in alarm.passed_on


def _wait_s(registry: Registry, alarm: Alarm, one: Page) -> int | None:
    """Return how long the call may go on as it is; None where nothing more is waited for."""
    if alarm.owes(one):
        return receipt_s(registry, one.person, one.channel)
    has_seen = one.person == alarm.owner or one.person in alarm.seen
    if has_seen or alarm.category not in HELP:
        return None
    own_s = own_waits(registry, one.person, one.channel).seen_s
    return paging(registry).seen_s if own_s is None else own_s


def call_on(state: State, send: str) -> Iterator[facts.AnyFact]:
    """Yield the call by the next channel, when the wait for a receipt or for eyes is over."""
    alarm_id, where, *_ = send.split(":")
    alarm = state.alarms.get(alarm_id)
    one = next((p for p in alarm.pages if p.send == send), None) if alarm is not None else None
    if alarm is None or one is None:
        return
    following = next_channel(state.registry, alarm, one.person, one.send)
    wait_s = _wait_s(state.registry, alarm, one)
    if following is None or wait_s is None:
        return
    code = ReasonCode.NO_RECEIPT if alarm.owes(one) else ReasonCode.NOT_SEEN
    why = because(code, channel=one.channel, wait_s=wait_s)
    called = page(alarm, where, one.person, following, why)
    yield facts.Paged(alarm=alarm.id, pages=(called,), reason=why, instead_of=send)
