"""The webhook codec: one signed POST in, events and an answer out.

    too long -> 413      not believed -> 401 (and nothing else: anybody can send an unsigned POST)
    believed -> events; 200 when all are durable, 503 from the bridge when not, so that it is resent
    believed, a list of more than 100 items -> `frame.undecodable` and 413, to be sent in parts

A believed message that cannot be read is an event (`frame.undecodable`) and answered 200: it is a
person's task now, and sending it again would not help. A repeated `webhook-id`, or a repeated value
at the mapping's `dedupe` path, gives the same event ids and is confirmed again.
"""

from collections.abc import Sequence

from adapters.session import Accepted, Answer, Call
from adapters.webhook.config import WebhookConfig
from adapters.webhook.reading import MOST_ITEMS, PROTOCOL, BodyReader
from adapters.webhook.signature import Refused, verify
from routing.instant import SECOND, Instant

MAX_BODY = 256 * 1024
RECEIVED = Answer(200, "received")
TOO_MANY = Answer(413, f"the body is a list of more than {MOST_ITEMS} items: send it in parts")


class WebhookSession:
    """The `RequestSession` of one sender; `keys` are the secrets that count (`parse_secret`)."""

    def __init__(self, config: WebhookConfig, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError(f"webhook {config.id}: no secret; unsigned messages are not accepted")
        self._keys = tuple(keys)
        self._tolerance = config.tolerance_s * SECOND
        self._reader = BodyReader(PROTOCOL, config.id, config.mapping, config.dedupe_window_s)

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        if call.path:
            return Answer(404, "no such webhook; check the address")
        if len(call.body) > MAX_BODY:
            return Answer(413, f"the body has {len(call.body)} octets; the limit is {MAX_BODY}")
        verdict = verify(call.headers, call.body, self._keys, self._tolerance, at)
        if isinstance(verdict, Refused):
            return Answer(401, verdict.reason)
        read = self._reader.read(call.body, verdict.message_id, at)
        return Accepted(tuple(read.events), TOO_MANY if read.is_too_long else RECEIVED)
