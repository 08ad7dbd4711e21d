"""How a push service is to treat a message: how long it keeps it, how hard it tries, and which
waiting one it replaces (RFC 8030, 5.2 to 5.4)."""

import base64
import hashlib
import hmac
from typing import Literal

from hub.notifier.channel import Send
from routing.alarm import Alarm
from routing.instant import HOUR, MINUTE, SECOND, Instant
from routing.kinds import Severity
from routing.tasks.value import Task

Urgency = Literal["very-low", "low", "normal", "high"]
SHORTEST: Instant = MINUTE
"""A push with TTL 0 is lost on a phone that sleeps for a second."""
LONGEST: Instant = HOUR
"""As long as the rights that it carries."""
OTHERWISE: Instant = 10 * MINUTE
"""Where nothing waits for an answer."""
_TOPIC_OCTETS = 18
"""24 characters; a topic has 32 at most."""


def ttl_s(send: Send, at: Instant) -> int:
    """Return how long the service keeps the message for a phone without connection: as long as the
    step waits, so that a call which has gone to others does not ring an hour later."""
    about = send.alarm
    due_at = about.due_at if isinstance(about, Alarm | Task) else None
    left = OTHERWISE if due_at is None else due_at - at
    return min(max(left, SHORTEST), LONGEST) // SECOND


def urgency(send: Send) -> Urgency:
    """Return `high`, which wakes a sleeping phone at once, for whoever is asked; less for who is
    only informed and for what has time."""
    unhurried = send.alarm.severity <= Severity.LOW
    if send.owed.page.informed:
        return "very-low" if unhurried else "normal"
    return "normal" if unhurried and isinstance(send.alarm, Alarm | Task) else "high"


def topic(key: bytes, send: Send, handset: str) -> str:
    """Return what a later message about the same alarm replaces while the phone is away. It is
    another one for every phone, so that a service cannot tell who is called to the same alarm."""
    said = f"topic\x1f{handset}\x1f{send.owed.alarm}".encode()
    octets = hmac.new(key, said, hashlib.sha256).digest()[:_TOPIC_OCTETS]
    return base64.urlsafe_b64encode(octets).decode()
