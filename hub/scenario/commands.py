"""What a person's tap becomes: the JSON on the command topic."""

import json
from typing import Any

import msgspec

from hub.scenario.model import ActionEntry
from routing.inputs import Command
from routing.instant import Instant, from_rfc3339
from routing.lifecycle import Phase
from routing.proofs.command import ReachAction, ReachCommand
from routing.tasks.command import TaskCommand

_OURS = {"alarm", "person", "action", "made_at"}
OF_REACH = frozenset(ReachCommand.__struct_fields__)
OF_COMMAND = (frozenset(Command.__struct_fields__) | OF_REACH) - _OURS | {"new"}
"""Fields of a command that an action may give by their own name; `new` is a task's."""


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
        **(action.model_extra or {}),
    }
    if isinstance(content.get("new"), dict):
        content["new"] = {key: _instant(key, said) for key, said in content["new"].items()}
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def reach_tap(
    person: str, action: ActionEntry, test: str | None, *, made_at: Instant, id: str
) -> bytes:
    """Return the command about being reached as the web process publishes it."""
    said = {key: _instant(key, value) for key, value in (action.model_extra or {}).items()}
    content: dict[str, Any] = {
        "about": "reach",
        "id": action.id or id,
        "person": person,
        "action": action.reach,
        "of": action.of,
        "made_at": made_at,
        "test": test if action.reach is ReachAction.ANSWER else None,
        **said,
    }
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def _instant(key: str, said: object) -> object:
    """Return a time, RFC 3339, as an instant; anything else as it is."""
    return from_rfc3339(str(said)) if key in {"start", "end", "since", "until"} else said


def mistake(action: ActionEntry) -> str | None:
    """Return what is wrong with the fields that an action gives by name, None when nothing is."""
    try:
        if action.reach is not None:
            body = reach_tap("p", action, "test-c", made_at=0, id="c")
            msgspec.json.decode(body, type=ReachCommand)
        elif action.task is not None:
            body = task_tap("p", action, "t", made_at=0, id="c")
            msgspec.json.decode(body, type=TaskCommand)
        else:
            body = tap("p", action, "a", seen=Phase.LOOKING, made_at=0, id="c")
            msgspec.json.decode(body, type=Command)
    except ValueError as error:  # msgspec's is one, and that of a time that is none
        return str(error)
    return None
