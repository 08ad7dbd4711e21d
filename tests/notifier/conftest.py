from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from hub.directory.subscriptions import Subscriptions
from hub.notifier.push import Push
from hub.notifier.push_post import Poster, Sender
from hub.notifier.push_vapid import Vapid
from routing.instant import Instant
from tests.notifier.push_rig import RIGHTS, VAPID, Rig
from tests.notifier.push_stub import push_service


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    path = tmp_path / "directory.sqlite"
    subscriptions = Subscriptions(path, "fjordby")
    async with push_service() as service, aiohttp.ClientSession() as http:

        def now() -> Instant:
            return made.now

        sender = Sender(
            vapid=Vapid(VAPID, "mailto:it@fjordby.example", now),
            rights_key=RIGHTS,
            public_url="https://varde.fjordby.example",
            now=now,
            loopback=True,
        )
        push = Push(
            Poster(http, sender),
            lambda: subscriptions,
            now,
            lost=lambda *said: made.lost.append(said),
            tell_it=lambda *said: made.told.append(said),
        )
        made = Rig(push, service, subscriptions, tmp_path)
        yield made
    subscriptions.close()
