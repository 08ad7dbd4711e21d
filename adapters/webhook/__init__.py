"""Signed webhook: a maker's cloud posts JSON, signed as Standard Webhooks says.

Source: github.com/standard-webhooks/standard-webhooks, specification 1.0 (headers `webhook-id`,
`webhook-timestamp`, `webhook-signature`). The body is read by a mapping from configuration.
"""

from adapters.webhook.config import WebhookConfig
from adapters.webhook.decode import decode
from adapters.webhook.protocol import PROTOCOL
from adapters.webhook.session import WebhookSession
from adapters.webhook.signature import parse_secret

__all__ = ["PROTOCOL", "WebhookConfig", "WebhookSession", "decode", "parse_secret"]
