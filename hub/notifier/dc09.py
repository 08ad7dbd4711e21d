"""The DC-09 channel: forwards an alarm to an alarm receiving centre and waits for its receipt.

ACK is "the centre's receiver has it". NAK, DUH, another answer or none is a failure: the message
goes again under the same sequence where that may help, and then the person's next way is taken. The
centre's own clock and our own never decide whether somebody is called.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Mapping

from adapters.recent import Bounded
from adapters.sia_dc09.answers import Reply
from adapters.sia_dc09.crypt import Entropy, KeyWrong, keys_of
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.dc09_message import Route, message, verdict
from hub.notifier.dc09_wire import Wire, connect
from hub.secrets import SecretUnsafe
from routing.alarm import Alarm
from routing.instant import Instant

TIMEOUT_S = 5.0
_APART = 64
"""So many messages of an account in a row have different sequences."""
_SEQUENCES = 9_999

_RESULTS: Mapping[Reply, Result] = {
    Reply.ACK: Result.DELIVERED,
    Reply.NAK: Result.AGAIN,
    Reply.DUH: Result.FAILED,
}


class Dc09:
    """The channel; `secret` finds a secret by its name, `arc-<person>` holds the centre's key."""

    def __init__(
        self,
        secret: Callable[[str], str | None],
        now: Callable[[], Instant],
        entropy: Entropy,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._secret, self._now, self._entropy = secret, now, entropy
        self._timeout_s = timeout_s
        self._sequences = Sequences()

    async def attempt(self, send: Send) -> Attempt:
        """Send once and wait for the receipt."""
        address = send.address
        account = account_of(address, send.alarm)
        if account is None or "host" not in address:
            return Attempt(Result.FAILED, "dc09-no-address")
        try:
            key = self._key(address, send.owed.page.person)
        except (KeyWrong, SecretUnsafe):
            return Attempt(Result.FAILED, "dc09-no-key")
        route = Route(
            account,
            address.get("format", "SIA-DCS"),
            address.get("line", "L0"),
            self._sequences.of(account, send.owed.page.send),
            key,
        )
        return await self._exchange(send, route)

    def _key(self, address: Mapping[str, str], person: str) -> bytes | None:
        if address.get("encrypted") == "no":
            return None
        return keys_of(self._secret(f"arc-{person}") or "")[0]

    async def _exchange(self, send: Send, route: Route) -> Attempt:
        address = send.address
        try:
            async with asyncio.timeout(self._timeout_s):
                wire = await connect(
                    address["host"], int(address["port"]), address.get("transport", "tcp")
                )
                try:
                    wire.send(message(route, send.alarm, self._now(), self._entropy))
                    reply = await self._answer(wire, route)
                finally:
                    wire.close()
        except TimeoutError:
            return Attempt(Result.AGAIN, "dc09-silent")
        except (OSError, ValueError) as error:
            return Attempt(Result.AGAIN, f"dc09-{type(error).__name__}")
        return Attempt(_RESULTS[reply], f"dc09-{reply.lower()}")

    async def _answer(self, wire: Wire, route: Route) -> Reply:
        while True:
            reply = verdict(await wire.receive(), route, self._now())
            if reply is not None:
                return reply


def account_of(address: Mapping[str, str], about: object) -> str | None:
    """Return the resident's own account at the centre, else the one for everybody."""
    resident = about.resident if isinstance(about, Alarm) else None
    return address.get(f"account:{resident}") or address.get("account")


class Sequences:
    """Sequence numbers 0001 to 9999 that a restarted hub gives again: they derive from the send's
    id, and step aside for those that the account has used just now."""

    def __init__(self) -> None:
        self._used: Bounded[str, deque[tuple[str, int]]] = Bounded(1_000)

    def of(self, account: str, send: str) -> str:
        """Return the sequence of a send, the same at every attempt."""
        used = self._used.get(account)
        if used is None:
            used = deque(maxlen=_APART)
            self._used.put(account, used)
        known = dict(used)
        if send not in known:
            number = int.from_bytes(hashlib.blake2b(send.encode(), digest_size=4).digest(), "big")
            while number % _SEQUENCES + 1 in known.values():
                number += 1
            known[send] = number % _SEQUENCES + 1
            used.append((send, known[send]))
        return f"{known[send]:04}"
