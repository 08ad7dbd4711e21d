"""An SMS gateway with the handsets behind it: `POST /sms` sends, reports and replies call back.

`{"to", "text", "reference"}` is answered by `{"id"}`. Later the hub hears `{"id", "reference",
"status": "delivered" | "failed"}` at `report`, and `{"from", "text"}` at `reply`. The same
reference twice is delivered twice: such gateways exist.
"""

import itertools
import time
from dataclasses import dataclass, field

from aiohttp import web

from simulators.telecom import Hook, Telecom

LONGEST = 918
"""Characters of six parts of 153 (3GPP TS 23.040, 9.2.3.24.1): more is refused with 400."""


@dataclass(frozen=True, slots=True)
class Sms:
    """One message on its way to a handset, or in it."""

    id: str
    reference: str
    text: str
    at: float


@dataclass(slots=True)
class Nokia:
    """A plain phone: SMS only, and it needs no data."""

    number: str
    on: bool = True
    covered: bool = True
    """By the mobile network; data coverage is not needed."""
    inbox: list[Sms] = field(default_factory=list)
    waiting: list[Sms] = field(default_factory=list)
    """At the operator, until the handset is reachable."""

    @property
    def reachable(self) -> bool:
        return self.on and self.covered


class SmsGateway(Telecom):
    """The gateway. A number that has no handset fails; the report says so."""

    def __init__(self, hook: Hook | None = None, token: str | None = None) -> None:
        super().__init__([web.post("/sms", self._take)], hook, token)
        self.handsets: dict[str, Nokia] = {}
        self.sent: list[tuple[str, Sms]] = []
        """Every message taken, with whom it was for."""
        self._ids = itertools.count(1)

    def handset(self, number: str) -> Nokia:
        """Return the handset of a number; a new one where there is none."""
        return self.handsets.setdefault(number, Nokia(number))

    def set_reachable(self, number: str, *, on: bool, covered: bool) -> None:
        """Switch a handset, or move it; what waited is delivered when it is reachable again."""
        nokia = self.handset(number)
        nokia.on, nokia.covered = on, covered
        if nokia.reachable:
            waiting, nokia.waiting = nokia.waiting, []
            for sms in waiting:
                self._deliver(nokia, sms)
        self.changed()

    def reply(self, number: str, text: str) -> bool:
        """Let somebody answer by SMS; False where the handset is not reachable."""
        if not self.handset(number).reachable:
            return False
        self.call_back("reply", {"from": number, "text": text})
        return True

    async def _take(self, request: web.Request) -> web.Response:
        wish = await self._asked(request, "to", "text", "reference")
        if not 0 < len(wish["text"]) <= LONGEST:
            raise web.HTTPBadRequest(text=f"An SMS has 1 to {LONGEST} characters.")
        sms = Sms(f"sms-{next(self._ids)}", wish["reference"], wish["text"], time.time())
        self.sent.append((wish["to"], sms))
        nokia = self.handsets.get(wish["to"])
        if nokia is None:
            self._report(sms, "failed")
        elif nokia.reachable:
            self._deliver(nokia, sms)
        else:
            nokia.waiting.append(sms)
        return web.json_response({"id": sms.id})

    def _deliver(self, nokia: Nokia, sms: Sms) -> None:
        nokia.inbox.append(sms)
        self._report(sms, "delivered")
        self.changed()

    def _report(self, sms: Sms, status: str) -> None:
        self.call_back("report", {"id": sms.id, "reference": sms.reference, "status": status})
