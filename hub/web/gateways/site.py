"""What the web process needs to hear gateways and to answer them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from adapters.recent import Bounded
from hub.notifier.gateway import Gateways
from hub.notifier.it_notice import Tell, nobody
from hub.settings.channels import GatewaySettings
from hub.web.gateways.kept import KeptReplies
from hub.web.gateways.numbers import Numbers
from hub.web.lately import Lately
from routing.instant import Instant


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """The gateways of one municipality, as those who call us."""

    gateways: Mapping[str, GatewaySettings]
    secret: Callable[[str], str | None]
    """Finds a secret by its name; SecretUnsafe."""
    sms: Gateways
    """Those by which a reply is answered."""
    kept: KeptReplies
    people: Numbers
    bounds: Lately
    bare: Bounded[str, tuple[str, Instant]] = field(default_factory=lambda: Bounded(5_000))
    """By person: the call that they have last answered without its code, and when."""
    tell: Tell = nobody
    http: aiohttp.ClientSession | None = None
    """What replies are answered on."""

    async def close(self) -> None:
        """Let go of connections and of the file."""
        if self.http is not None:
            await self.http.close()
        self.kept.close()
