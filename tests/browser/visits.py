"""Which pages there are, who looks at them, and how a browser gets to each: made from the
application's own routes, so that a new page is visited without anybody thinking of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple

from playwright.async_api import Browser, BrowserContext, Page

from hub.web.access import RULES, Open
from hub.web.session import LANGUAGE_COOKIE
from routing.municipality import Role
from tests.web.town import Town

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
NOT_PAGES = ("/api/", "/text/", "/health", "/static/", "/tiles/", "/hooks/", "/manifest/", "/oidc/")
"""Beginnings of the addresses of GET routes that answer no page."""
NO_PAGES = frozenset({"/sw.js"})
"""The same for whole addresses."""
VISITORS = {
    Role.LEAD: "lise",
    Role.STAFF: "kari",
    Role.IT: "ivar",
    Role.RELATIVE: "rune",
    Role.OPERATOR: "odd",
}
"""The role by which a page is looked at, the first that may; who shows most stands first."""
OF_THEIR_OWN = {
    "/": "kari",
    "/alarms/{alarm_id}": "kari",
    "/readiness": "kari",
    "/duty": "kari",
    "/offline/{language}": "kari",
    "/called/{language}": "kari",
}
"""Pages that show more to somebody else than to the first who may."""
WITHOUT_CONNECTION = {"/offline/{language}", "/called/{language}"}
"""Pages that stand in while the hub cannot be asked, and leave as soon as it can."""


class Visit(NamedTuple):
    """One page, and who looks at it."""

    path: str
    """As the route has it."""
    person: str | None
    """None: a stranger."""

    @property
    def name(self) -> str:
        """The page's name in file names and in test ids."""
        plain = self.path.strip("/").replace("{", "").replace("}", "").replace("/", "-")
        return plain.replace(".", "-") or "alarms"


def is_page(path: str) -> bool:
    """Whether a GET route of this address answers a page."""
    return path not in NO_PAGES and not path.startswith(NOT_PAGES)


def visitor(path: str) -> str | None:
    """Return who looks at a page."""
    rule = RULES["GET", path]
    if path in OF_THEIR_OWN:
        return OF_THEIR_OWN[path]
    if rule in {Open.TO_ALL, Open.PROVEN}:
        return None
    if isinstance(rule, Open):
        return VISITORS[Role.STAFF]
    return next(person for role, person in VISITORS.items() if role in rule)


def visits() -> list[Visit]:
    """Return every page. `test_access` holds that the table has the application's routes."""
    paths = sorted(path for method, path in RULES if method == "GET" and is_page(path))
    return [Visit(path, visitor(path)) for path in paths]


@asynccontextmanager
async def signed_in(
    town: Town, url: str, chromium: Browser, person: str | None, language: str, **device: Any
) -> AsyncIterator[BrowserContext]:
    """Open a browser profile of its own in which the person is signed in."""
    context = await chromium.new_context(
        service_workers="block", locale=LOCALES[language], **device
    )
    try:
        cookie = {"name": LANGUAGE_COOKIE, "value": language, "url": url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        if person is not None:
            code = town.directory.issue_code(person, town.now)
            answer = await context.request.post(
                f"{url}/api/sign-in", data={"code": code}, headers={"X-Varde": "1", "Origin": url}
            )
            assert answer.status == 204, await answer.text()
        yield context
    finally:
        await context.close()


@asynccontextmanager
async def looked_at(
    context: BrowserContext, url: str, visit: Visit, ids: Mapping[str, str]
) -> AsyncIterator[Page]:
    """Open the page in a tab of its own, and wait until its scripts have drawn it."""
    page = await context.new_page()
    if visit.path in WITHOUT_CONNECTION:
        for address in ("**/api/**", "**/health"):
            await page.route(address, lambda route: route.abort())
    await _look_at(page, url, visit, ids)
    yield page
    await page.close()


async def _look_at(page: Page, url: str, visit: Visit, ids: Mapping[str, str]) -> None:
    answer = await page.goto(url + visit.path.format(**ids), wait_until="load")
    assert answer is not None
    kind = answer.headers.get("content-type", "")
    assert kind.startswith("text/html"), f"{visit.path} answers {kind}: name it in NOT_PAGES"
    assert answer.status == 200, (visit.path, answer.status)
    await page.wait_for_function(DRAWN)


_NOT_YET = ".loading, [aria-busy=true], #link.waiting, #called-title:empty"
DRAWN = f"""() => !document.querySelector("{_NOT_YET}")"""
"""What is true of a page whose scripts have drawn it."""


def each(visits: list[Visit]) -> Iterator[tuple[str | None, list[Visit]]]:
    """Yield the pages by who looks at them, so that each person signs in once."""
    for person in dict.fromkeys(visit.person for visit in visits):
        yield person, [visit for visit in visits if visit.person == person]
