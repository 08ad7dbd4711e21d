"""The voice channel: a gateway rings the person, reads a text aloud and takes a key.

The gateway's yes is `TAKEN`; that the call was answered is the receipt, and the key 1 or 2 the
person's answer. Both come to the web process.
"""

from hub.notifier.asks import asks
from hub.notifier.call_words import exercise, text_of, what
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.gateway import Gateways
from hub.notifier.gateway_request import Message
from hub.rights.short import reference


class Voice:
    """The channel; `key` is the municipality's of `hub.rights.seal.key_of`."""

    def __init__(self, gateways: Gateways, key: bytes) -> None:
        self._gateways, self._key = gateways, key

    async def attempt(self, send: Send) -> Attempt:
        """Let a gateway ring."""
        number = send.address.get("number")
        if number is None:
            return Attempt(Result.FAILED, "no-number")
        ours = reference(self._key, send.owed.page.send)
        return await self._gateways.attempt(Message(number, said(send), ours, send.language))


def said(send: Send) -> str:
    """Return what is read aloud."""
    ask = asks(send.owed.page, send.alarm)
    return exercise(send) + text_of(send)(f"voice.{ask}", what=what(send, send.place))
