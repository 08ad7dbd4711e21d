"""Any inputs in any order: what must hold of the core whatever happens to it.

The machine feeds decide and keeps three things apart from the live state: a replica folded from
the stored form of each record, a walk of its own over owners and pages, and snapshots taken up.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from routing import facts, facts_life
from routing.alarm import LIVE_PAGE, Alarm
from routing.evolve import evolve
from routing.facts import Page, decode, encode
from routing.instant import DAY, HOUR, SECOND, Instant
from routing.kinds import Kind
from routing.lifecycle import OWNED, Action, OutcomeCode, Phase, Speech
from routing.municipality import (
    AnyItem,
    Device,
    Municipality,
    Person,
    RaiseRule,
    Resident,
    Role,
    Step,
    Target,
)
from routing.owed import owed
from routing.pass_time import next_due
from routing.plans import Correlation
from routing.snapshot import restore, take
from routing.state import State
from routing.tasks.value import Task
from tests.routing.story import CENTRE, ON_DUTY, Story, on_duty, plain, town

PEOPLE = ("anna", "berit", "carl", "lea", "nobody")
DOOR = Device(
    id="door",
    subject="zigbee2mqtt:dor",
    resident="siri",
    raises=(RaiseRule(Kind.DOOR_OPENED, 22 * 60, 6 * 60),),
)
TOLD = Target("person", "lea", informed=True)
STRANGERS = ("scaip:unknown", "scaip:another", "scaip:third")
SUBJECTS = ("scaip:1", "scaip:2", "scaip:3", "zigbee2mqtt:dor", *STRANGERS)
HURRIED = Municipality(
    id="simby",
    timezone="Europe/Oslo",
    default_policy="plain",
    correlation=Correlation(strangers=1),
)
TWO_NEEDED = Resident(id="siri", unit="north", people_needed=2)
TOWN = town(DOOR, HURRIED, TWO_NEEDED)
CHANGES = (
    (on_duty(),),
    (on_duty("anna", "berit"),),
    (on_duty("berit", "lea"),),
    (plain(loop="all"),),
    (plain(Step((ON_DUTY,), 60, in_turn=True), Step((CENTRE, TOLD), 90)),),
    (plain(fallback=(CENTRE,)),),
    (Person(id="carl", roles=(Role.IT,)),),
    tuple(TOWN),
)


def _is_strange(one: Alarm | Task) -> bool:
    return isinstance(one, Alarm) and one.device is None


def deadlines(alarm: Alarm) -> list[Instant]:
    """Every deadline of an alarm, by itself."""
    found = [alarm.due_at]
    found += [alarm.handover.due_at] if alarm.handover else []
    found += [alarm.help.due_at] if alarm.help else []
    return [at for at in found if at is not None]


class Life(RuleBasedStateMachine):
    """One town and whatever happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(TOWN)
        self.replica = State()
        self.owner: dict[str, str] = {}
        self.closed_at: dict[str, Instant] = {}
        self.pages: dict[str, Page] = {}
        self.events: dict[str, Instant] = {}
        self.walked = 0

    @rule(kind=st.sampled_from(Kind), subject=st.sampled_from(SUBJECTS), history=st.booleans())
    def hear(self, kind: Kind, subject: str, history: bool) -> None:
        self.story.hear(kind, subject, history=history)

    @rule(subject=st.sampled_from(SUBJECTS))
    def press(self, subject: str) -> None:
        self.story.press(subject)

    @rule(draw=st.data())
    def hear_again(self, draw: st.DataObject) -> None:
        fresh = [event for event, at in self.events.items() if at + HOUR >= self.story.at]
        if fresh:
            before = len(self.story.journal)
            self.story.press(event=draw.draw(st.sampled_from(fresh[-5:])))
            assert len(self.story.journal) == before

    @rule(
        draw=st.data(),
        person=st.sampled_from(PEOPLE),
        action=st.sampled_from(Action),
        seen=st.sampled_from((Phase.LOOKING, Phase.LOOKING, *Phase)),
        command=st.sampled_from([None] * 6 + ["c-one", "c-two"]),
    )
    def act(
        self, draw: st.DataObject, person: str, action: Action, seen: Phase, command: str | None
    ) -> None:
        known = ["simby-none", *self.story.state.alarms]
        alarm = draw.draw(st.sampled_from(known[-4:]))
        told = self.story.do(
            person,
            action,
            alarm=alarm,
            seen=seen,
            command=command,
            outcome=OutcomeCode.TALK,
            speech=draw.draw(st.sampled_from(Speech)),
            to_person=draw.draw(st.sampled_from(PEOPLE)),
            to_team="centre",
            step=1,
            resident="siri",
            note="a note",
        )
        assert command is not None or " done" in told[-1] or "not done" in told[-1]

    @rule(person=st.sampled_from(PEOPLE), close=st.booleans())
    def own(self, person: str, close: bool) -> None:
        looking = [a.id for a in self.story.state.alarms.values() if a.phase is Phase.LOOKING]
        for alarm in looking[:1]:
            self.story.do(person, Action.ACCEPT, alarm=alarm)
            if close:
                self.story.do(person, Action.CLOSE, alarm=alarm, outcome=OutcomeCode.TALK)

    @rule(
        draw=st.data(),
        person=st.sampled_from(PEOPLE),
        action=st.sampled_from((Action.TAKE_OVER, Action.DECLINE, Action.JOIN)),
        ask=st.sampled_from((Action.HAND_OVER, Action.NEED_HELP)),
    )
    def beside(self, draw: st.DataObject, person: str, action: Action, ask: Action) -> None:
        owned = [a for a in self.story.state.alarms.values() if a.phase in OWNED]
        for alarm in owned[:1]:
            to = draw.draw(st.sampled_from(PEOPLE[:4]))
            self.story.do(alarm.owner or "", ask, alarm=alarm.id, to_person=to)
            self.story.do(person, action, alarm=alarm.id)

    @rule(draw=st.data(), delivered=st.booleans())
    def end(self, draw: st.DataObject, delivered: bool) -> None:
        sends = sorted(self.story.state.owed) or sorted(self.pages)
        if sends:
            page = self.pages[draw.draw(st.sampled_from(sends))]
            self.story.end(page, delivered=delivered)

    @rule(seconds=st.sampled_from((1, 59, 60, 61, 300, 1800, 7200, 86_400)))
    def wait(self, seconds: int) -> None:
        self.story.wait(seconds)

    @rule()
    def wait_for_the_next_deadline(self) -> None:
        due = next_due(self.story.state)
        if due is not None:
            assert self.story.wait(max(0, -(-(due - self.story.at) // SECOND))) != []

    @rule(change=st.sampled_from(CHANGES))
    def configure(self, change: tuple[AnyItem, ...]) -> None:
        self.story.configure(*change)

    @rule(person=st.sampled_from(PEOPLE[:4]))
    def remove(self, person: str) -> None:
        self.story.configure(remove=[("person", person)])

    @invariant()
    def all_holds(self) -> None:
        self.replay_is_live()
        self.one_owner_or_looking()
        self.the_next_deadline_is_the_earliest_of_all()
        self.owed_is_what_was_decided_and_has_not_ended()
        self.a_snapshot_loses_nothing()

    def replay_is_live(self) -> None:
        for record in self.story.journal[self.walked :]:
            stored = type(record)(record.seq, record.recorded_at, decode(encode(record.fact)))
            evolve(self.replica, stored)
            self._walk(stored.fact, stored.recorded_at)
        self.walked = len(self.story.journal)
        assert self.replica == self.story.state

    def _walk(self, fact: facts.AnyFact, at: Instant) -> None:  # noqa: PLR0912 one table
        """Follow owners, pages and events by the facts' meaning alone."""
        if isinstance(fact, facts.EventRecorded):
            assert self.events.get(fact.event, -DAY) + HOUR < at, "an event was recorded twice"
            self.events[fact.event] = at
        for page in getattr(fact, "pages", ()):
            assert page.send not in self.pages, "a send id was decided twice"
            self.pages[page.send] = page
        if not isinstance(fact, facts.AlarmFact):
            return
        alarm = fact.alarm
        if alarm in self.closed_at:
            assert isinstance(fact, facts.AlarmSeen | facts.AlarmArchived | facts.AlarmReopened)
        match fact:
            case facts.AlarmAccepted(person=person):
                assert alarm not in self.owner
                self.owner[alarm] = person
            case facts.AlarmProgressed(person=person):
                assert self.owner[alarm] == person
            case facts.AlarmReopened(previous_owner=person) if alarm in self.closed_at:
                assert at - self.closed_at.pop(alarm) <= HOUR
            case facts.AlarmReopened(previous_owner=person):
                assert self.owner.pop(alarm) == person
            case facts_life.HandoverAccepted(person=person, previous_owner=previous):
                assert self.owner[alarm] == previous != person
                self.owner[alarm] = person
            case facts_life.HelpStep(to=people):
                assert self.owner[alarm] not in people
            case facts.AlarmClosed(person=person):
                assert self.owner.pop(alarm) == person
                self.closed_at[alarm] = at
            case (
                facts.StepStarted()
                | facts.StepSkipped()
                | facts.RoundEnded()
                | facts_life.NextCalled()
                | facts_life.PolicyFollowed()
            ):
                assert alarm not in self.owner, "escalated although it is owned"
            case facts.AlarmArchived():
                assert at - self.closed_at[alarm] >= DAY

    def one_owner_or_looking(self) -> None:
        for alarm in self.story.state.alarms.values():
            if alarm.phase in (Phase.LOOKING, Phase.CLOSED):
                assert alarm.id not in self.owner
            else:
                assert self.owner[alarm.id] == alarm.owner
                assert alarm.owner in self.story.state.registry.people

    def the_next_deadline_is_the_earliest_of_all(self) -> None:
        state = self.story.state
        every = [at for a in state.alarms.values() for at in deadlines(a)]
        every += [at + DAY for alarm, at in self.closed_at.items() if alarm in state.alarms]
        every += state.watches.live.values()
        every += state.book.watches.live.values()
        assert next_due(state) == min(every, default=None)
        looking = [a for a in state.alarms.values() if a.phase is Phase.LOOKING]
        assert all(alarm.due_at is not None for alarm in looking), "nobody looks any more"

    def owed_is_what_was_decided_and_has_not_ended(self) -> None:
        state = self.story.state
        abouts: list[Alarm | Task] = [*state.alarms.values(), *state.book.tasks.values()]
        expected = {
            page.send
            for one in abouts
            for page in one.pages
            if page.channel != LIVE_PAGE
            and page.send not in one.delivered
            and page.send not in one.failed
        }
        assert {one.page.send for one in owed(state)} == expected
        by_id = {one.id: one for one in abouts}
        known = [by_id[one.alarm] for one in owed(state) if not _is_strange(by_id[one.alarm])]
        severities = [one.severity for one in known]
        assert severities == sorted(severities, reverse=True)

    def a_snapshot_loses_nothing(self) -> None:
        state = self.story.state
        again = restore(take(state))
        assert again is not None
        assert again == state
        assert next_due(again) == next_due(state)
        assert {one.page.send for one in owed(again)} == {one.page.send for one in owed(state)}


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyLife = Life.TestCase
