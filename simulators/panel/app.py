"""The panel's web server.

It presses devices, so it is guarded although it is a toy: it answers only under its own host name
(no DNS rebinding), only with the key of the printed URL, and takes a POST only from its own page.
"""

import asyncio
import contextlib
import hmac
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from simulators.crew import Crew
from simulators.devicelog import DeviceLog
from simulators.fleet import Fleet
from simulators.hub_process import HubFailed
from simulators.panel import feed, handsets
from simulators.panel.cards import listed
from simulators.panel.page import LANGUAGES, render
from simulators.panel.wish import wish_of
from simulators.plan import Plan

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_STATIC = Path(__file__).parent / "static"
_COOKIE = "varde_panel"


class Panel:
    """The page, and the one URL that opens it."""

    def __init__(
        self,
        fleet: Fleet,
        log: DeviceLog,
        plan: Plan,
        hub_web: str,
        code: Callable[[str], Awaitable[str]],
        *,
        origin: str,
        key: str,
        crew: Crew | None = None,
    ) -> None:
        self._fleet, self._log, self._plan = fleet, log, plan
        self._crew = crew
        self._hub_web, self._code = hub_web, code
        self._origin, self._key = origin, key
        self._ending = asyncio.Event()
        self.url = f"{origin}/?key={key}"

    def app(self) -> web.Application:
        """The routes behind their guard."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._page)
        app.router.add_get("/events", self._events)
        app.router.add_get("/devices", self._devices)
        app.router.add_post("/act", self._act)
        app.router.add_post("/fault", self._fault)
        app.router.add_post("/phone", self._phone)
        app.router.add_static("/static", _STATIC)
        if self._crew is not None:
            handsets.add_routes(app, self._crew, self._ending)
        return app

    @contextlib.asynccontextmanager
    async def served(self, listening: socket.socket) -> AsyncIterator[None]:
        """Serve on a socket that listens already."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        try:
            yield
        finally:
            self._ending.set()
            await runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host != urlsplit(self._origin).netloc:
            raise web.HTTPMisdirectedRequest(text="Open the URL that the demo printed.")
        if not self._has_key(request):
            raise web.HTTPForbidden(text="Open the URL that the demo printed: it has a key.")
        if request.method == "POST" and not self._is_script(request):
            self._refuse_strangers(request)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(self._headers())
        return response

    def _has_key(self, request: web.Request) -> bool:
        given = request.query.get("key") or request.cookies.get(_COOKIE, "")
        return self._is_script(request) or hmac.compare_digest(given.encode(), self._key.encode())

    def _is_script(self, request: web.Request) -> bool:
        """Whether the key stands in a header, where no foreign page can put it."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and hmac.compare_digest(given.encode(), self._key.encode())

    def _refuse_strangers(self, request: web.Request) -> None:
        if request.headers.get("Origin") != self._origin:
            raise web.HTTPForbidden(text="Only the panel's own page may press devices.")
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": (
                f"default-src 'self'; frame-src {self._hub_web}; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'; object-src 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        }

    async def _page(self, request: web.Request) -> web.Response:
        language = _language(request)
        text = render(
            language, self._plan, self._fleet, self._hub_web, with_crew=self._crew is not None
        )
        response = web.Response(text=text, content_type="text/html")
        response.set_cookie(_COOKIE, self._key, httponly=True, samesite="Strict")
        response.set_cookie("lang", language, samesite="Strict")
        return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await feed.stream(request, self._log, self._fleet.names, self._ending)

    async def _devices(self, request: web.Request) -> web.Response:
        return web.json_response({"devices": listed(self._plan, self._fleet)})

    async def _fault(self, request: web.Request) -> web.Response:
        wish = await wish_of(request, "device", "fault", "state")
        if wish["fault"] not in self._fleet.faults_of(wish["device"]):
            raise web.HTTPNotFound(text="That cannot go wrong with this device.")
        if wish["state"] not in {"on", "off"}:
            raise web.HTTPBadRequest(text="Send `state` as on or off.")
        await self._fleet.set_fault(wish["device"], wish["fault"], on=wish["state"] == "on")
        return web.json_response({"wrong": self._fleet.wrong[wish["device"]]})

    async def _act(self, request: web.Request) -> web.Response:
        wish = await wish_of(request, "device", "action")
        act = self._fleet.act(wish["device"], wish["action"])
        if act is None:
            raise web.HTTPNotFound(text="No device can do that.")
        if "off" in self._fleet.wrong[wish["device"]]:
            raise web.HTTPConflict(text="The device is switched off.")
        answer = await act()
        return web.json_response(
            {"accepted": answer.accepted, "ms": round(answer.ms, 1), "detail": answer.detail}
        )

    async def _phone(self, request: web.Request) -> web.Response:
        person = (await wish_of(request, "person"))["person"]
        if person not in {worker.id for worker in self._plan.workers}:
            raise web.HTTPNotFound(text="Nobody of that name is on a shift.")
        try:
            code = await self._code(person)
        except HubFailed as problem:
            return web.json_response({"problem": str(problem)}, status=502)
        return web.json_response({"url": f"{self._hub_web}/enrol#{code}"})


def _language(request: web.Request) -> str:
    """Return the language that was chosen here, else the first that the browser wants and we
    have: the phone page beside the panel does the same."""
    chosen = (request.query.get("lang"), request.cookies.get("lang"))
    wanted = request.headers.get("Accept-Language", "").lower().split(",")
    codes = (one.strip()[:2] for one in wanted)
    every = (*chosen, *("nb" if code == "no" else code for code in codes))
    return next((one for one in every if one in LANGUAGES), LANGUAGES[0])
