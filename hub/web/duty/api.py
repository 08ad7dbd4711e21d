"""The API of being on duty and being reached: test a channel, answer a test, begin, end."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from hub.web import commands
from hub.web.access import FITTERS, SignedIn
from hub.web.answer import as_json, ended_as, not_confirmed
from hub.web.commands import CommandId, ItemId
from hub.web.duty.board import board
from hub.web.duty.reached import Reached, kind_of
from hub.web.live import Ended
from hub.web.refusal import Refusal, not_found, role_may_not
from hub.web.session import Reader, words_of
from hub.web.site import AskedSite, Site
from routing.instant import HOUR, to_rfc3339
from routing.proofs.command import ReachAction, ReachCommand
from routing.proofs.facts import ReachEnded
from routing.reasons import ReasonCode, because

router = APIRouter()
_OF_OTHERS = frozenset({ReasonCode.ROLE_MAY_NOT, ReasonCode.NO_SUCH_PERSON})
_OF_DUTY = frozenset({ReachAction.BEGIN, ReachAction.END})


class DutyAsked(BaseModel):
    """The body of a command about duty and reach."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: CommandId
    action: Literal[ReachAction.TEST, ReachAction.ANSWER, ReachAction.BEGIN, ReachAction.END]
    channel: ItemId | None = None
    """Of a test: which channel; the first of the person's where it is left out."""
    of: ItemId | None = None
    """Of a test: whom, where that is not the reader."""
    test: ItemId | None = None
    """Of an answer: the test's id."""
    team: ItemId | None = None
    """Of a beginning beside the roster: which team."""
    for_h: Annotated[int, Field(ge=1, le=14)] | None = None
    """Of a beginning beside the roster: how many hours."""
    knowing: bool = False
    """Of an end: that nobody else is on duty is known."""


@router.post("/api/duty/commands")
async def command(body: DutyAsked, reader: SignedIn, site: AskedSite) -> Response:
    """Carry out an action: 200 done, 409 refused, 202 not confirmed (ask again, same id).

    The answer has how the person can be reached now; one's own ways where it is refused, since who
    may not test another is not told by what that one is called.
    """
    if body.action in _OF_DUTY and not reader.may_act:
        raise role_may_not()
    sent = _command(site, reader, body)
    ended = _not_by_page(site, reader, sent) if body.action is ReachAction.ANSWER else None
    ended = ended or await commands.send(site, sent)
    if ended is None:
        return not_confirmed(reader)
    ended = _no_oracle(ended, reader)
    whom = reader.person if ended.refused is not None else body.of or reader.person
    now = _reached(site, reader).person(whom)
    test = getattr(ended, "test", None)
    return ended_as(ended, words_of(reader, site), reached=now, test=test)


def _not_by_page(site: Site, reader: Reader, sent: ReachCommand) -> Ended | None:
    """A page proves nothing about a locked phone: the notification answers, by its right. A test
    of which this process knows nothing has no page yet, if it has begun at all: whoever names it
    has guessed what it will be called."""
    book = site.live.state.proofs
    known = book.tests.get(sent.test or "")
    if known is None:
        return None if sent.id in book.commands else _ended(sent, ReasonCode.TEST_IS_OVER)
    if known.person != reader.person:
        raise not_found()
    if kind_of(known.channel) == "push":
        raise Refusal(HTTPStatus.CONFLICT, "answer_on_locked_phone")
    return None


def _ended(sent: ReachCommand, code: ReasonCode) -> ReachEnded:
    return ReachEnded(
        command=sent.id, person=sent.person, action=sent.action, refused=because(code)
    )


def _no_oracle(ended: Ended, reader: Reader) -> Ended:
    """Who may do nothing for others is not told either whether there is somebody of that id: an id
    may be like a name."""
    asked_for_other = ended.refused is not None and ended.refused.code in _OF_OTHERS
    if not asked_for_other or not isinstance(ended, ReachEnded) or reader.roles & FITTERS:
        return ended
    return replace(ended, refused=because(ReasonCode.ROLE_MAY_NOT))


def _command(site: Site, reader: Reader, body: DutyAsked) -> ReachCommand:
    now = site.clock()
    return ReachCommand(
        id=body.id,
        person=reader.person,
        action=body.action,
        made_at=now,
        channel=body.channel,
        test=body.test,
        of=body.of,
        team=body.team,
        until=None if body.for_h is None else now + body.for_h * HOUR,
        knowing=body.knowing,
    )


def _reached(site: Site, reader: Reader) -> Reached:
    return Reached(site.live.state.registry, words_of(reader, site), site.clock())


@router.get("/api/reach")
async def reach(reader: SignedIn, site: AskedSite) -> Response:
    """Return by what the reader can be reached."""
    now = to_rfc3339(site.clock())
    return as_json({"now": now, "reached": _reached(site, reader).person(reader.person)})


@router.get("/api/board")
async def duty_board(reader: SignedIn, site: AskedSite) -> Response:
    """Return who is on duty, and by what each can be reached."""
    now = site.clock()
    found = board(site.live.state, words_of(reader, site), now)
    return as_json({"now": to_rfc3339(now), "board": found})
