"""What the browser did while a test ran: printed where the test fails, and thrown away otherwise.

A page that waits in vain says nothing of why. Its address, its requests that were never answered
and its console do, and a failure seen once on another machine can be understood from them.
"""

import time
from itertools import count

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    Request,
    Response,
    WebError,
)

LINES_KEPT = 200


class Witness:
    """Hears every profile of one browser; keeps what happened since the running test began."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget the test before."""
        self._began = time.monotonic()
        self._lines: list[str] = []
        self._open: dict[Request, str] = {}
        self._pages: dict[Page, str] = {}
        self._numbers = count(1)

    def hear(self, context: BrowserContext) -> None:
        """Listen to a new profile, its pages and its worker."""
        context.on("page", self._page)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._said)
        context.on("weberror", self._went_wrong)
        context.on("serviceworker", lambda worker: self._note(f"worker {worker.url}"))

    def told(self) -> str:
        """Return what happened, the newest last, and what is still waited for."""
        left_out = max(len(self._lines) - LINES_KEPT, 0)
        waits = [f"never answered: {what}" for what in self._open.values()]
        stands = [f"{name} is at {page.url}" for page, name in self._pages.items()]
        return "\n".join([f"({left_out} lines before)", *self._lines[left_out:], *waits, *stands])

    def _note(self, text: str) -> None:
        self._lines.append(f"{time.monotonic() - self._began:7.3f} s  {text}")

    def _page(self, page: Page) -> None:
        self._pages[page] = f"page {next(self._numbers)}"
        page.on("framenavigated", self._navigated)
        page.on("close", self._closed)

    def _closed(self, page: Page) -> None:
        self._pages.pop(page, None)

    def _navigated(self, frame: Frame) -> None:
        self._note(f"{self._pages.get(frame.page, 'a page')} -> {frame.url}")

    def _asked(self, request: Request) -> None:
        self._open[request] = what = f"{request.method} {request.url}"
        self._note(what)

    def _answered(self, response: Response) -> None:
        self._note(f"{response.status} {self._open.pop(response.request, response.url)}")

    def _failed(self, request: Request) -> None:
        if what := self._open.pop(request, None):
            self._note(f"failed: {what}: {request.failure}")

    def _said(self, message: ConsoleMessage) -> None:
        self._note(f"console {message.type}: {message.text}")

    def _went_wrong(self, error: WebError) -> None:
        self._note(f"error: {error.error}")
