"""What a push service keeps for each subscription: messages that wait, by RFC 8030.

TTL says how long one waits (section 5.2); a topic replaces one that waits (section 5.4).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

URGENCIES = ("very-low", "low", "normal", "high")
MOST_OCTETS = 4096
"""A service must take so many (RFC 8030, section 7.2); ours takes no more."""


@dataclass(frozen=True, slots=True)
class Message:
    """One push message, still encrypted. `expires_at` is in Unix seconds."""

    id: str
    body: bytes
    ttl_s: int
    expires_at: float
    urgency: str
    topic: str | None


@dataclass(slots=True, eq=False)
class Box:
    """One subscription: its messages until the phone says that it has them."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    receive: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """The phone's own secret, by which it listens."""
    key: bytes | None = None
    """The public key of whom it was made for; None takes messages from anybody."""
    gone: bool = False
    """Ended by the phone: 410 from now on."""
    waiting: dict[str, Message] = field(default_factory=dict)
    arrived: Callable[[Message], None] | None = None
    """Set while the phone listens."""

    def put(self, message: Message) -> None:
        """Keep a message, in the place of one with its topic, and hand it to who listens."""
        if message.topic is not None:
            same = [one.id for one in self.waiting.values() if one.topic == message.topic]
            for old in same:
                del self.waiting[old]
        if self.arrived is None and message.ttl_s == 0:
            return
        self.waiting[message.id] = message
        if self.arrived is not None:
            self.arrived(message)

    def due(self, now_s: float) -> list[Message]:
        """Return what waits, oldest first, without what has waited too long."""
        self.waiting = {id: one for id, one in self.waiting.items() if one.expires_at > now_s}
        return list(self.waiting.values())

    def taken(self, message: str) -> None:
        """Forget a message that the phone has."""
        self.waiting.pop(message, None)


class Malformed(Exception):
    """The request is none of RFC 8030; `status` is what the service answers."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def message_of(request: web.Request, body: bytes, now_s: float) -> Message:
    """Read one message; Malformed."""
    ttl, urgency = request.headers.get("TTL", ""), request.headers.get("Urgency", "normal")
    topic = request.headers.get("Topic")
    if not (ttl.isascii() and ttl.isdigit()):
        raise Malformed(400, "TTL is missing, or no number of seconds")
    if urgency not in URGENCIES:
        raise Malformed(400, f"Urgency is none of {', '.join(URGENCIES)}")
    if topic is not None and not _is_topic(topic):
        raise Malformed(400, "Topic is longer than 32, or not of base64url's letters")
    if body and request.headers.get("Content-Encoding") != "aes128gcm":
        raise Malformed(400, "Content-Encoding is not aes128gcm")
    if len(body) > MOST_OCTETS:
        raise Malformed(413, f"{len(body)} octets; {MOST_OCTETS} are the most")
    seconds = int(ttl)
    return Message(secrets.token_urlsafe(12), body, seconds, now_s + seconds, urgency, topic)


def _is_topic(text: str) -> bool:
    plain = text.replace("-", "").replace("_", "")
    return 0 < len(text) <= 32 and (plain == "" or (plain.isascii() and plain.isalnum()))
