"""The OsmAnd codec: one call of a phone in, events and an answer out.

    wrong key in the path -> 404, as if nothing were there (anybody can call)
    right key             -> events; 200 when all are durable, 503 from the bridge when not, and the
                             phone keeps the report and calls again

A call that cannot be read, or does not say who sends it, is an event and answered 200: it is a
person's task now, and a 400 would only make the phone send it for ever.
"""

import hmac

from adapters.fit import read_json
from adapters.osmand.config import OsmandConfig
from adapters.osmand.fields import read_fields, report_of
from adapters.osmand.objects import MOST_REPORTS, reports_of
from adapters.osmand.report import Report
from adapters.osmand.tell import Teller
from adapters.session import Accepted, Answer, Call
from routing.event import Event
from routing.instant import Instant

SHORTEST_KEY = 16
RECEIVED = Answer(200, "received")
_NOT_HERE = Answer(404, "no such webhook; check the address")


class OsmandSession:
    """The `RequestSession` of the phones that have `key` in their address. ValueError for a key
    that could be guessed."""

    def __init__(self, config: OsmandConfig, key: str) -> None:
        if len(key) < SHORTEST_KEY:
            fault = f"the secret osmand-{config.id} has {len(key)} characters"
            raise ValueError(f"{fault}; use {SHORTEST_KEY} or more")
        self._key = key.encode()
        self._teller = Teller(config)

    def request(self, call: Call, at: Instant) -> Accepted | Answer:
        if not hmac.compare_digest(call.path.encode("utf-8", "replace"), self._key):
            return _NOT_HERE
        return Accepted(self.events(call, at), RECEIVED)

    def events(self, call: Call, at: Instant) -> list[Event]:
        """Return the events of a call that is believed."""
        raw = b"\n".join(
            part for part in (call.query.encode("utf-8", "replace"), call.body) if part
        )
        device = None
        try:
            if not _is_json(call):
                form = call.body.decode("utf-8", "replace")
                return self._of(
                    [report_of([*read_fields(call.query), *read_fields(form)])], raw, at
                )
            device = report_of(read_fields(call.query)).device
            return self._of(reports_of(read_json(call.body), device), raw, at)
        except ValueError as error:
            return self._teller.undecodable(f"cannot be read: {error}", device, raw, at)

    def _of(self, reports: list[Report], raw: bytes, at: Instant) -> list[Event]:
        if not reports:
            return self._teller.undecodable("no report in it", None, raw, at)
        events = self._teller.events(reports[:MOST_REPORTS], raw, at)
        if len(reports) > MOST_REPORTS:
            reason = f"{len(reports)} reports in one call: the first {MOST_REPORTS} are read"
            events += self._teller.undecodable(reason, reports[0].device, raw, at)
        return events


def _is_json(call: Call) -> bool:
    said = call.headers.get("content-type", "")
    return bool(call.body) and ("json" in said or call.body.lstrip()[:1] in (b"{", b"["))
