"""What a gateway's answer means, and how a value is found in what gateways send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.notifier.channel import Attempt, Result
from hub.notifier.exchange import refused
from hub.settings.channels import GatewaySettings

_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    retry_after: str = ""


def judge(gateway: GatewaySettings, answer: Answer) -> Attempt:
    """Return what came of it: a gateway's yes is never more than `TAKEN`."""
    expected = gateway.success or range(200, 300)
    if answer.status in expected:
        return _accepted(gateway, answer, f"http-{answer.status}")
    return refused(answer.status, answer.retry_after)


def _accepted(gateway: GatewaySettings, answer: Answer, code: str) -> Attempt:
    """A gateway that says no inside its 200 is heard; what cannot be read is no yes there."""
    wanted = gateway.accepted
    if wanted is None:
        return Attempt(Result.TAKEN, code)
    body = read_json(answer.body)
    if body is None:
        return Attempt(Result.AGAIN, "answer-unreadable")
    said = at(body, wanted.at)
    return (
        Attempt(Result.TAKEN, code)
        if said in wanted.is_one_of
        else Attempt(Result.FAILED, "not-accepted")
    )


def message_id(gateway: GatewaySettings, answer: Answer) -> str | None:
    """Return the gateway's own id of the message, None where its answer has none."""
    body = None if gateway.id is None else read_json(answer.body)
    found = None if body is None or gateway.id is None else at(body, gateway.id)
    return found[:_LONGEST_ID] if found and found.isprintable() else None


def read_json(body: bytes) -> Any:
    """Return what JSON says, None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def at(content: Any, path: str) -> str | None:
    """Return the text, number or truth at a path as text (`true` for truth), None where nothing of
    the kind stands there."""
    return _as_text(inside(content, path))


def inside(content: Any, path: str) -> Any:
    """Return what stands at a path, None where nothing does. A key may hold dots: the longest that
    fits is taken."""
    if isinstance(content, Mapping) and path in content:
        return content[path]
    step, dot, rest = path.partition(".")
    found = _step(content, step)
    return found if not dot or found is None else inside(found, rest)


def _step(content: Any, step: str) -> Any:
    if isinstance(content, Mapping):
        return content.get(step)
    if isinstance(content, list) and step.isascii() and step.isdecimal() and len(step) < 6:
        number = int(step)
        return content[number] if number < len(content) else None
    return None


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else None
