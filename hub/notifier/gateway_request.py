"""What is sent to a gateway: its templates filled in, in every place by that place's own rules."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from hub.settings.channels import AuthSettings, GatewaySettings
from hub.text import Language

_LINE_ENDS = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, slots=True)
class HookUrls:
    """Where the gateway tells what becomes of a message."""

    report: str = ""
    reply: str = ""
    key: str = ""


_NOWHERE = HookUrls()


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS, or what is said in one call."""

    to: str
    """E.164."""
    text: str
    reference: str
    """Ours; the gateway gives it back with its report."""
    language: Language
    hooks: HookUrls = _NOWHERE


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


def request(gateway: GatewaySettings, message: Message, secret: str | None) -> Request:
    """Return the request; `secret` is the gateway's, None where it wants none."""
    values = _values(gateway, message, secret)
    quoted = {name: quote(value, safe="") for name, value in values.items()}
    url = gateway.url.format_map(quoted)
    plain = {name: _LINE_ENDS.sub(" ", value) for name, value in values.items()}
    headers = {name: text.format_map(plain) for name, text in gateway.headers.items()}
    headers.update(_auth(gateway.auth, secret or ""))
    if gateway.body_json is not None:
        body = msgspec.json.encode(_filled(gateway.body_json, values))
        return Request(gateway.method, url, {"Content-Type": "application/json", **headers}, body)
    if gateway.form is not None:
        form = {name: text.format_map(values) for name, text in gateway.form.items()}
        kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Request(gateway.method, url, {**kind, **headers}, urlencode(form).encode())
    return Request(gateway.method, url, headers, None)


def _values(gateway: GatewaySettings, message: Message, secret: str | None) -> dict[str, str]:
    auth = gateway.auth
    return {
        "to": message.to,
        "msisdn": message.to.removeprefix("+"),
        "text": message.text,
        "reference": message.reference,
        "language": gateway.languages.get(message.language, message.language),
        "report_url": message.hooks.report,
        "reply_url": message.hooks.reply,
        "key_url": message.hooks.key,
        "username": "" if auth is None else auth.body or auth.basic or "",
        "secret": secret or "",
    }


def _auth(auth: AuthSettings | None, secret: str) -> dict[str, str]:
    if auth is None or auth.body is not None:
        return {}
    if auth.bearer:
        return {"Authorization": f"Bearer {secret}"}
    if auth.basic is not None:
        pair = base64.b64encode(f"{auth.basic}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    return {str(auth.header): secret}


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return template.format_map(values)
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    return template
