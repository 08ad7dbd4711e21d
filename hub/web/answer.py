"""What the API's routes answer with: JSON, plain text, and the end of a command."""

from collections.abc import Iterable
from http import HTTPStatus

import msgspec
from fastapi import Response

from hub.telling.words import Words
from hub.web.live import Ended
from hub.web.session import Reader


def as_json(body: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return the body as JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def as_text(lines: Iterable[str]) -> Response:
    """Return lines as plain text."""
    return Response("\n".join([*lines, ""]), media_type="text/plain; charset=utf-8")


def not_confirmed(reader: Reader) -> Response:
    """Say that it may still be done, and that the client is to ask again with the same id."""
    body = {"state": "not_confirmed", "text": reader.text("error.not_confirmed")}
    return as_json(body, HTTPStatus.ACCEPTED)


def ended_as(ended: Ended, words: Words, **now: object) -> Response:
    """Say that it was done, or why it was refused; `now` is what it is about, as it is now."""
    if ended.refused is None:
        return as_json({"state": "done", **now})
    answer = {
        "state": "refused",
        "error": ended.refused.code,
        "params": ended.refused.params,
        "text": words.reason(ended.refused),
        **now,
    }
    return as_json(answer, HTTPStatus.CONFLICT)
