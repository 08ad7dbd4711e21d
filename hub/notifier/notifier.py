"""The notifier: level-triggered. It is told what is owed for an alarm and makes that so.

Each receiver (a person's channel) has its own few places, so a slow receiver delays nobody else and
a flood towards one never holds back another's first page. Attempts are not facts; the end is.

What a service has only taken (`Result.TAKEN`) has no end yet: it stays owed, keeps no place, and
goes out again, under the same id, only when the hub starts anew.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from hub.notifier.channel import Attempt, Channel, Result, Send
from routing.facts import SendEnded
from routing.owed import rank
from routing.state import Owed

log = logging.getLogger(__name__)

PLACES = 16
"""Sends under way to one receiver at a time."""
STRANGERS = 12
"""So many of them about unknown devices: a slow receiver has places left for a resident's press."""
ATTEMPTS = 4
FIRST_BACKOFF_S = 0.5
LONGEST_PAUSE_S = 10.0

ReceiverKey = tuple[str, str]
"""(person, channel id)"""


@dataclass(slots=True)
class _Receiver:
    waiting: dict[str, Send] = field(default_factory=dict)
    order: list[tuple[int, bool, int, int, str]] = field(default_factory=list)
    """Heap of (rank falling, order of coming, send id); ids no longer waiting are dead."""
    active: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)
    """Those of `active` that are about unknown devices."""


class Notifier:
    """Keeps under way exactly what is owed."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        describe: Callable[[Owed], Send | None],
        ended: Callable[[SendEnded], None],
        jitter: Callable[[], float],
    ) -> None:
        """`channels` by type (`webhook` of `webhook-1`); `describe` adds alarm and address, None
        when
        the alarm has left; `jitter` gives 0 to 1."""
        self._channels, self._describe = channels, describe
        self._ended, self._jitter = ended, jitter
        self._receivers: dict[ReceiverKey, _Receiver] = {}
        self._by_alarm: dict[str, dict[str, ReceiverKey]] = {}
        self._coming = count()

    def settle(self, alarm: str, owed: Sequence[Owed]) -> None:
        """Start what is owed for the alarm and not yet under way; stop what is no longer owed."""
        known = self._by_alarm.get(alarm, {})
        wanted = {one.page.send: one for one in owed}
        for send in known.keys() - wanted.keys():
            self._stop(known.pop(send), send)
        for send, one in wanted.items():
            if send not in known and self._start(one):
                known[send] = (one.page.person, one.page.channel)
        if known:
            self._by_alarm[alarm] = known
        else:
            self._by_alarm.pop(alarm, None)

    def under_way(self) -> int:
        """Return how many sends are waiting or being attempted."""
        return sum(len(r.waiting) + len(r.active) for r in self._receivers.values())

    async def close(self) -> None:
        """Stop everything; what has no outcome is owed again at the next start, under the same
        id."""
        tasks = [task for r in self._receivers.values() for task in r.active.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, one: Owed) -> bool:
        send = self._describe(one)
        if send is None:
            return False
        key = (one.page.person, one.page.channel)
        receiver = self._receivers.setdefault(key, _Receiver())
        receiver.waiting[one.page.send] = send
        need, known, severity = rank(send.alarm)
        place = (-need, not known, -severity, next(self._coming), one.page.send)
        heappush(receiver.order, place)
        self._fill(key, receiver)
        return True

    def _stop(self, key: ReceiverKey, send: str) -> None:
        receiver = self._receivers.get(key)
        if receiver is None:
            return
        receiver.waiting.pop(send, None)
        task = receiver.active.pop(send, None)
        receiver.strange.discard(send)
        if task is not None:
            task.cancel()
        self._fill(key, receiver)

    def _fill(self, key: ReceiverKey, receiver: _Receiver) -> None:
        while receiver.waiting and len(receiver.active) < PLACES:
            _, strange, *_, name = receiver.order[0]
            if strange and name in receiver.waiting and len(receiver.strange) >= STRANGERS:
                break
            heappop(receiver.order)
            send = receiver.waiting.pop(name, None)
            if send is None:
                continue
            if strange:
                receiver.strange.add(name)
            receiver.active[name] = asyncio.ensure_future(self._deliver(key, send))
        if not receiver.waiting and not receiver.active:
            self._receivers.pop(key, None)

    async def _deliver(self, key: ReceiverKey, send: Send) -> None:
        page = send.owed.page
        last = await self._attempts(send)
        receiver = self._receivers[key]
        receiver.active.pop(page.send, None)
        receiver.strange.discard(page.send)
        self._fill(key, receiver)
        if last.result is Result.TAKEN:
            return
        self._ended(
            SendEnded(
                alarm=send.owed.alarm,
                send=page.send,
                person=page.person,
                channel=page.channel,
                delivered=last.result is Result.DELIVERED,
                code=last.code,
            )
        )

    async def _attempts(self, send: Send) -> Attempt:
        channel = self._channels.get(send.owed.page.channel.rsplit("-", 1)[0])
        if channel is None:
            return Attempt(Result.FAILED, "no-channel")
        attempt = await _attempt(channel, send)
        for number in range(1, ATTEMPTS):
            if attempt.result is not Result.AGAIN:
                break
            backoff_s = FIRST_BACKOFF_S * 2 ** (number - 1) * (0.5 + self._jitter())
            await asyncio.sleep(min(attempt.again_after_s or backoff_s, LONGEST_PAUSE_S))
            attempt = await _attempt(channel, send)
        return attempt


async def _attempt(channel: Channel, send: Send) -> Attempt:
    """Try once. A channel that falls over what nobody thought of has failed, so that the next one
    follows: the fault is ours, and no reason not to call somebody. What it fell over may be
    personal data, so only where it fell is logged."""
    try:
        return await channel.attempt(send)
    except Exception as error:  # noqa: BLE001 whoever it calls would not be called
        where = "".join(traceback.format_tb(error.__traceback__))
        kind = send.owed.page.channel.rpartition("-")[0]
        log.error("channel %s fell over %s; report this:\n%s", kind, type(error).__name__, where)
        return Attempt(Result.FAILED, "fault")
