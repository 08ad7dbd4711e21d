"""A voice gateway with the telephones behind it: `POST /call` rings, keys and states call back.

`{"to", "say", "reference", "language"}` is answered by `{"id"}`. The hub hears `{"id", "reference",
"status": "ringing" | "answered" | "busy" | "no-answer" | "ended"}` at `report`, and `{"id",
"reference", "key"}` at `key`, which it may answer by `{"say"}`: that is spoken.
"""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from simulators.telecom import Hook, Telecom

Status = Literal["ringing", "answered", "busy", "no-answer", "ended"]
RINGS_FOR_S = 25.0


@dataclass(slots=True, eq=False)
class Call:
    """One call, and how far it has come."""

    id: str
    reference: str
    to: str
    say: str
    language: str
    status: Status = "ringing"
    heard: list[str] = field(default_factory=list)
    """What the voice says after a key."""

    @property
    def live(self) -> bool:
        return self.status in {"ringing", "answered"}


class VoiceGateway(Telecom):
    """The gateway. `calls` holds every call, oldest first."""

    def __init__(self, hook: Hook | None = None, token: str | None = None) -> None:
        super().__init__([web.post("/call", self._take)], hook, token)
        self.calls: list[Call] = []
        self.rings_for_s = RINGS_FOR_S
        self.unreachable: set[str] = set()
        """Numbers that are off, or out of coverage."""
        self._ids = itertools.count(1)

    def call_at(self, number: str) -> Call | None:
        """Return the call that rings or is spoken at a number."""
        live = (call for call in reversed(self.calls) if call.to == number and call.live)
        return next(live, None)

    def answer(self, call: Call) -> None:
        """Take the telephone up; the text is heard."""
        if call.status == "ringing":
            self._goes(call, "answered")

    def press(self, call: Call, key: str) -> None:
        """Press a key while one listens."""
        if call.status != "answered":
            raise ValueError(f"the call is {call.status}: nobody can press {key}")

        def spoken(answer: dict[str, Any]) -> None:
            call.heard.append(str(answer.get("say", "")))
            self.changed()

        told = {"id": call.id, "reference": call.reference, "key": key}
        self.call_back("key", told, spoken)

    def hang_up(self, call: Call) -> None:
        """End the call, or refuse to take it."""
        if call.live:
            self._goes(call, "ended" if call.status == "answered" else "busy")

    async def _take(self, request: web.Request) -> web.Response:
        wish = await self._asked(request, "to", "say", "reference", "language")
        busy = self.call_at(wish["to"]) is not None
        call = Call(
            id=f"call-{next(self._ids)}",
            reference=wish["reference"],
            to=wish["to"],
            say=wish["say"],
            language=wish["language"],
        )
        self.calls.append(call)
        if busy:
            self._goes(call, "busy")
        elif call.to in self.unreachable:
            self._goes(call, "no-answer")
        else:
            self._goes(call, "ringing")
            self.later(self._ring(call))
        return web.json_response({"id": call.id})

    async def _ring(self, call: Call) -> None:
        await asyncio.sleep(self.rings_for_s)
        if call.status == "ringing":
            self._goes(call, "no-answer")

    def _goes(self, call: Call, status: Status) -> None:
        call.status = status
        self.call_back("report", {"id": call.id, "reference": call.reference, "status": status})
        self.changed()
