"""Receipts from outside: that a send reached its phone, or never will, told to the router."""

import msgspec

from hub.web.site import Site
from routing import topics


async def publish(site: Site, send: str, *, delivered: bool, code: str) -> None:
    """Tell what became of a send that its service had only taken.

    The core ends the send when it is owed, and makes nothing of anything else. NotConfirmed
    (`hub.mqtt`) when the broker does not have it: whoever told us should tell it again.
    """
    told = {"about": "receipt", "send": send, "delivered": delivered, "code": code}
    await site.publisher.publish(topics.command(site.municipality), msgspec.json.encode(told))
