"""What a call asks of the person who gets it, read from the send itself: the text says it, and a
reply to it means exactly that and nothing else."""

import re
from enum import StrEnum

from routing.alarm import Alarm
from routing.fact_base import Page
from routing.lifecycle import Phase
from routing.owed import About
from routing.proofs.book import ChannelTest
from routing.tasks.value import Task


class Ask(StrEnum):
    """What is asked. Each has a text `sms.<value>` and `voice.<value>`."""

    TAKE = "take"
    TAKE_OVER = "take_over"
    JOIN = "join"
    STILL = "still"
    """Whether the owner is still on the way."""
    TASK = "task"
    TEST = "test"
    TOLD = "told"
    """Nothing: somebody is told."""


_BY_WHERE: tuple[tuple[re.Pattern[str], Ask], ...] = (
    (re.compile(r"o\d+"), Ask.TAKE_OVER),
    (re.compile(r"h\d+\.r\d+\.s\d+"), Ask.JOIN),
    (re.compile(r"ask\d+"), Ask.STILL),
    (re.compile(r"o\d+\.back|h\d+\..*|stay\d+|.*\.lost"), Ask.TOLD),
)
"""The second part of an alarm's send id says where in its life the call was made; what is not here
is a call of the chain, or to leads whom it may find."""


def asks(page: Page, about: About) -> Ask:
    """Return what a call asks, as the alarm was when it was made."""
    if isinstance(about, ChannelTest):
        return Ask.TEST
    if page.informed:
        return Ask.TOLD
    if isinstance(about, Task):
        return Ask.TASK
    return _of_alarm(page, about)


def asked_by(page: Page, about: About) -> Ask:
    """Return what a call asked, whatever has become of its alarm since."""
    if isinstance(about, Alarm) and not page.informed:
        return by_where(page.send)
    return asks(page, about)


def _of_alarm(page: Page, alarm: Alarm) -> Ask:
    asked = by_where(page.send)
    if asked is Ask.STILL:
        return Ask.TOLD if alarm.phase is Phase.AT_RESIDENT else Ask.STILL
    if asked is Ask.TAKE and alarm.phase is not Phase.LOOKING:
        return Ask.TOLD
    return asked


def by_where(send: str) -> Ask:
    """Return what a call about an alarm asked, by its id alone."""
    where = send.split(":")[1]
    return next((ask for pattern, ask in _BY_WHERE if pattern.fullmatch(where)), Ask.TAKE)
