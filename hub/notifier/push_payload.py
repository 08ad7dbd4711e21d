"""What a push carries, before it is encrypted.

It is a declarative web push (https://www.w3.org/TR/push-api/#declarative-push-messages), so that a
phone shows it even when our worker does not run; beside it stands, under `varde`, what the worker
needs to tell the receipt and to answer from a locked screen. No name, no address.
"""

from collections.abc import Callable

import msgspec

from hub.notifier.channel import Send
from hub.notifier.push_text import is_again, is_asked, is_exercise, said
from hub.rights.seal import Use
from routing.alarm import Alarm
from routing.tasks.value import Task

PADDED = 3_584
"""Octets of every message, so that its length tells nothing."""
PADDED_SMALL = 1_280
"""The same for a service to which that was too much."""
MAGIC = 8030
"""What tells a declarative message (the number of the RFC)."""
Sealed = Callable[[Use], str]
"""Makes a right for this send, person and handset."""


def payload(send: Send, sealed: Sealed, public_url: str, *, small: bool = False) -> bytes:
    """Return the JSON; `small` leaves out what the phone can do without."""
    varde = {**_facts(send), **_rights(send, sealed, small=small)}
    shown = _notification(send, public_url, small=small)
    if not small:
        # A browser that reads the declarative form hands its worker the notification and no data.
        shown["data"] = {"varde": varde}
    return msgspec.json.encode(
        {"web_push": MAGIC, "mutable": True, "notification": shown, "varde": varde}
    )


def _notification(send: Send, public_url: str, *, small: bool) -> dict[str, object]:
    text, serious = said(send), not (send.owed.page.informed or is_exercise(send))
    return {
        "title": text.title,
        **({} if small else {"body": text.body}),
        "lang": send.language,
        "dir": "ltr",
        "navigate": public_url + _path(send),
        "tag": send.owed.alarm,
        "requireInteraction": serious,
        "silent": False,
    }


def _path(send: Send) -> str:
    if isinstance(send.alarm, Alarm):
        return f"/alarms/{send.owed.alarm}"
    return "/tasks" if isinstance(send.alarm, Task) else "/readiness"


def _facts(send: Send) -> dict[str, object]:
    about = send.alarm
    said_of = "alarm" if isinstance(about, Alarm) else "test"
    return {
        "v": 1,
        "send": send.owed.page.send,
        "task" if isinstance(about, Task) else said_of: send.owed.alarm,
        "kind": about.kind if isinstance(about, Alarm | Task) else "test",
        "exercise": is_exercise(send),
        "again": is_again(send),
    }


def _rights(send: Send, sealed: Sealed, *, small: bool) -> dict[str, str]:
    """Only what the send asks for; the receipt always."""
    uses: list[Use] = ["receipt"]
    if not isinstance(send.alarm, Alarm | Task):
        uses.append("answer")
    elif is_asked(send):
        uses.append("accept")
        if not small:
            uses.append("refuse")
    if isinstance(send.alarm, Alarm) and not small:
        uses.append("seen")
    return {use: sealed(use) for use in uses}
