"""Sessions on shared phones that run out by themselves: what was pushed to the phone ends with
them, and they do not come back when their person is on duty again. Somebody else may hold it."""

import asyncio
import logging

from hub.directory.port import DirectoryBroken
from hub.web.push.told import lose
from hub.web.session import must_stay
from hub.web.site import Site

log = logging.getLogger(__name__)
CODE = "session-over"
AGAIN_S = 30.0
"""After a directory that cannot be used: alarms go on without it, and pages say so in words."""


async def run(site: Site) -> None:
    """End them until cancelled."""
    while True:
        wait_s = site.recheck_s
        try:
            await end_run_out(site)
        except DirectoryBroken as error:
            log.error("sessions on shared phones are not ended: %s", error)
            wait_s = AGAIN_S
        await asyncio.sleep(wait_s)


async def end_run_out(site: Site) -> None:
    """End what has run out; who is on duty is not known before the journal is read."""
    if not site.live.ready:
        return
    at, sessions = site.clock(), site.directory.sessions
    for handset in sessions.over_on_shared(at, lambda who: must_stay(site, who, at)):
        await lose(site, handset, CODE)
        sessions.end_on(handset, at)
