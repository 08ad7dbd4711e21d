"""Where a gateway calls us back: one address for each sort of callback, made in one place."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

from hub.notifier.gateway_request import HookUrls
from hub.settings.channels import GatewaySettings

Urls = Callable[[str, str], HookUrls]
"""Makes the addresses for one message from the gateway's id and the message's reference."""
WHATS = ("report", "reply", "key")
"""Sorts of callback: a delivery report, an SMS that came in, a key pressed in a call."""


def secret_name(gateway: str) -> str:
    """Return the name of the secret that proves a gateway's callbacks."""
    return f"hook-{gateway}"


def hook_urls(
    public_url: str, gateways: Mapping[str, GatewaySettings], secret: Callable[[str], str]
) -> Urls:
    """Return what makes the addresses. `secret` makes the secret where there is none."""

    def urls(gateway: str, reference: str) -> HookUrls:
        end = ""
        if gateways[gateway].hook.proof == "path":
            end = "/" + quote(secret(secret_name(gateway)), safe="")
        base = f"{public_url.rstrip('/')}/hooks/{gateway}"
        about = f"?reference={quote(reference, safe='')}"
        return HookUrls(*(f"{base}/{what}{end}{about}" for what in WHATS))

    return urls
