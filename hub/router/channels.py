"""Every way to people, put together: one entry for each kind of channel.

A kind that is not set up here is there all the same and says so, so that the person's next channel
is used at once.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache, partial

from hub.directory.subscriptions import Subscriptions
from hub.notifier.channel import Channel
from hub.notifier.dc09 import Dc09
from hub.notifier.gateway_channels import gateway_channels
from hub.notifier.it_notice import Notices, Trouble, nobody, notices
from hub.notifier.push import Push
from hub.notifier.push_post import Poster, Sender
from hub.notifier.push_vapid import SECRET as VAPID
from hub.notifier.push_vapid import Vapid, key_from
from hub.notifier.webhook import Webhook
from hub.rights.seal import key_of
from hub.router import clock
from hub.router.outgoing import http_client, push_client
from hub.router.work import Work
from hub.secrets import Secrets
from hub.settings.whole import Settings
from routing.event import derive_id
from routing.kinds import Lane
from routing.proofs.command import ReachAction, ReachCommand

Take = Callable[[Work], None]
"""Gives the router an input."""
Compose = Callable[[Take], Mapping[str, Channel]]


@asynccontextmanager
async def channels(
    municipality: str, settings: Settings, secrets: Secrets
) -> AsyncIterator[Compose]:
    """Open what the channels share, and give what makes them. SecretUnsafe."""
    key = key_of(secrets.secret("rights"), municipality)
    outgoing = secrets.secret("webhook-out").encode()
    sender = _sender(settings, secrets, key)
    directory = settings.state_dir / "directory.sqlite"
    told = notices(settings.it_notices, secrets.find, clock.now)
    tell = nobody if told is None else told.tell
    async with http_client() as http, push_client() as pushing, _running(told):

        def compose(take: Take) -> Mapping[str, Channel]:
            push = Push(
                Poster(pushing, sender),
                cache(partial(Subscriptions, directory, municipality)),
                clock.now,
                lost=partial(_lost, take),
                tell_it=lambda origin, code: tell(Trouble.PUSH_KEY_REFUSED, f"{origin} {code}"),
            )
            return {
                "push": push,
                "webhook": Webhook(http, outgoing, clock.now),
                "dc09": Dc09(secrets.find, clock.now, os.urandom),
                **gateway_channels(
                    settings, secrets, http, key, public_url=_pages(settings), tell=tell
                ),
            }

        yield compose


@asynccontextmanager
async def _running(told: Notices | None) -> AsyncIterator[None]:
    running = None if told is None else asyncio.ensure_future(told.run())
    try:
        yield
    finally:
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def _pages(settings: Settings) -> str:
    """Return where phones find the pages, as far as this process knows it."""
    return (settings.web.public_url or f"http://{settings.web.bind}").rstrip("/")


def _sender(settings: Settings, secrets: Secrets, rights_key: bytes) -> Sender:
    public_url = _pages(settings)
    secure = public_url.startswith("https://")
    contact = settings.web.push_contact
    vapid = Vapid(
        key_from(secrets.secret(VAPID)),
        f"mailto:{contact}" if contact else public_url if secure else None,
        clock.now,
    )
    return Sender(
        vapid=vapid,
        rights_key=rights_key,
        public_url=public_url if settings.web.public_url else "",
        now=clock.now,
        allowed=settings.web.push_services,
        loopback=not secure,
    )


def _lost(take: Take, person: str, channel: str, code: str) -> None:
    """Let the journal say that nothing of the person's can be pushed to any more."""
    at = clock.now()
    told = ReachCommand(
        id=derive_id("lost", person, channel, at),
        person=person,
        action=ReachAction.LOST,
        made_at=at,
        channel=channel,
        code=code,
    )
    take(Work(told, Lane.HELP))
