"""(j) What one push costs the router, step by step, and many at once to a service on loopback."""

import asyncio
import os
from collections.abc import Callable
from time import perf_counter, perf_counter_ns

from cryptography.hazmat.primitives.asymmetric import ec

from hub.directory.subscriptions import Subscription
from hub.notifier.channel import Result
from hub.notifier.push_crypt import Receiver, encrypt
from hub.notifier.push_payload import PADDED, payload
from hub.notifier.push_post import Poster, Sender
from hub.notifier.push_vapid import Vapid, public_of
from hub.rights.seal import LIFE, Right, Use, key_of, seal
from hub.router.outgoing import push_client
from tests.bench.figures import quantile, show
from tests.notifier.browser import Browser
from tests.notifier.push_stub import push_service
from tests.notifier.sends import NOW, send_of

ROUNDS = 2_000
AT_ONCE = 500
KEY = key_of("a secret of this benchmark", "fjordby")
VAPID = ec.generate_private_key(ec.SECP256R1())


async def measure(runs: int) -> None:
    """Measure and print both tables."""
    show(f"push, one message, {ROUNDS} of each", ("step", "p50 us", "p99 us"), _steps())
    rows = [await _at_once() for _ in range(runs)]
    show(
        f"push, {AT_ONCE} phones at once over loopback, {runs} runs",
        ("run", "p50 ms", "p99 ms", "last ms"),
        [(str(number), *row) for number, row in enumerate(rows, start=1)],
    )


def _steps() -> list[tuple[str, str, str]]:
    browser, send = Browser(), send_of()
    receiver = Receiver(browser.point, browser.auth)

    def sealed(use: Use) -> str:
        return seal(KEY, Right(use, send.owed.page.send, "kari", "0123456789ab", NOW + LIFE))

    def fresh() -> str:
        return Vapid(VAPID, "mailto:it@fjordby.example", lambda: NOW).authorization(
            "https://push.example.org/1"
        )

    kept = Vapid(VAPID, "mailto:it@fjordby.example", lambda: NOW)
    text = payload(send, sealed, "https://varde.example")

    def encrypted() -> bytes:
        sender = ec.generate_private_key(ec.SECP256R1())
        return encrypt(text, receiver, os.urandom(16), sender, padded_to=PADDED)

    return [
        _row("payload with its four rights", lambda: payload(send, sealed, "https://v.example")),
        _row("encrypted, with a new key pair", encrypted),
        _row("signed anew (once an hour for each service)", fresh),
        _row("signature kept", lambda: kept.authorization("https://push.example.org/1")),
    ]


def _row(name: str, step: Callable[[], object]) -> tuple[str, str, str]:
    took: list[float] = []
    for _ in range(ROUNDS):
        began = perf_counter_ns()
        step()
        took.append((perf_counter_ns() - began) / 1000)
    return name, f"{quantile(took, 0.5):.0f}", f"{quantile(took, 0.99):.0f}"


async def _at_once() -> tuple[str, str, str]:
    """Return from the call of all until a phone's service has its message."""
    sender = Sender(
        vapid=Vapid(VAPID, "mailto:it@fjordby.example", lambda: NOW),
        rights_key=KEY,
        public_url="https://varde.example",
        now=lambda: NOW,
        loopback=True,
    )
    async with push_service() as service, push_client() as http:
        took = await _posted(Poster(http, sender), service.endpoint)
    p50, p99 = quantile(took, 0.5), quantile(took, 0.99)
    return f"{p50:.0f}", f"{p99:.0f}", f"{max(took):.0f}"


async def _posted(poster: Poster, endpoint: Callable[[str], str]) -> list[float]:
    browser = Browser()
    began = perf_counter()

    async def one(number: int) -> float:
        to = Subscription(
            handset=f"h{number}",
            person=f"p{number}",
            endpoint=endpoint(f"h{number}"),
            p256dh=browser.point,
            auth=browser.auth,
            vapid=public_of(VAPID),
            made_at=NOW,
        )
        answer = await poster.post(send_of(person=f"p{number}"), to)
        assert answer.attempt.result is Result.TAKEN, answer
        return (perf_counter() - began) * 1000

    return list(await asyncio.gather(*(one(number) for number in range(AT_ONCE))))
