"""The web process's own part with gateways: hears them, and answers replies by them."""

from pathlib import Path

import aiohttp

from hub.notifier.gateway_channels import gateways_of
from hub.notifier.gateway_hooks import secret_name
from hub.notifier.it_notice import Tell
from hub.secrets import Secrets
from hub.settings.whole import Settings
from hub.web.gateways.bounds import MOST_KNOWN, WINDOW
from hub.web.gateways.kept import SUFFIX, KeptReplies
from hub.web.gateways.numbers import Numbers
from hub.web.gateways.site import Hooks
from hub.web.lately import Lately
from hub.web.live import Live


def replies_path(settings: Settings, municipality: str) -> Path:
    """Return where the municipality's kept replies are."""
    return settings.state_dir / f"{municipality}{SUFFIX}"


def hooks_of(
    settings: Settings, municipality: str, live: Live, *, public_url: str, tell: Tell
) -> Hooks | None:
    """Return what hears the gateways, None where there are none; call on the loop. The secrets that
    prove callbacks are made where they are not there."""
    if not settings.gateways:
        return None
    secrets = Secrets(settings.state_dir)
    for id in settings.gateways:
        secrets.secret(secret_name(id))
    http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
    sms = gateways_of("sms", settings, secrets, http, public_url=public_url, tell=tell)
    return Hooks(
        gateways=settings.gateways,
        secret=secrets.find,
        sms=sms,
        kept=KeptReplies(replies_path(settings, municipality)),
        people=Numbers(live),
        bounds=Lately(WINDOW, MOST_KNOWN),
        tell=tell,
        http=http,
    )
