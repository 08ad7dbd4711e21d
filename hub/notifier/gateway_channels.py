"""SMS, voice and ntfy put together from the settings: one line for the router's process."""

from collections.abc import Mapping
from typing import Literal

import aiohttp

from hub.notifier.channel import Channel
from hub.notifier.gateway import Gateway, Gateways
from hub.notifier.gateway_hooks import hook_urls
from hub.notifier.it_notice import Tell
from hub.notifier.ntfy import Ntfy
from hub.notifier.sms import Sms
from hub.notifier.voice import Voice
from hub.secrets import Secrets
from hub.settings.whole import Settings


def gateways_of(
    kind: Literal["sms", "voice"],
    settings: Settings,
    secrets: Secrets,
    http: aiohttp.ClientSession,
    *,
    public_url: str,
    tell: Tell,
) -> Gateways:
    """Return the gateways that serve a kind."""
    every = settings.gateways_of(kind)
    urls = hook_urls(public_url, every, secrets.secret)
    return Gateways([Gateway(id, one, http, secrets.find) for id, one in every.items()], urls, tell)


def gateway_channels(
    settings: Settings,
    secrets: Secrets,
    http: aiohttp.ClientSession,
    key: bytes,
    *,
    public_url: str,
    tell: Tell,
) -> Mapping[str, Channel]:
    """Return the channels by kind; one that no setting serves fails at once, so that the person's
    next channel follows. `key` is the municipality's of `hub.rights.seal.key_of`."""
    sms = gateways_of("sms", settings, secrets, http, public_url=public_url, tell=tell)
    voice = gateways_of("voice", settings, secrets, http, public_url=public_url, tell=tell)
    return {
        "sms": Sms(sms, key, public_url, home_code=settings.sms_home_code),
        "voice": Voice(voice, key),
        "ntfy": Ntfy(http, settings.ntfy, key, public_url, secrets.find),
    }
