"""The page behind the link of an SMS or an ntfy message: it answers one call without signing in.

GET changes nothing, because programs open links to show what is behind them; a tapped POST does.
Neither names a resident or an address: those are behind the sign-in.
"""

from http import HTTPStatus
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from hub.notifier.asks import Ask
from hub.notifier.gateway_answer import at, read_json
from hub.web.answer import as_json
from hub.web.gateways.answer import Answered, State, answer, so_far, text_for, what_of
from hub.web.gateways.sends import Sent, SentCalls
from hub.web.pages import page
from hub.web.session import language_of
from hub.web.site import AskedSite, Site
from routing.alarm import Alarm
from routing.marks import Mark
from routing.tasks.value import Task

router = APIRouter()
_STATUS: dict[State, HTTPStatus] = {
    "done": HTTPStatus.OK,
    "refused": HTTPStatus.CONFLICT,
    "not_confirmed": HTTPStatus.ACCEPTED,
}
_ANSWERS = {"yes": True, "no": False}
_ONLY_YES = frozenset({Ask.TEST, Ask.STILL})


@router.get("/l/{token}")
async def show(token: str, request: Request, site: AskedSite) -> Response:
    """Show what is asked, and change nothing."""
    sent = SentCalls(site.live, site.rights_key, site.clock, site.calls).by_link(token)
    return _gone(request, site) if sent is None else _page(site, sent)


@router.post("/l/{token}")
async def tap(token: str, request: Request, site: AskedSite) -> Response:
    """Answer: 200 done, 409 refused (and why), 202 not confirmed; the same answer again is
    answered the same and does nothing."""
    as_data = request.headers.get("content-type", "").startswith("application/json")
    yes = _ANSWERS.get(_said(await request.body(), as_data=as_data))
    sent = SentCalls(site.live, site.rights_key, site.clock, site.calls).by_link(token)
    if sent is None:
        return _gone(request, site)
    if yes is None:
        return _page(site, sent, status=HTTPStatus.BAD_REQUEST)
    answered = await answer(site, sent, yes=yes)
    status = _STATUS[answered.state]
    if as_data:
        return as_json({"state": answered.state, "text": answered.text}, status)
    return _page(site, sent, answered, status)


def _said(body: bytes, *, as_data: bool) -> str:
    if as_data:
        return at(read_json(body), "answer") or ""
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=5).get("answer", [""])[0]
    except ValueError:
        return ""


def _page(
    site: Site, sent: Sent, answered: Answered | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    person = sent.page.person
    text = text_for(site, person)
    waits = sent.waits if answered is None else answered.state == "not_confirmed"
    said = answered.text if answered is not None else None if waits else so_far(site, sent)
    html = page(
        site,
        "link.html",
        text.language,
        ask=str(sent.ask),
        heading=_heading(sent, answered, waits=waits),
        what=what_of(site, text, sent),
        exercise=isinstance(sent.about, Alarm) and Mark.EXERCISE in sent.about.marks,
        person=site.names.name("person", person),
        answers=("yes",) if sent.ask in _ONLY_YES else ("yes", "no"),
        waits=waits,
        said=said,
        onward=_onward(sent),
    )
    return Response(html, status, media_type="text/html; charset=utf-8")


def _heading(sent: Sent, answered: Answered | None, *, waits: bool) -> str:
    """Return the msgid of what stands above."""
    if answered is None:
        return f"ntfy.{sent.ask}" if waits else "link.over"
    return {"done": "link.done", "refused": "link.over", "not_confirmed": "link.unsure"}[
        answered.state
    ]


def _onward(sent: Sent) -> str:
    """Return the page of the app where it goes on, behind the sign-in."""
    if isinstance(sent.about, Alarm):
        return f"/alarms/{sent.about.id}"
    return "/tasks" if isinstance(sent.about, Task) else "/readiness"


def _gone(request: Request, site: Site) -> Response:
    html = page(site, "link_gone.html", language_of(request, site, None))
    return Response(html, HTTPStatus.NOT_FOUND, media_type="text/html; charset=utf-8")
