"""Templates and paths by which a gateway is described: what may stand in them, checked when the
settings are read."""

import string
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from hub.configuration.scalars import bad

_ADDRESSES = ("report_url", "reply_url", "key_url")
PLACEHOLDERS = frozenset(
    ("to", "msisdn", "text", "reference", "language", "username", "secret", *_ADDRESSES)
)
"""What a template may ask for. `to` is E.164 with its plus sign, `msisdn` the same without."""
_IN_URL = PLACEHOLDERS - {"secret"}
"""Addresses are logged by whoever stands between: a secret in one would be no secret."""
PATH_LENGTH = 200


def _fields(template: str) -> set[str]:
    """Return what a template asks for; a conversion or a format is no placeholder of ours."""
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in string.Formatter().parse(template)
        if name is not None
    }


def _template(value: str) -> str:
    try:
        unknown = sorted(_fields(value) - PLACEHOLDERS)
    except ValueError:
        raise bad("bad_template", value) from None
    if unknown:
        raise bad("bad_placeholder", value, field="{" + unknown[0] + "}")
    return value


def _gateway_url(value: object) -> str:
    text = str(value)
    try:
        fields, parts = _fields(text), urlsplit(text)
        sound = parts.port != 0
    except ValueError:
        raise bad("bad_url", value) from None
    if unknown := sorted(fields - _IN_URL):
        raise bad("bad_placeholder", value, field="{" + unknown[0] + "}")
    whole = parts.scheme in {"http", "https"} and parts.hostname and "{" not in parts.netloc
    if not sound or not whole or parts.username is not None:
        raise bad("bad_url", value)
    return text


def _leaves(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from _leaves(value)
    elif isinstance(body, list):
        for value in body:
            yield from _leaves(value)


def _json(body: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    for leaf in _leaves(body):
        _template(leaf)
    return body


Template = Annotated[str, AfterValidator(_template)]
"""Text with placeholders in braces; a brace of its own is written twice."""
GatewayUrl = Annotated[str, BeforeValidator(_gateway_url)]
"""http(s) URL with placeholders in path and query, each percent-encoded."""
JsonTemplate = Annotated[dict[str, Any] | list[Any], AfterValidator(_json)]
"""JSON whose texts are templates."""
Where = Annotated[str, Field(min_length=1, max_length=PATH_LENGTH)]
"""Path to a value, its steps parted by dots: `messages.0.id`. In a form it is the field's name."""
