"""SMS and voice gateways with an HTTP interface, on the router's shared session.

`Gateways` are those of one kind: the first one serves, and where it does not take a message the
second is asked in the same attempt. The gateway's yes is `TAKEN`; the receipt is its report, which
comes to the web process.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import aiohttp

from hub.notifier.channel import Attempt, Result
from hub.notifier.exchange import attempted
from hub.notifier.gateway_answer import Answer, judge, message_id
from hub.notifier.gateway_hooks import Urls
from hub.notifier.gateway_request import Message, Request, request
from hub.notifier.it_notice import Tell, Trouble, nobody
from hub.notifier.places import Places
from hub.secrets import SecretUnsafe
from hub.settings.channels import GatewaySettings

log = logging.getLogger(__name__)

LONGEST_ANSWER = 65_536
CONNECT_S = 2.0
FAILURES_TOLD = 3
"""So many attempts in a row that a gateway did not take are told to IT."""

Secret = Callable[[str], str | None]


class Gateway:
    """One gateway."""

    def __init__(
        self, id: str, settings: GatewaySettings, http: aiohttp.ClientSession, secret: Secret
    ) -> None:
        """`secret` finds a secret by its name; ours is `gateway-<id>`."""
        self.id, self.settings = id, settings
        self._http, self._secret = http, secret
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=CONNECT_S)
        self._places = Places()

    async def attempt(self, message: Message) -> Attempt:
        """Hand a message over, once."""
        try:
            wanted = self.settings.auth is not None
            secret = self._secret(f"gateway-{self.id}") if wanted else None
        except SecretUnsafe as error:
            log.error("%s", error)
            return Attempt(Result.FAILED, "secret-unsafe")
        if wanted and secret is None:
            log.error("gateway %s: there is no secret gateway-%s; set it", self.id, self.id)
            return Attempt(Result.FAILED, "no-secret")
        return await attempted(self._exchange(message, secret))

    async def _exchange(self, message: Message, secret: str | None) -> Attempt:
        async with self._places.one():
            answer = await self._asked(request(self.settings, message, secret))
        own = message_id(self.settings, answer)
        log.info("gateway %s: %s as %s: %d", self.id, message.reference, own, answer.status)
        return judge(self.settings, answer)

    async def _asked(self, asked: Request) -> Answer:
        async with self._http.request(
            asked.method,
            asked.url,
            data=asked.body,
            headers=asked.headers,
            timeout=self._timeout,
            allow_redirects=False,
        ) as response:
            after = response.headers.get("Retry-After", "")
            return Answer(response.status, await _read(response), after)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body; what is longer than any answer is cut."""
    found = bytearray()
    async for part in response.content.iter_chunked(8_192):
        found += part
        if len(found) >= LONGEST_ANSWER:
            break
    return bytes(found)


class Gateways:
    """The gateways of one kind, in the order in which they serve."""

    def __init__(self, every: Sequence[Gateway], urls: Urls, tell: Tell = nobody) -> None:
        self._every, self._urls, self._tell = every, urls, tell
        self._failures = {one.id: 0 for one in every}

    def __bool__(self) -> bool:
        return bool(self._every)

    async def attempt(self, message: Message) -> Attempt:
        """Hand a message to the first gateway that takes it. Where none does, whether to try again
        is what the most hopeful of them says."""
        last = Attempt(Result.FAILED, "no-gateway")
        for gateway in self._every:
            hooks = self._urls(gateway.id, message.reference)
            one = await gateway.attempt(replace(message, hooks=hooks))
            self._count(gateway.id, one)
            if one.result is Result.TAKEN:
                return one
            if last.result is not Result.AGAIN:
                last = one
        return last

    def _count(self, gateway: str, attempt: Attempt) -> None:
        if attempt.result is Result.TAKEN:
            if self._failures[gateway] >= FAILURES_TOLD:
                self._tell(Trouble.GATEWAY_BACK, gateway)
            self._failures[gateway] = 0
            return
        self._failures[gateway] += 1
        log.warning("gateway %s did not take a message: %s", gateway, attempt.code)
        if self._failures[gateway] == FAILURES_TOLD:
            self._tell(Trouble.GATEWAY_FAILING, gateway)
