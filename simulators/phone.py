"""A phone of somebody on duty: `python -m simulators.phone`.

It enrols with a code, subscribes with keys of its own, decrypts what is pushed, shows it on the
lock screen and says at once that it came. It can be locked, out of coverage, or without battery.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from simulators.colleague import Alarm, Colleague, PhoneProblem
from simulators.lock_screen import LockScreen, Notification, NotShown, read
from simulators.push_line import PushLine
from simulators.webpush import Keys, Undecryptable

Tell = Callable[[dict[str, Any]], None]
_RECEIPT_AGAIN_S = (0.5, 1.0, 2.0, 4.0)
"""Before a receipt that the hub could not take is tried again."""


class Phone:
    """One phone. `tell` gets a line for everything that happens on it."""

    def __init__(
        self,
        web: str,
        push_service: str,
        *,
        name: str = "phone",
        receipt_after_s: float = 0.0,
        tell: Tell = lambda line: None,
    ) -> None:
        self.name, self.page = name, Colleague(web)
        self.receipt_after_s = receipt_after_s
        self.screen = LockScreen()
        self.locked, self.covered, self.charged = True, True, True
        self.lost_receipts: list[str] = []
        """Rights to receipts that could not be posted; sent when there is coverage again."""
        self._web, self._tell = web, tell
        self._line = PushLine(push_service, self.page.http)
        self._keys = Keys()
        self._changed = asyncio.Condition()
        self._receipts: set[asyncio.Task[None]] = set()

    # -- getting ready ---------------------------------------------------------------------------

    async def enrol(self, code: str) -> None:
        """Sign in by code, subscribe at the hub, and listen."""
        await self.page.enrol(code)
        await self.subscribe()
        await self.set_coverage(on=True)

    async def subscribe(self) -> str:
        """Make a subscription and tell the hub of it; return its endpoint."""
        async with self.page.http.get(f"{self._web}/api/push/key") as response:
            if response.status != 200:
                raise PhoneProblem(f"GET /api/push/key was answered {response.status}, wanted 200")
            key = str((await response.json())["key"])
        endpoint = await self._line.subscribe(key)
        told = {"endpoint": endpoint, "keys": self._keys.public()}
        status, answer = await self._post("/api/push/subscription", told)
        if status not in {200, 201, 204}:
            raise PhoneProblem(f"the subscription was answered {status}: {answer}")
        return endpoint

    async def unsubscribe(self) -> None:
        """Let the push service forget this phone, as when notifications are switched off."""
        await self._line.unsubscribe()

    async def put_away(self) -> None:
        """End everything."""
        for task in self._receipts:
            task.cancel()
        await asyncio.gather(*self._receipts, return_exceptions=True)
        await self._line.close()
        await self.page.sign_off()

    # -- its state -------------------------------------------------------------------------------

    @property
    def reachable(self) -> bool:
        """Whether radio and battery are there."""
        return self.covered and self.charged

    async def set_coverage(self, *, on: bool) -> None:
        """Enter or leave a place without data: nothing arrives, later everything."""
        self.covered = on
        await self._follow_radio()

    async def set_battery(self, *, charged: bool) -> None:
        """Let the battery die, or charge it: as coverage, and nobody can press anything."""
        self.charged = charged
        await self._follow_radio()

    async def _follow_radio(self) -> None:
        self._note("radio", on=self.reachable)
        if not self.reachable:
            await self._line.close()
            await self.page.close()
            return
        await self._line.open(self._pushed)
        for right in self.lost_receipts[:]:
            self.lost_receipts.remove(right)
            self._owe_receipt(right, 0.0)

    async def unlock(self) -> None:
        """Unlock it and open the page, with its live stream."""
        self._need_radio()
        self.locked = False
        await self.page.open()

    async def lock(self) -> None:
        """Lock it: the page sleeps."""
        self.locked = True
        await self.page.close()

    # -- what arrives ----------------------------------------------------------------------------

    async def _pushed(self, body: bytes) -> None:
        try:
            shown = read(self._keys.decrypt(body))
        except (Undecryptable, NotShown) as problem:
            self._note("unreadable", why=str(problem))
            return
        new = self.screen.show(shown)
        self._note("push" if new else "push again", **shown.line())
        if "receipt" in shown.rights:
            self._owe_receipt(shown.rights["receipt"], self.receipt_after_s)
        async with self._changed:
            self._changed.notify_all()

    def _owe_receipt(self, right: str, after_s: float) -> None:
        task = asyncio.create_task(self._receipt(right, after_s))
        self._receipts.add(task)
        task.add_done_callback(self._receipts.discard)

    async def _receipt(self, right: str, after_s: float) -> None:
        """Say that it came; tried again like a worker's, and once more when there is coverage."""
        await asyncio.sleep(after_s)
        for wait_s in _RECEIPT_AGAIN_S:
            with contextlib.suppress(PhoneProblem):
                status, _ = await self._post("/api/push/receipt", {"right": right})
                self._note("receipt", status=status)
                if status < 500:
                    return
            if not self.reachable:
                break
            await asyncio.sleep(wait_s)
        self.lost_receipts.append(right)

    async def shows(self, within_s: float, wanted: Callable[[Notification], bool]) -> Notification:
        """Return the first notification that is wanted; PhoneProblem when none comes in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._changed:
                while True:
                    for one in self.screen.shown.values():
                        if wanted(one):
                            return one
                    await self._changed.wait()
        raise PhoneProblem(f"{self.name}: no such notification within {within_s:g} s")

    # -- what its owner does ---------------------------------------------------------------------

    async def use(self, right: str, shown: Notification) -> tuple[int, dict[str, Any]]:
        """Press a button of a notification, locked or not; return the hub's status and answer."""
        self._need_radio()
        token = shown.rights.get(right)
        if token is None:
            raise PhoneProblem(f"{self.name}: the notification has no button {right}")
        status, answer = await self._post("/api/rights", {"right": token})
        self._note(right, send=shown.send, status=status, state=answer.get("state"))
        return status, answer

    async def act(self, alarm: Alarm, action: str, **more: str) -> None:
        """Do something on the page; it needs an unlocked phone."""
        self._need_radio()
        if self.locked:
            raise PhoneProblem(f"{self.name} is locked: its page cannot {action}")
        await self.page.act(alarm, action, **more)
        self._note(action, alarm=alarm["id"])

    # -- its radio -------------------------------------------------------------------------------

    def _need_radio(self) -> None:
        if not self.charged:
            raise PhoneProblem(f"{self.name} has no battery left")
        if not self.covered:
            raise PhoneProblem(f"{self.name} has no coverage")

    async def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self._need_radio()
        try:
            async with self.page.http.post(f"{self._web}{path}", json=body) as response:
                is_json = response.content_type == "application/json"
                answer = await response.json() if is_json else {}
                return response.status, answer if isinstance(answer, dict) else {}
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise PhoneProblem(f"{self.name}: {path} was not answered ({problem!r})") from problem

    def _note(self, what: str, **more: Any) -> None:
        self._tell({"at": round(time.time(), 3), "phone": self.name, "what": what, **more})
