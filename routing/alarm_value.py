"""One alarm as a value. `routing.alarm` and `routing.alarm_life` fold facts into it."""

from typing import Any

import msgspec
from msgspec.structs import replace

from routing import call
from routing.fact_base import Page, Told
from routing.instant import Instant
from routing.kinds import Category, Kind, Severity
from routing.lifecycle import OutcomeCode, Phase, Speech
from routing.marks import Mark

LIVE_PAGE = "page"
"""The channel that needs no sending: the page shows what the journal says."""


class Handover(msgspec.Struct, frozen=True, gc=False):
    """A handover that is asked and not yet answered."""

    to: tuple[str, ...]
    due_at: Instant
    declined: tuple[str, ...] = ()


class Help(msgspec.Struct, frozen=True, gc=False):
    """The second search: for somebody who joins the owner."""

    round: int
    step: int
    to: tuple[str, ...]
    due_at: Instant
    declined: tuple[str, ...] = ()
    alone: int = 0
    """Looks in a row that found nobody to call."""


class Alarm(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Everything the core knows of one alarm."""

    id: str
    phase: Phase = Phase.LOOKING
    kind: Kind
    """The kind that set the present severity."""
    category: Category
    severity: Severity
    subject: str
    device: str | None
    resident: str | None
    unit: str | None
    policy: str
    round: int = 1
    step: int = 0
    due_at: Instant | None = None
    """While looking: when the step's wait ends. While owned: when the owner is asked, or
    reopened; at the resident: when the owner is asked, or the leads are told."""
    asked: bool = False
    owner: str | None = None
    owner_since: Instant | None = None
    lease_s: int | None = None
    """How long the owner has, or had, from the last promise to the arrival."""
    people_needed: int = 1
    """How many must go there together."""
    activations: int = 1
    raised_at: Instant
    received_at: Instant
    history: bool = False
    pages: tuple[Page, ...] = ()
    """Everybody called in the present step, and sends of earlier steps that have not ended."""
    calling: tuple[str, ...] = ()
    """Whom the present step calls."""
    called: tuple[str, ...] = ()
    """Everybody called so far, in order."""
    failed: tuple[str, ...] = ()
    """Sends of the present step that failed for good."""
    delivered: tuple[str, ...] = ()
    """Sends of the present step that the receiver's service has taken."""
    passed_on: tuple[str, ...] = ()
    """Sends of `pages` whose person has been called by the next channel already."""
    tried: tuple[str, ...] = ()
    """Sends that have left `pages` while their call goes on by another channel."""
    refused: tuple[str, ...] = ()
    """Who said no in this round."""
    seen: tuple[str, ...] = ()
    closed_at: Instant | None = None
    outcome: OutcomeCode | None = None
    waiting: tuple[str, ...] = ()
    """Whom the present step calls next, one after another."""
    informed: tuple[str, ...] = ()
    """Who has been told and not asked; once is enough."""
    followed: tuple[str, ...] = ()
    """Policy versions that have handed on."""
    number: str | None = None
    """Id of the number through which one speaks with the resident in this step."""
    handover: Handover | None = None
    help: Help | None = None
    helpers: tuple[str, ...] = ()
    """Who has joined the owner."""
    asides: int = 0
    """Handovers and searches for help so far: each has send ids of its own."""
    speech: Speech | None = None
    check: bool = False
    """Somebody must go and look before it closes."""
    arrived: bool = False
    """Somebody has been at the resident since the check was needed."""
    concerns: str | None = None
    """The resident of a shared device whom it concerned, as chosen ..."""
    about: tuple[str, ...] = ()
    """... and whom it may be about, as far as that was known at its birth."""
    marks: tuple[Mark, ...] = ()
    kinds: tuple[Kind, ...] = ()
    """Every kind that has joined it, the first one first."""
    told: int = 1
    """The activation of which the owner was last told ..."""
    told_at: Instant | None = None
    """... and when, since the acceptance."""
    beside: str | None = None
    """Of a colleague who calls for help: the alarm at which that colleague is."""
    event: str = ""
    """Id of the event that raised it ..."""
    adapter: str | None = None
    """... and the listener that is told how far it has come, where it can tell that on."""
    joined: tuple[Told, ...] = ()
    """Later events whose listeners are told too, of each device the latest."""

    def owes(self, page: Page) -> bool:
        """Whether this page should be under way: active channel, neither delivered nor failed."""
        return (
            page.channel != LIVE_PAGE
            and page.send not in self.delivered
            and (page.send not in self.failed)
        )

    @property
    def next_at(self) -> Instant | None:
        """When time next does something to it: the step or lease, a handover, a search for help."""
        if self.handover is None and self.help is None:
            return self.due_at
        asides = [aside.due_at for aside in (self.handover, self.help) if aside is not None]
        return min(asides if self.due_at is None else [self.due_at, *asides])

    @property
    def of_stranger(self) -> bool:
        """Whether it is from a device that nobody has registered."""
        known = self.device is not None or self.resident is not None
        return not known and self.kind is not Kind.STAFF_CALLED

    @property
    def of_whom(self) -> str | None:
        """The resident it is about, as far as it is known."""
        return self.concerns or self.resident


def calls(alarm: Alarm, pages: tuple[Page, ...]) -> dict[str, Any]:
    """Return the fields that change when more people are called or told."""
    asked = (p.person for p in pages if not p.informed and p.person not in alarm.called)
    told = (p.person for p in pages if p.informed and p.person not in alarm.informed)
    changed: dict[str, Any] = {
        "pages": alarm.pages + pages,
        "called": alarm.called + tuple(dict.fromkeys(asked)),
    }
    if new := tuple(dict.fromkeys(told)):
        changed["informed"] = alarm.informed + new
    return changed


def calls_anew(alarm: Alarm, pages: tuple[Page, ...]) -> dict[str, Any]:
    """Return the fields that change when people are called, as time goes on, who may have been
    called so before. An earlier call by the same channel whose receipt never came is not kept
    beside the new one: they would grow for as long as nobody accepts, and all ring at a restart."""
    anew = {(page.person, page.channel, page.informed) for page in pages}
    left = tuple(
        page
        for page in alarm.pages
        if (page.person, page.channel, page.informed) not in anew or not alarm.owes(page)
    )
    if len(left) == len(alarm.pages):
        return calls(alarm, pages)
    sends = {page.send for page in left}
    return {
        "tried": call.kept(alarm.pages, alarm.tried, left),
        "passed_on": tuple(send for send in alarm.passed_on if send in sends),
        **calls(replace(alarm, pages=left), pages),
    }


def quiet(alarm: Alarm, *, keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields that end every send under way, as somebody has it or it is over; those who
    are only informed, and whom to keep, are still told."""
    kept = tuple(p for p in alarm.pages if (p.informed or p.person in keep) and alarm.owes(p))
    tried = call.kept(alarm.pages, alarm.tried, kept)
    gone: dict[str, Any] = {"calling": (), "failed": (), "delivered": (), "waiting": ()}
    return {"pages": kept, "tried": tried, **gone}


SILENT: dict[str, Any] = {
    "pages": (),
    "tried": (),
    "calling": (),
    "failed": (),
    "delivered": (),
    "waiting": (),
    "handover": None,
    "help": None,
}
"""Fields of an alarm that is over: nothing is under way any more."""
