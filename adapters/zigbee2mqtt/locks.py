"""Commands to locks behind a gateway, and what answers them.

A lock is told by `<base>/<name>/set {"state": "UNLOCK"}` and answers by its next state. A state
that comes with an action of another source (a keypad, a key) is not the answer. That the gateway
could not reach the lock stands in its log (`bridge/logging`), of which nothing else is read: it may
hold a `pin_code`.
"""

import json
import re
from collections.abc import Mapping

from adapters.fit import Json, read_json
from adapters.levels import Levels
from adapters.lock_commands import UnderWay
from adapters.session import Publish
from adapters.zigbee2mqtt.topics import BRIDGE
from routing.kinds import Kind
from routing.to_device import DeviceAction, DeviceCommand

LOG_TOPIC = f"{BRIDGE}/logging"
_FAILED = re.compile(r"(?:z2m: ?)?Publish 'set' '[^']*' to '(?P<name>[^']+)' failed")
_OTHERS = frozenset(("keypad", "manual", "rfid"))
_OTHERS_BEGIN = ("keypad_", "manual_", "key_", "rfid_", "auto_", "one_touch_", "schedule_")
_DONE = {DeviceAction.UNLOCK: Kind.LOCK_UNLOCKED, DeviceAction.LOCK: Kind.LOCK_LOCKED}
_NAME = re.compile(r"[^+#\x00/]+(/[^+#\x00/]+)*")


def told(base: str, device: str, command: DeviceCommand) -> Publish | None:
    """Return the message that tells the lock; None for what cannot be a friendly name."""
    if not _NAME.fullmatch(device):
        return None
    payload = json.dumps({"state": command.action.upper()})
    return Publish(f"{base}/{device}/set", payload.encode(), qos=0)


def unreachable(levels: Levels, device: str) -> str | None:
    """Return as a code why the lock cannot hear: a command that its gateway or the broker kept for
    it would open the door later."""
    for one in (BRIDGE, device):
        if levels.known(one, "availability") == "offline":
            return "availability=offline"
    return None


def by_another(state: Mapping[str, Json]) -> bool:
    """Say whether the message tells that somebody turned the lock there."""
    action = state.get("action")
    begins = isinstance(action, str) and action.startswith(_OTHERS_BEGIN)
    return begins or (bool(action) and state.get("action_source_name") in _OTHERS)


def ends(ours: UnderWay, kind: Kind, *, changed: bool) -> bool:
    """Say whether the lock's state is the end of the command. That it stands as it should ends it;
    a failure only when it is new, as a gateway repeats the whole state again and again."""
    return kind is _DONE[ours.command.action] or (kind is Kind.LOCK_FAILED and changed)


def could_not_reach(payload: bytes) -> str | None:
    """Return the device that the gateway's log says it could not reach with a command."""
    try:
        entry = read_json(payload)
    except ValueError:
        return None
    if not isinstance(entry, dict) or entry.get("level") != "error":
        return None
    found = _FAILED.match(str(entry.get("message")))
    return None if found is None else found["name"]
