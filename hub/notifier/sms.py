"""The SMS channel: one text of 160 septets where that can be done, by an HTTP gateway.

The gateway's yes is `TAKEN`; its delivery report is the receipt. The text says what rings and in
which zone, how to answer without data (`1 CODE`), and where to answer with it.
"""

from collections.abc import Iterator

from hub.notifier.asks import Ask, asks
from hub.notifier.call_words import exercise, text_of, what
from hub.notifier.channel import Attempt, Result, Send
from hub.notifier.gateway import Gateways
from hub.notifier.gateway_request import Message
from hub.notifier.sms_alphabet import ONE_SMS, in_alphabet, septets
from hub.rights.short import link_token, reference, reply_code
from routing.alarm import Alarm
from routing.tasks.value import Task

SHORT_PLACE = 16
"""Signs that are left of the zone's name where the whole does not fit."""


class Sms:
    """The channel; `key` is the municipality's of `hub.rights.seal.key_of`."""

    def __init__(
        self, gateways: Gateways, key: bytes, public_url: str, *, home_code: bool = False
    ) -> None:
        """`home_code` says the resident's id too: the phone finds the home it has stored by it."""
        self._gateways, self._key, self._home_code = gateways, key, home_code
        self._public_url = public_url.rstrip("/")

    async def attempt(self, send: Send) -> Attempt:
        """Hand the text to a gateway."""
        number = send.address.get("number")
        if number is None:
            return Attempt(Result.FAILED, "no-number")
        text = sms_text(send, self._key, self._public_url, home_code=self._home_code)
        ours = reference(self._key, send.owed.page.send)
        return await self._gateways.attempt(Message(number, text, ours, send.language))


def sms_text(send: Send, key: bytes, public_url: str, *, home_code: bool = False) -> str:
    """Return the text, in the alphabet of an SMS: the first of its versions that fits into one, the
    shortest where none does."""
    version = ""
    home = home_of(send) if home_code else None
    for version in _versions(send, key, public_url, home):
        if septets(version) <= ONE_SMS:
            break
    return version


def home_of(send: Send) -> str | None:
    """Return the id of the resident whom it is about, as far as one is known."""
    about = send.alarm
    if isinstance(about, Alarm):
        return about.of_whom if send.knows_home else None
    return about.resident if isinstance(about, Task) else None


def _versions(send: Send, key: bytes, public_url: str, home: str | None) -> Iterator[str]:
    """Yield the text, ever shorter. The code stays to the last: it works where there is no data."""
    name, ask = send.owed.page.send, asks(send.owed.page, send.alarm)
    code = reply_code(key, name)
    link = "" if ask is Ask.TOLD else f" {public_url}/l/{link_token(key, name)}"
    place = send.place or ""
    text = text_of(send)
    at_home = "" if home is None else f" ({home})"
    for zone, end in ((place, link), (place[:SHORT_PLACE].strip(), link), ("", link), ("", "")):
        said = text(f"sms.{ask}", what=what(send, zone) + at_home, code=code)
        yield in_alphabet(exercise(send) + said + end)
    yield in_alphabet(exercise(send) + text(f"sms.{ask}", what=what(send, None), code=code))
