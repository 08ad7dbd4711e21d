"""A SIP user agent that registers, sends MESSAGE and takes MESSAGE.

Non-INVITE client transaction: RFC 3261 section 17.1.2 (Timer E retransmits on UDP: T1, doubling, at
most T2; Timer F ends it after 64 x T1). Server side: a retransmitted request gets the same response
again and is delivered once (section 17.2.2).
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulators.faults import Link
from simulators.sip import digest
from simulators.sip.text import SipText, answer
from simulators.sip.wire import wire_to

_CHALLENGED = {
    401: ("www-authenticate", "authorization"),
    407: ("proxy-authenticate", "proxy-authorization"),
}
_REMEMBERED = 64


class NoAnswer(Exception):
    """The receiver gave no final response before Timer F, or could not be reached."""


@dataclass(frozen=True, slots=True)
class SipTimers:
    """RFC 3261 section 17.1.1.1, in seconds."""

    t1_s: float = 0.5
    t2_s: float = 4.0


@dataclass(frozen=True, slots=True)
class Receiver:
    """An alarm receiver as the installer typed it into the unit."""

    host: str
    port: int
    transport: str = "udp"
    user: str = "arc"
    trust: Path | None = None
    """PEM file of the authority that the unit believes over TLS."""


class SipClient:
    """One unit towards one receiver."""

    def __init__(
        self,
        receiver: Receiver,
        who: digest.Credentials,
        *,
        rng: random.Random,
        link: Link,
        on_body: Callable[[bytes], None],
        timers: SipTimers | None = None,
    ) -> None:
        self.receiver = receiver
        self._who = who
        self._rng = rng
        self._link = link
        self._on_body = on_body
        self._timers = timers or SipTimers()
        self._wire = wire_to(
            receiver.transport, receiver.host, receiver.port, self._heard, receiver.trust
        )
        self._waiting: dict[str, asyncio.Future[SipText]] = {}
        self._provisional: set[str] = set()
        self._answered: OrderedDict[str, bytes] = OrderedDict()
        self._challenge: tuple[str, digest.Challenge] | None = None
        self._nonce_count = 0
        self._cseq = rng.randrange(1, 1000)
        self._tag = self._token(8)
        self._registration = f"{self._token(16)}@{who.username}.invalid"
        self.retransmissions = 0

    async def register(self, expires_s: int) -> SipText:
        """Tell the receiver where we are; NoAnswer when it stays silent."""
        await self._open()
        uri = f"sip:{self.receiver.host}:{self.receiver.port}"
        own = (("contact", f"<{self._contact()}>"), ("expires", str(expires_s)))
        return await self._request("REGISTER", uri, self._registration, own, b"")

    async def message(self, body: bytes, content_type: str) -> SipText:
        """Send one MESSAGE (RFC 3428) and return its final response; NoAnswer when silent."""
        await self._open()
        uri = f"sip:{self.receiver.user}@{self.receiver.host}:{self.receiver.port}"
        call = f"{self._token(16)}@{self._who.username}.invalid"
        return await self._request("MESSAGE", uri, call, (("content-type", content_type),), body)

    def close(self) -> None:
        """Let go of the socket."""
        self._wire.close()

    async def _open(self) -> None:
        try:
            await self._wire.open()
        except OSError as problem:
            raise NoAnswer(
                f"{self.receiver.transport}:{self.receiver.host}:{self.receiver.port} "
                f"cannot be reached: {problem}"
            ) from problem

    async def _request(
        self, method: str, uri: str, call: str, own: tuple[tuple[str, str], ...], body: bytes
    ) -> SipText:
        response = await self._transact(self._compose(method, uri, call, own, body))
        # Twice: the first challenge, and one more when our nonce has become stale.
        for _ in range(2):
            if response.status not in _CHALLENGED:
                break
            asked, told = _CHALLENGED[response.status]
            challenge = digest.choose(response.all(asked))
            if challenge is None:
                break
            self._challenge, self._nonce_count = (told, challenge), 0
            response = await self._transact(self._compose(method, uri, call, own, body))
        return response

    def _compose(
        self, method: str, uri: str, call: str, own: tuple[tuple[str, str], ...], body: bytes
    ) -> SipText:
        host, port = self._wire.local()
        me = f"sip:{self._who.username}@{self.receiver.host}"
        to = me if method == "REGISTER" else uri
        self._cseq += 1
        headers = (
            (
                "via",
                f"SIP/2.0/{self._wire.name} {host}:{port};branch=z9hG4bK{self._token(12)};rport",
            ),
            ("max-forwards", "70"),
            ("from", f"<{me}>;tag={self._tag}"),
            ("to", f"<{to}>"),
            ("call-id", call),
            ("cseq", f"{self._cseq} {method}"),
            *self._credentials(method, uri),
            *own,
        )
        return SipText(f"{method} {uri} SIP/2.0", headers, body)

    def _credentials(self, method: str, uri: str) -> tuple[tuple[str, str], ...]:
        if self._challenge is None:
            return ()
        header, challenge = self._challenge
        self._nonce_count += 1
        value = digest.authorization(
            challenge, self._who, method, uri, count=self._nonce_count, cnonce=self._token(8)
        )
        return ((header, value),)

    async def _transact(self, request: SipText) -> SipText:
        data, branch = request.to_bytes(), request.branch
        future: asyncio.Future[SipText] = asyncio.get_running_loop().create_future()
        self._waiting[branch] = future
        try:
            return await self._repeat_until_final(data, branch, future)
        finally:
            del self._waiting[branch]
            self._provisional.discard(branch)

    async def _repeat_until_final(
        self, data: bytes, branch: str, future: "asyncio.Future[SipText]"
    ) -> SipText:
        clock = asyncio.get_running_loop().time
        ends = clock() + 64 * self._timers.t1_s
        interval_s = self._timers.t1_s
        self._link.pass_on(lambda: self._wire.write(data))
        while (left_s := ends - clock()) > 0:
            wait_s = left_s if self._wire.reliable else min(interval_s, left_s)
            done, _ = await asyncio.wait({future}, timeout=wait_s)
            if done:
                return future.result()
            if not self._wire.reliable and clock() < ends:
                self.retransmissions += 1
                self._link.pass_on(lambda: self._wire.write(data))
                interval_s = min(2 * interval_s, self._timers.t2_s)
                if branch in self._provisional:
                    interval_s = self._timers.t2_s
        raise NoAnswer(f"no final response within {64 * self._timers.t1_s:g} s (Timer F)")

    def _heard(self, message: SipText) -> None:
        if self._link.answer_lost():
            return
        if message.status is None:
            self._serve(message)
        elif message.status < 200:
            self._provisional.add(message.branch)
        elif (future := self._waiting.get(message.branch)) is not None and not future.done():
            future.set_result(message)

    def _serve(self, request: SipText) -> None:
        key = f"{request.branch} {request.method}"
        known = self._answered.get(key)
        if known is None:
            known = self._first_answer(request).to_bytes()
            self._answered[key] = known
            while len(self._answered) > _REMEMBERED:
                self._answered.popitem(last=False)
            if request.method == "MESSAGE":
                self._on_body(request.body)
        self._wire.write(known)

    @staticmethod
    def _first_answer(request: SipText) -> SipText:
        if request.method in {"MESSAGE", "OPTIONS"}:
            return answer(request, 200, "OK")
        return answer(request, 405, "Method Not Allowed")

    def _contact(self) -> str:
        host, port = self._wire.local()
        return f"sip:{self._who.username}@{host}:{port};transport={self.receiver.transport}"

    def _token(self, length: int) -> str:
        return f"{self._rng.getrandbits(4 * length):0{length}x}"
