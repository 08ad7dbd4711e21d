"""What a person's tap becomes: the JSON on the command topic."""

import json
from typing import Any

import msgspec

from hub.scenario.model import ActionEntry
from routing.inputs import Command
from routing.instant import Instant
from routing.lifecycle import Phase

OF_COMMAND = frozenset(Command.__struct_fields__) - {"alarm", "person", "action", "made_at"}
"""Fields of a command that an action may give by their own name."""


def tap(
    person: str, action: ActionEntry, alarm: str, *, seen: Phase, made_at: Instant, id: str
) -> bytes:
    """Return the command as the web process publishes it."""
    content: dict[str, Any] = {
        "id": action.id or id,
        "alarm": alarm,
        "person": person,
        "action": action.do,
        "seen_phase": seen,
        "made_at": made_at,
        "arrive_within_s": action.arrive_within,
        "outcome": action.outcome,
        "note": action.note,
        **(action.model_extra or {}),
    }
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def task_tap(person: str, action: ActionEntry, task: str, *, made_at: Instant, id: str) -> bytes:
    """Return the command about a task as the web process publishes it."""
    content: dict[str, Any] = {
        "about": "task",
        "id": action.id or id,
        "task": task,
        "person": person,
        "action": action.task,
        "made_at": made_at,
        "outcome": action.result,
        "note": action.note,
    }
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def mistake(action: ActionEntry) -> str | None:
    """Return what is wrong with the fields that an action gives by name, None when nothing is."""
    if action.task is not None:
        return None
    body = tap("p", action, "a", seen=Phase.LOOKING, made_at=0, id="c")
    try:
        msgspec.json.decode(body, type=Command)
    except msgspec.ValidationError as error:
        return str(error)
    return None
