"""A small town and a way to tell its stories: something comes in; what followed is a line a fact.

The town: Anna and Berit are on duty at home care round the clock, Carl sits at the response centre,
Lea leads. A step of 60 s calls those on duty, then one of 90 s the centre, then it loops.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.journal.port import Record
from routing import facts, facts_life
from routing.decide import decide
from routing.event import derive_id
from routing.evolve import evolve
from routing.facts import AnyFact, EventRecorded, Page, SendEnded
from routing.inputs import Command, Configure, Input, TimeReached
from routing.instant import SECOND, Instant, from_rfc3339
from routing.kinds import Kind
from routing.lifecycle import Action, OutcomeCode, Phase
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    Policy,
    Resident,
    Role,
    Shift,
    Step,
    Target,
    Team,
    Unit,
)
from routing.pass_time import next_due
from routing.plans import Paging
from routing.proofs import facts as facts_proofs
from routing.state import State
from tests.routing.story_life import called, life_brief
from tests.routing.story_proofs import proof_brief

START: Instant = from_rfc3339("2026-11-23T08:00:00Z")
"""A Monday, 09:00 in Oslo."""
ANY_DAY = (0, 1, 2, 3, 4, 5, 6)
DAY_SHIFT = Shift(
    id="day",
    team="home",
    people=("anna", "berit"),
    weekdays=ANY_DAY,
    from_minute=7 * 60,
    to_minute=15 * 60,
)
"""Of Anna and Berit. A story starts at nine, local time: six hours are left."""
UNHURRIED = Paging(seen_s=86_400, receipt_s=86_400)
"""Calls may stay unseen for a day, so that only stories about that have to speak of it."""
ON_DUTY, CENTRE = Target("on_duty", "home"), Target("team", "centre")


def alarm_id(event: str) -> str:
    return f"simby-{event[:20]}"


def plain(
    *steps: Step,
    fallback: tuple[Target, ...] = (Target("person", "lea"),),
    loop: str = "last",
    name: str = "plain",
) -> Policy:
    return Policy(
        id=name,
        steps=steps or (Step((ON_DUTY,), 60), Step((CENTRE,), 90)),
        fallback=fallback,
        loop="all" if loop == "all" else "last",
    )


def on_duty(*people: str) -> Shift:
    return Shift(id="day", team="home", people=people, weekdays=ANY_DAY, from_minute=0, to_minute=0)


def town(*more: AnyItem) -> list[AnyItem]:
    """Return the town; an item given here replaces the one of its section and id."""
    staff = (Role.STAFF,)
    items: list[AnyItem] = [
        Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain", paging=UNHURRIED),
        Unit(id="north"),
        Team(id="home"),
        Team(id="centre"),
        Person(id="anna", roles=staff, teams=("home",), channels=("webhook-1", "webhook-2")),
        Person(id="berit", roles=staff, teams=("home",), channels=("webhook-1",)),
        Person(id="carl", roles=(Role.OPERATOR,), teams=("centre",), channels=("webhook-1",)),
        Person(id="lea", roles=(Role.LEAD,), channels=("webhook-1",)),
        Resident(id="rolf", unit="north"),
        Resident(id="siri", unit="north"),
        Device(id="pendant", subject="scaip:1", resident="rolf"),
        Device(id="fall", subject="scaip:2", resident="rolf"),
        Device(id="other", subject="scaip:3", resident="siri"),
        plain(),
        on_duty("anna", "berit"),
    ]
    by_key = {(type(item), item.id): item for item in [*items, *more]}
    return list(by_key.values())


def brief(fact: AnyFact, at: Instant) -> str:  # noqa: PLR0912 one line a fact, one table
    """Return the fact as the line a test expects."""
    match fact:
        case EventRecorded():
            return f"heard {fact.kind}"
        case facts.EventNoted():
            return f"noted ({fact.reason.code})"
        case facts.AlarmRaised():
            return f"raised {fact.kind} {fact.severity.name} ({fact.reason.code})"
        case facts.AlarmRepeated():
            return f"again {fact.activation} {fact.severity.name}: {called(fact.pages)}".rstrip()
        case facts.AlarmAnnotated():
            return f"written {fact.kind} ({fact.reason.code})"
        case facts.StepSkipped():
            return f"skipped {fact.round}.{fact.step}"
        case facts.StepStarted():
            wait = (fact.due_at - at) // SECOND
            who = called(fact.pages) or "nobody"
            return f"step {fact.round}.{fact.step} {wait}s: {who} ({fact.reason.code})"
        case facts.RoundEnded():
            return f"round {fact.round} ended ({fact.reason.code})"
        case facts.Paged():
            return f"paged {called(fact.pages)} ({fact.reason.code})"
        case SendEnded():
            return f"{'sent' if fact.delivered else 'unsent'} {fact.person}@{fact.channel}"
        case facts.AlarmSeen():
            return f"seen {fact.person}"
        case facts.AlarmAccepted():
            return f"accepted {fact.person} {(fact.due_at - at) // SECOND}s"
        case facts.AlarmRefused():
            return f"refused {fact.person}"
        case facts.AlarmProgressed():
            until = "" if fact.due_at is None else f" {(fact.due_at - at) // SECOND}s"
            return f"{fact.phase} {fact.person}{until}"
        case facts.OwnerAsked():
            wait = (fact.due_at - at) // SECOND
            return f"asked {wait}s: {called(fact.pages)} ({fact.reason.code})"
        case facts.AlarmReopened():
            return f"reopened from {fact.previous_owner}"
        case facts.AlarmClosed():
            return f"closed {fact.person} {fact.outcome}"
        case facts.AlarmArchived():
            return "archived"
        case facts.CommandEnded():
            end = "done" if fact.refused is None else f"not done ({fact.refused.code})"
            return f"{fact.action} {end}"
        case facts.ConfigurationSet():
            return f"set {fact.item.id}"
        case facts.ConfigurationRemoved():
            return f"removed {fact.id}"
        case _ if isinstance(fact, facts_life.AnyLifeFact):
            return life_brief(fact, at)
        case _ if isinstance(fact, facts_proofs.AnyProofFact):
            return proof_brief(fact, at)
        case _:
            return str(fact.__struct_config__.tag)


@dataclass
class Story:
    """The state of a town, the clock, and every record so far."""

    items: list[AnyItem] = field(default_factory=town)
    at: Instant = START
    state: State = field(default_factory=State)
    journal: list[Record] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.configure(*self.items)

    def feed(self, input: Input) -> list[str]:
        """Decide the input and fold what follows; return that, one line a fact."""
        decided = decide(self.state, input, self.at, alarm_id)
        for fact in decided:
            record = Record(len(self.journal) + 1, self.at, fact)
            self.journal.append(record)
            evolve(self.state, record)
        return [brief(fact, self.at) for fact in decided]

    def configure(self, *items: AnyItem, remove: Sequence[tuple[str, str]] = ()) -> list[str]:
        gone = [facts.ConfigurationRemoved(section=s, id=i, author="test") for s, i in remove]
        put = [facts.ConfigurationSet(item=item, author="test") for item in items]
        return self.feed(Configure([*gone, *put]))

    def hear(
        self,
        kind: Kind,
        subject: str = "scaip:1",
        *,
        event: str | None = None,
        occurred_at: Instant | None = None,
        history: bool = False,
    ) -> list[str]:
        """A device says something, a new thing each time unless an event id is given."""
        self._count += 1
        return self.feed(
            EventRecorded(
                event=event or derive_id("story", self._count),
                kind=kind,
                subject=subject,
                received_at=self.at,
                occurred_at=occurred_at,
                history=history,
                adapter="scaip",
            )
        )

    def press(self, subject: str = "scaip:1", *, event: str | None = None) -> list[str]:
        return self.hear(Kind.HELP_PRESSED, subject, event=event)

    def do(
        self,
        person: str,
        action: Action,
        *,
        alarm: str | None = None,
        seen: Phase = Phase.LOOKING,
        command: str | None = None,
        made_ago_s: int = 0,
        within_s: int | None = None,
        outcome: OutcomeCode | None = None,
        **more: Any,
    ) -> list[str]:
        """A person does something with the alarm (the only one, when none is named)."""
        self._count += 1
        return self.feed(
            Command(
                id=command or f"c{self._count}",
                alarm=alarm or self.alarm,
                person=person,
                action=action,
                seen_phase=seen,
                made_at=self.at - made_ago_s * SECOND,
                arrive_within_s=within_s,
                outcome=outcome,
                **more,
            )
        )

    def accept(self, person: str) -> list[str]:
        return self.do(person, Action.ACCEPT)

    def close(self, person: str) -> list[str]:
        return self.do(person, Action.CLOSE, outcome=OutcomeCode.NO_NEED)

    def sent(self, person: str, channel: str = "webhook-1", *, delivered: bool = True) -> list[str]:
        """The oldest send owed to the person by the channel has ended."""
        mine = (
            one
            for one in self.state.owed.values()
            if (one.page.person, one.page.channel) == (person, channel)
        )
        return self.end(next(mine).page, delivered=delivered)

    def unsent(self, person: str, channel: str = "webhook-1") -> list[str]:
        return self.sent(person, channel, delivered=False)

    def end(self, page: Page, *, delivered: bool) -> list[str]:
        """A send has ended; what that says of its channel is for the stories of test_proofs."""
        lines = self.feed(
            SendEnded(
                alarm=page.send.split(":")[0],
                send=page.send,
                person=page.person,
                channel=page.channel,
                delivered=delivered,
                code="http-200" if delivered else "http-410",
            )
        )
        return [line for line in lines if not line.startswith(("unproven ", "back "))]

    def wait(self, seconds: int) -> list[str]:
        """Time passes in one leap; what was due within it is noticed at its end."""
        self.at += seconds * SECOND
        due = next_due(self.state)
        return self.feed(TimeReached()) if due is not None and due <= self.at else []

    @property
    def alarm(self) -> str:
        """The id of the only alarm."""
        (only,) = self.state.alarms
        return only

    @property
    def owed(self) -> list[str]:
        """Whom sends are under way to, `person@channel`, sorted."""
        pages = (one.page for one in self.state.owed.values())
        return sorted(f"{page.person}@{page.channel}" for page in pages)
