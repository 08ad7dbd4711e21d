"""The crew of a demonstration from its start to its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from simulators.crew import Crew
from simulators.hub_process import HubProcess, Running
from simulators.plan import Plan


@contextlib.asynccontextmanager
async def crew_of(plan: Plan) -> AsyncIterator[Crew]:
    """Let the services run for the people of a plan."""
    crew = Crew(plan.workers)
    try:
        await crew.start()
        yield crew
    finally:
        await crew.stop()


@contextlib.asynccontextmanager
async def phones_handed_out(
    crew: Crew | None, hub: HubProcess, running: Running
) -> AsyncIterator[None]:
    """Give everybody a phone, one after the other, while the page is open already."""

    handing_out = asyncio.create_task(_hand_out(crew, hub, running))
    try:
        yield
    finally:
        handing_out.cancel()
        # Someone whose phone could not be made ready is called by SMS: the page shows that.
        await asyncio.gather(handing_out, return_exceptions=True)


async def _hand_out(crew: Crew | None, hub: HubProcess, running: Running) -> None:
    if crew is not None:
        for person in crew.pockets:
            await crew.enrol(person, running.web, await hub.code(person))
