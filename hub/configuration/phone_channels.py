"""The ways to a person's own phone: push, SMS, voice and ntfy."""

import re
from typing import Annotated

from pydantic import BeforeValidator

from hub.configuration.entry import Entry
from hub.configuration.scalars import bad

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: a plus sign, the country code, at most 15 digits."""
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""As ntfy takes them (its server's own pattern)."""
_BETWEEN = str.maketrans("", "", " -.()\u00a0")


def _number(value: object) -> str:
    """Numbers are written with spaces; what is kept is their digits."""
    plain = str(value).translate(_BETWEEN)
    if not _E164.fullmatch(plain):
        raise bad("bad_number", value)
    return plain


def _topic(value: object) -> str:
    if not _TOPIC.fullmatch(str(value)):
        raise bad("bad_topic_name", value)
    return str(value)


Number = Annotated[str, BeforeValidator(_number)]
"""E.164."""
Topic = Annotated[str, BeforeValidator(_topic)]
"""An ntfy topic; who knows it can read it, so it is as good as a password."""


class PushChannel(Entry):
    """All phones and browsers on which the person has said yes to notifications."""

    def settings(self) -> dict[str, str]:
        """Return what the channel needs: subscriptions are not configuration."""
        return {}


class NumberChannel(Entry):
    """SMS or voice."""

    number: Number

    def settings(self) -> dict[str, str]:
        """Return what the channel needs."""
        return {"number": self.number}


class NtfyChannel(Entry):
    topic: Topic

    def settings(self) -> dict[str, str]:
        """Return what the channel needs."""
        return {"topic": self.topic}
