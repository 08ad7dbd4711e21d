"""Telling the core what became of somebody's push channel."""

import secrets

from hub.web import commands
from hub.web.site import Site
from routing.proofs.command import ReachAction, ReachCommand

KIND = "push"


def channel_of(site: Site, person: str) -> str | None:
    """Return the id of the person's push channel, if it is among their channels."""
    known = site.live.state.registry.people.get(person)
    channels = () if known is None else known.channels
    return next((one for one in channels if one.rpartition("-")[0] == KIND), None)


async def tell(site: Site, person: str, action: ReachAction, *, code: str | None) -> bool:
    """Tell the router; False when nobody confirms it. Somebody without that channel has nothing to
    be told."""
    channel = channel_of(site, person)
    if channel is None:
        return True
    command = ReachCommand(
        id=secrets.token_hex(16),
        person=person,
        action=action,
        made_at=site.clock(),
        channel=channel,
        code=code,
    )
    return await commands.send(site, command) is not None


async def lose(site: Site, handset: str, code: str) -> bool:
    """Let the handset be pushed to no more, and tell the router when its person has no other that
    is; False when nobody confirms that."""
    known = site.subscriptions.of(handset)
    if known is None or not site.subscriptions.end(handset, site.clock(), code):
        return True
    return await tell(site, known.person, ReachAction.LOST, code=code)
