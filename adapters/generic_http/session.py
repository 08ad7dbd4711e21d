"""The codec of unsigned JSON over HTTP: one POST in, events and an answer out.

    too long -> 413      another token, or none -> 401 (and nothing else: anybody can call)
    believed -> events; 200 when all are durable, 503 from the bridge when not, so that it is resent
    believed, a list of more than 100 items -> `frame.undecodable` and 413, to be sent in parts

A believed body that cannot be read is an event and answered 200: it is a person's task now.
"""

import hashlib
import hmac

from adapters.generic_http.config import GenericHttpConfig
from adapters.session import Accepted, Answer, Call
from adapters.webhook.reading import BodyReader
from adapters.webhook.session import MAX_BODY, RECEIVED, TOO_MANY
from routing.instant import Instant

PROTOCOL = "generic-http"
_SHORTEST_TOKEN = 24
_LONGEST_KEY = 256
_REFUSED = Answer(401, "no right token: send `Authorization: Bearer` and the listener's secret")


class GenericHttpSession:
    """The `RequestSession` of one sender."""

    def __init__(self, config: GenericHttpConfig, token: str) -> None:
        """ValueError says what is wrong with the token and never repeats it."""
        if len(token) < _SHORTEST_TOKEN:
            raise ValueError(f"the token of {config.id} is short: use {_SHORTEST_TOKEN} or more")
        self._token = token.encode()
        self._reader = BodyReader(PROTOCOL, config.id, config.mapping, config.dedupe_window_s)

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        if len(call.body) > MAX_BODY:
            return Answer(413, f"the body has {len(call.body)} octets; the limit is {MAX_BODY}")
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        offered = token.strip().encode("utf-8", "replace")
        if scheme.lower() != "bearer" or not hmac.compare_digest(offered, self._token):
            return _REFUSED
        read = self._reader.read(call.body, _message_id(call, at), at)
        return Accepted(tuple(read.events), TOO_MANY if read.is_too_long else RECEIVED)


def _message_id(call: Call, at: Instant) -> str:
    key = call.headers.get("idempotency-key", "")
    if 0 < len(key) <= _LONGEST_KEY:
        return f"key {key}"
    return f"{hashlib.blake2b(call.body, digest_size=16).hexdigest()} {at}"
