"""Tells IT when this process loses the broker or the journal for a while, and when it is over."""

import asyncio

from hub.notifier.it_notice import Notices, Tell, Trouble
from hub.web.site import Site

LOOK_EVERY_S = 5.0
LOOKS = 6
"""So many looks in a row before it is told: a broker that starts again is no news."""
BROKER = "the web process does not reach the broker, so that nobody can answer from the pages"
JOURNAL = "the web process has not read the whole journal"


async def run(site: Site, notices: Notices) -> None:
    """Watch, and deliver every notice of this process, until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(notices.run())
        group.create_task(_watch(site, notices.tell))


async def _watch(site: Site, tell: Tell) -> None:
    watches = {BROKER: Watch(BROKER, tell), JOURNAL: Watch(JOURNAL, tell)}
    while True:
        watches[BROKER].look(well=site.publisher.connected)
        watches[JOURNAL].look(well=site.live.ready)
        await asyncio.sleep(LOOK_EVERY_S)


class Watch:
    """One thing that is well or not."""

    def __init__(self, what: str, tell: Tell) -> None:
        self._what, self._tell, self._bad = what, tell, 0

    def look(self, *, well: bool) -> None:
        """Take one look; it is told once when it has been bad for long, and once when that is
        over."""
        if well:
            if self._bad >= LOOKS:
                self._tell(Trouble.HUB_WELL, self._what)
            self._bad = 0
            return
        self._bad += 1
        if self._bad == LOOKS:
            self._tell(Trouble.HUB_DEGRADED, self._what)
