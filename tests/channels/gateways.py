"""Gateways of these tests, made from settings as a file has them."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from hub.notifier.gateway import Gateway, Gateways
from hub.notifier.gateway_hooks import hook_urls
from hub.notifier.it_notice import Trouble
from hub.notifier.sms import Sms
from hub.settings.channels import GatewaySettings
from hub.settings.load import parse_settings
from tests.channels.sends import KEY, URL

BODY: dict[str, Any] = {"to": "{to}", "text": "{text}", "reference": "{reference}"}


def settings(url: str, **more: Any) -> GatewaySettings:
    content = {"kind": "sms", "url": url, "json": BODY, "id": "id", **more}
    for gone in [name for name, value in content.items() if value is None]:
        del content[gone]
    text = json.dumps({"gateways": {"main": content}})
    return parse_settings(text).gateways["main"]


def gateways(
    http: aiohttp.ClientSession,
    *every: GatewaySettings,
    secret: Callable[[str], str | None] = lambda name: f"secret of {name}",
    told: list[tuple[Trouble, str]] | None = None,
) -> Gateways:
    named = dict(zip(("main", "spare"), every, strict=False))
    urls = hook_urls(URL, named, lambda name: f"secret of {name}")
    heard = [] if told is None else told
    return Gateways(
        [Gateway(id, one, http, secret) for id, one in named.items()],
        urls,
        lambda trouble, what: heard.append((trouble, what)),
    )


def sms(http: aiohttp.ClientSession, *every: GatewaySettings, **more: Any) -> Sms:
    return Sms(gateways(http, *every, **more), KEY, URL)
