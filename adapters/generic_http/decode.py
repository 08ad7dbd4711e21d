"""One body read outside a request, for `varde decode generic-http`."""

from adapters.decoded import Decoded
from adapters.generic_http.session import PROTOCOL
from adapters.mapping import Mapping, Rule, Test
from adapters.undecodable import first_error
from adapters.webhook.reading import BodyReader, body_id
from adapters.webhook.session import MAX_BODY, RECEIVED
from routing.instant import Instant
from routing.kinds import Kind

GATEWAY_EXAMPLE = Mapping(
    each="sensors",
    device="id",
    rules=(
        Rule(when={"state.leak": True}, kind=Kind.WATER_DETECTED),
        Rule(when={"state.battery": Test(below=15)}, kind=Kind.BATTERY_LOW),
    ),
    otherwise=Kind.DEVICE_ALIVE,
    battery="state.battery",
    time="$.sent",
)
"""A made-up gateway, for the documentation and for trying out without a mapping."""


def decode(payload: bytes, at: Instant, *, mapping: Mapping = GATEWAY_EXAMPLE) -> Decoded:
    """Read a JSON body; the token is in the headers and so is not looked at."""
    if len(payload) > MAX_BODY:
        fault = f"the body has {len(payload)} octets; the limit is {MAX_BODY}"
        return Decoded((), reply=None, binary=False, error=fault)
    if mapping.device is None:
        fault = "the mapping has no `device`: say where the device's id is in the JSON"
        return Decoded((), reply=None, binary=False, error=fault)
    reader = BodyReader(PROTOCOL, "decode", mapping, 600)
    events = tuple(reader.read(payload, body_id(payload), at).events)
    return Decoded(events, RECEIVED.text.encode(), binary=False, error=first_error(events))
