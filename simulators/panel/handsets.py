"""The handsets on the panel: what stands on them, what is pressed on them, and what is made to
fail."""

import asyncio

from aiohttp import web

from simulators.colleague import PhoneProblem
from simulators.crew import SERVICES, Crew
from simulators.panel.wish import wish_of

_STATES = {"on", "off"}
_BUTTONS = {"accept": "accept", "refuse": "refuse", "answer test": "answer"}
"""Of a notification, and the right behind each."""
_LOOKS_EVERY_S = 15.0
"""So often a stream without news writes something, and so finds out that its page has gone."""


def add_routes(app: web.Application, crew: Crew, ending: asyncio.Event) -> None:
    """Add the routes; the panel's guard stands before them as before all others."""
    desk = _Desk(crew, ending)
    app.router.add_get("/handsets", desk.shown)
    app.router.add_get("/handsets/changes", desk.changes)
    app.router.add_post("/handsets/press", desk.press)
    app.router.add_post("/handsets/state", desk.state)
    app.router.add_post("/handsets/outage", desk.outage)


class _Desk:
    def __init__(self, crew: Crew, ending: asyncio.Event) -> None:
        self._crew, self._ending = crew, ending

    async def shown(self, request: web.Request) -> web.Response:
        return web.json_response(self._crew.shown(self._person(request.query.get("person", ""))))

    async def press(self, request: web.Request) -> web.Response:
        wish = await wish_of(request, "person", "what", "of")
        person, what = self._person(wish["person"]), wish["what"]
        said = ""
        try:
            if what in _BUTTONS:
                said = await self._crew.use(person, wish["of"], _BUTTONS[what])
            elif what in {"reply 1", "reply 2"}:
                self._crew.reply(person, wish["of"], what[-1])
            elif what in {"answer", "hang_up", "1", "2"}:
                self._crew.telephone(person, what)
            else:
                raise web.HTTPNotFound(text="No handset has such a button.")
        except (PhoneProblem, ValueError) as problem:
            raise web.HTTPConflict(text=str(problem)) from problem
        return web.json_response({"said": said})

    async def state(self, request: web.Request) -> web.Response:
        wish = await wish_of(request, "person", "what", "state")
        person, on = self._person(wish["person"]), _on(wish["state"])
        if wish["what"] == "coverage":
            await self._crew.set_coverage(person, on=on)
        elif wish["what"] == "power":
            await self._crew.set_power(person, on=on)
        else:
            raise web.HTTPNotFound(text="A handset has coverage and power.")
        return web.json_response(self._crew.shown(person))

    async def outage(self, request: web.Request) -> web.Response:
        wish = await wish_of(request, "service", "state")
        if wish["service"] not in SERVICES:
            raise web.HTTPNotFound(text=f"The services are {', '.join(SERVICES)}.")
        await self._crew.set_down(wish["service"], down=not _on(wish["state"]))
        return web.json_response({"state": wish["state"]})

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Tell of every change, without what it is: the page asks for the handsets it shows."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        ended = asyncio.ensure_future(self._ending.wait())
        try:
            while not ended.done():
                await response.write(b"data: changed\n\n")
                changed = asyncio.ensure_future(self._crew.bell.wait())
                await asyncio.wait(
                    {changed, ended},
                    timeout=_LOOKS_EVERY_S,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                changed.cancel()
        except ConnectionResetError:
            # The page was closed: nothing is owed to it.
            pass
        finally:
            ended.cancel()
        return response

    def _person(self, id: str) -> str:
        if id not in self._crew.pockets:
            raise web.HTTPNotFound(text="Nobody of that name is on a shift.")
        return id


def _on(state: str) -> bool:
    if state not in _STATES:
        raise web.HTTPBadRequest(text="Send `state` as on or off.")
    return state == "on"
