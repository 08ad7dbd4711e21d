"""One body read outside a request, for `varde decode webhook`."""

from adapters.decoded import Decoded
from adapters.mapping import Mapping
from adapters.undecodable import first_error
from adapters.webhook.config import DISPENSER_EXAMPLE, WebhookConfig
from adapters.webhook.reading import PROTOCOL, BodyReader, body_id
from adapters.webhook.session import MAX_BODY, RECEIVED
from routing.instant import Instant


def decode(payload: bytes, at: Instant, *, mapping: Mapping | None = None) -> Decoded:
    """Read a JSON body; headers, and so the signature, are not part of it."""
    if len(payload) > MAX_BODY:
        fault = f"the body has {len(payload)} octets; the limit is {MAX_BODY}"
        return Decoded((), reply=None, binary=False, error=fault)
    config = WebhookConfig(id="decode", mapping=mapping or DISPENSER_EXAMPLE)
    reader = BodyReader(PROTOCOL, config.id, config.mapping, config.dedupe_window_s)
    events = tuple(reader.read(payload, body_id(payload), at).events)
    return Decoded(events, RECEIVED.text.encode(), binary=False, error=first_error(events))
