"""The signed webhook, as it is registered."""

from adapters.explained import explain
from adapters.mapping import Mapping
from adapters.protocol import Request, Site
from adapters.webhook.anonymise import anonymise
from adapters.webhook.config import DISPENSER_EXAMPLE, WebhookConfig
from adapters.webhook.decode import decode
from adapters.webhook.session import WebhookSession
from adapters.webhook.signature import parse_secret


def _session(config: WebhookConfig, site: Site) -> WebhookSession:
    return WebhookSession(config, [parse_secret(site.secret(f"webhook-{config.id}"))])


PROTOCOL = Request(
    WebhookConfig,
    lambda given: decode(given.octets, given.at, mapping=given.mapping),
    _session,
    mapping=Mapping,
    explain=lambda given: explain(given.mapping or DISPENSER_EXAMPLE, given.octets),
    anonymise=anonymise,
)
