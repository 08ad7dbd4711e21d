"""A record as one line of the story that a failing seed tells."""

from hub.journal.port import Record

_TOLD = (
    *("alarm", "event", "person", "round", "step", "activation"),
    *("send", "delivered", "refused"),
)


def in_short(record: Record) -> str:
    """Return the place and kind of the fact, and the ids and numbers that matter."""
    fact = record.fact
    told = " ".join(f"{name}={getattr(fact, name)}" for name in _TOLD if hasattr(fact, name))
    return f"#{record.seq} {type(fact).__name__} {told}"
