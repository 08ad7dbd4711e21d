"""One message of a lock as values: what it is about, and the number or word it carries."""

from typing import NamedTuple

from adapters.nuki.codes import ACTIONS, TRIGGERS

NUMBERS = frozenset({"state", "doorsensorState", "batteryChargeState", "commandResponse"})
WORDS = frozenset(
    {"connected", "batteryCritical", "keypadBatteryCritical", "doorsensorBatteryCritical"}
)
SAID = {"true": True, "false": False, "1": True, "0": False}


class Beginning(NamedTuple):
    """What `lockActionEvent` says: something is about to be done, and by what."""

    action: int
    trigger: int
    user: int

    @property
    def code(self) -> str:
        """As a code of the event that tells it."""
        action = ACTIONS.get(self.action, str(self.action))
        return f"action={action} trigger={self.by}"

    @property
    def by(self) -> str:
        """By what."""
        return TRIGGERS.get(self.trigger, str(self.trigger))


def number(payload: bytes) -> int | None:
    """Return a number of up to five digits; None for anything else. Codes are integers: leading
    zeros count for nothing."""
    text = payload.strip()
    return int(text) if text.isdigit() and len(text) <= 5 else None


def word(payload: bytes) -> bool | None:
    """Return true or false; None for anything else."""
    return SAID.get(payload.strip().decode("latin-1").lower())


def beginning(payload: bytes) -> Beginning | None:
    """Return what is about to be done: `action,trigger,user,code,presses`; None for anything
    else. The number of a keypad's code is not read."""
    parts = [number(part) for part in payload.split(b",")]
    if len(parts) not in {4, 5} or parts[0] is None or parts[1] is None:
        return None
    user = _user(payload.split(b",")[2])
    return None if user is None else Beginning(parts[0], parts[1], user)


def _user(text: bytes) -> int | None:
    stripped = text.strip()
    return int(stripped) if stripped.isdigit() and len(stripped) <= 10 else None
