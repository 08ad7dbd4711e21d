"""One push to one subscription: sealed, encrypted, signed, posted, and its answer judged."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec

from hub.directory.subscriptions import Subscription
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.push_answer import Answer, Then, judged
from hub.notifier.push_crypt import SALT_OCTETS, KeysWrong, Receiver, encrypt
from hub.notifier.push_endpoint import EndpointRefused, check
from hub.notifier.push_payload import PADDED, PADDED_SMALL, payload
from hub.notifier.push_terms import topic, ttl_s, urgency
from hub.notifier.push_vapid import Vapid
from hub.rights.seal import LIFE, Right, Use, seal
from routing.instant import Instant

TIMEOUT_S = 5.0
CONNECT_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What we are to phones and to push services."""

    vapid: Vapid
    rights_key: bytes
    public_url: str
    """Where phones find the pages, without a slash at its end; may be empty, then the worker takes
    its own origin."""
    now: Callable[[], Instant]
    allowed: tuple[str, ...] = ()
    """Hosts of push services; none: every public one."""
    loopback: bool = False


class Poster:
    """Posts over one shared HTTP session."""

    def __init__(self, http: aiohttp.ClientSession, sender: Sender) -> None:
        self._http, self._sender = http, sender
        self._timeout = aiohttp.ClientTimeout(total=TIMEOUT_S, connect=CONNECT_S)

    async def post(self, send: Send, to: Subscription) -> Answer:
        """Push once, and once more with less where that was too large. Never raises for what a
        service does."""
        sender = self._sender
        if to.vapid != sender.vapid.public:
            return Answer(Attempt(Result.FAILED, "vapid-changed"), Then.DEAD)
        try:
            check(to.endpoint, allowed=sender.allowed, loopback=sender.loopback)
            answer = await self._once(send, to, small=False)
            if answer.then is Then.SMALLER:
                answer = await self._once(send, to, small=True)
        except EndpointRefused:
            return Answer(Attempt(Result.FAILED, "endpoint-refused"), Then.DEAD)
        except KeysWrong:
            return Answer(Attempt(Result.FAILED, "keys-wrong"), Then.DEAD)
        return answer

    async def _once(self, send: Send, to: Subscription, *, small: bool) -> Answer:
        body, headers = self._body(send, to, small=small), self._headers(send, to)
        try:
            async with self._http.post(
                to.endpoint,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                after = answer.headers.get("Retry-After")
                return judged(answer.status, after, self._sender.now())
        except TimeoutError:
            return Answer(Attempt(Result.AGAIN, "timeout"))
        except aiohttp.ClientConnectorCertificateError:
            # Also a ValueError. Somebody opens TLS in between, or a list of authorities is old: no
            # phone is to blame.
            return Answer(Attempt(Result.AGAIN, "certificate"), Then.TELL_IT)
        except ValueError:
            # InvalidURL is a ValueError, and so is what the resolver says of an impossible name.
            return Answer(Attempt(Result.FAILED, "bad-endpoint"), Then.DEAD)
        except aiohttp.ClientError as error:
            return Answer(Attempt(Result.AGAIN, type(error).__name__))

    def _body(self, send: Send, to: Subscription, *, small: bool) -> bytes:
        sender = self._sender

        def sealed(use: Use) -> str:
            expires = sender.now() + LIFE
            right = Right(use, send.owed.page.send, to.person, to.handset, expires)
            return seal(sender.rights_key, right)

        return encrypt(
            payload(send, sealed, sender.public_url, small=small),
            Receiver(to.p256dh, to.auth),
            os.urandom(SALT_OCTETS),
            ec.generate_private_key(ec.SECP256R1()),
            padded_to=PADDED_SMALL if small else PADDED,
        )

    def _headers(self, send: Send, to: Subscription) -> dict[str, str]:
        sender = self._sender
        return {
            "Authorization": sender.vapid.authorization(to.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(ttl_s(send, sender.now())),
            "Urgency": urgency(send),
            "Topic": topic(sender.rights_key, send, to.handset),
        }
