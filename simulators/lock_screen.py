"""What a phone shows of a push message, and what one can do to it without unlocking.

The message is JSON in the declarative form of the Push API (`web_push: 8030`), with the hub's own
member `varde` beside it: the send, and a single-use right for each thing that may be done.
"""

import json
from dataclasses import dataclass
from typing import Any

USES = ("receipt", "accept", "refuse", "seen", "answer")


class NotShown(Exception):
    """The message is no notification; the text says why."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification as it stands on the lock screen."""

    send: str
    about: str
    """The alarm, the task or the test."""
    title: str
    body: str
    language: str
    navigate: str
    kind: str
    exercise: bool
    rights: dict[str, str]
    """Use to token; a token is opaque."""
    silent: bool = False

    def line(self) -> dict[str, Any]:
        """Return what is told of it; never a right."""
        return {
            "send": self.send,
            "title": self.title,
            "body": self.body,
            "lang": self.language,
            "exercise": self.exercise,
            "may": sorted(self.rights),
        }


def read(plain: bytes) -> Notification:
    """Read a decrypted message; NotShown."""
    try:
        document = json.loads(plain)
        shown, own = document["notification"], document["varde"]
        if document["web_push"] != 8030 or own["v"] != 1:
            raise NotShown("neither declarative web push nor version 1 of the hub's member")
        about = own.get("alarm") or own.get("task") or own.get("test")
        return Notification(
            send=str(own["send"]),
            about=str(about or ""),
            title=str(shown["title"]),
            body=str(shown["body"]),
            language=str(shown.get("lang", "")),
            navigate=str(shown["navigate"]),
            kind=str(own.get("kind", "")),
            exercise=bool(own.get("exercise", False)),
            rights={use: str(own[use]) for use in USES if own.get(use)},
            silent=bool(shown.get("silent", False)),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise NotShown(f"no notification: {problem!r}") from None


class LockScreen:
    """The notifications in order of coming; a send that comes twice is shown once."""

    def __init__(self) -> None:
        self.shown: dict[str, Notification] = {}
        self.again = 0
        """How many came under an id that was shown already."""

    def show(self, notification: Notification) -> bool:
        """Show it and return True; False where it stands there already."""
        if notification.send in self.shown:
            self.again += 1
            return False
        self.shown[notification.send] = notification
        return True

    def newest(self, use: str) -> Notification | None:
        """Return the newest one that gives the right to this use."""
        for one in reversed(self.shown.values()):
            if use in one.rights:
                return one
        return None
