"""A fact as one line of the story that a failing seed tells."""

from routing.facts import AnyFact

_TOLD = (
    *("alarm", "event", "person", "round", "step", "activation"),
    *("send", "delivered", "refused"),
)


def in_short(fact: AnyFact) -> str:
    """Return the ids and numbers that matter."""
    return " ".join(f"{name}={getattr(fact, name)}" for name in _TOLD if hasattr(fact, name))
