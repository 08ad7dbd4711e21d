"""Which thing a Zigbee2MQTT topic speaks of.

Friendly names may hold slashes, so a topic is read from its ends: `<base>/<name>`,
`<base>/<name>/availability`, `<base>/<name>/set` and `/get` (commands, with an attribute behind
them or not), `<base>/bridge/...`.
"""

from dataclasses import dataclass

BRIDGE = "bridge"
_COMMANDS = frozenset(("set", "get"))


@dataclass(frozen=True, slots=True)
class State:
    """The state of a device, JSON."""

    device: str


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a device, or the gateway itself, is reachable."""

    device: str


def read_topic(base: str, topic: str) -> State | Availability | None:
    """Return what the topic speaks of; None for commands, the bridge's log and foreign topics."""
    if not topic.startswith(f"{base}/"):
        return None
    parts = topic[len(base) + 1 :].split("/")
    if parts[0] == BRIDGE:
        return Availability(BRIDGE) if parts == [BRIDGE, "state"] else None
    if _is_command(parts):
        return None
    if parts[-1] == "availability" and len(parts) > 1:
        return Availability("/".join(parts[:-1]))
    return State("/".join(parts))


def _is_command(parts: list[str]) -> bool:
    return len(parts) > 1 and (
        parts[-1] in _COMMANDS or (len(parts) > len("ab") and parts[-2] in _COMMANDS)
    )
