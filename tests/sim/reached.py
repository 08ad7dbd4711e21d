"""What must hold of ways to people and of duty in every run.

As in `tests.sim.checkers`, each checker walks the journal by itself and knows the promise, not the
code that decides. An order of channels is worked out here anew, from what the journal says failed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from routing import facts, facts_life
from routing.facts import Page
from routing.instant import SECOND, Instant
from routing.proofs import facts as own
from routing.reasons import ReasonCode
from tests.sim.checkers import CLOSES, SLACK, Checker, Run, downtime
from tests.sim.rostered import nobody_leaves_alone_unawares
from tests.sim.town import ANSWER_S, CHANNELS

ENDS_OF_TESTS = (own.ChannelProven, own.ChannelUnproven)


def only_answers_prove(run: Run) -> Iterator[str]:
    """A test is passed by the person's answer in time, and by nothing else; every test ends."""
    open_tests: dict[str, Instant] = {}
    for record in run.of(own.ChannelTested, *ENDS_OF_TESTS):
        fact, at = record.fact, record.recorded_at
        match fact:
            case own.ChannelTested():
                open_tests[fact.test] = at + ANSWER_S * SECOND
            case own.ChannelProven():
                due_at, said = open_tests.pop(fact.test, 0), run.answers.get(fact.test)
                if said is None or said > at:
                    yield f"#{record.seq}: {fact.test} is proven and nobody has answered it"
                if at >= due_at:
                    yield f"#{record.seq}: {fact.test} is proven after its time"
            case own.ChannelUnproven(test=test) if test is not None:
                due_at = open_tests.pop(test)
                late = due_at + downtime(run, due_at, at) + SLACK
                if fact.code == "no-answer" and not due_at <= at <= late:
                    yield f"#{record.seq}: {test} has run out at the wrong time"
    for test, due_at in open_tests.items():
        if run.quiet and due_at + downtime(run, due_at, run.ended_at) + SLACK < run.ended_at:
            yield f"{test} has never ended"


@dataclass
class _Tried:
    """What the journal says of channels, and what has been tried in each call."""

    failed: dict[str, set[str]] = field(default_factory=dict)
    tried: dict[str, set[str]] = field(default_factory=dict)

    def order(self, person: str) -> list[str]:
        """Return the person's channels: those that have not failed, then the others."""
        failed = self.failed.get(person, set())
        return sorted(CHANNELS.get(person, ()), key=lambda channel: channel in failed)

    def note(self, page: Page) -> None:
        self.tried.setdefault(page.send.rpartition(":")[0], set()).add(page.channel)

    def left(self, call: str, person: str) -> list[str]:
        tried = self.tried.get(call, set())
        return [channel for channel in self.order(person) if channel not in tried]

    def hear(self, fact: object) -> None:
        match fact:
            case own.ChannelUnproven():
                self.failed.setdefault(fact.person, set()).add(fact.channel)
            case own.ChannelProven() | own.ChannelBack():
                self.failed.get(fact.person, set()).discard(fact.channel)


def failed_channels_come_last(run: Run) -> Iterator[str]:
    """A call begins with the person's first channel that has not failed."""
    known = _Tried()
    for record in run.journal:
        known.hear(record.fact)
        for page in getattr(record.fact, "pages", ()):
            call = page.send.rpartition(":")[0]
            first = call not in known.tried
            known.note(page)
            best = known.order(page.person)
            if first and best and page.channel not in {best[0], "page"}:
                yield f"#{record.seq}: {page.send} goes before {best[0]}"


def no_channel_left_out(run: Run) -> Iterator[str]:
    """A send that has failed is followed at once by the person's next channel, whatever is known of
    it, as long as there is one that the call has not tried and it has not been followed before."""
    known, followed, wanted = _Tried(), set[str](), dict[str, tuple[Instant, int]]()
    for record in run.journal:
        fact, at = record.fact, record.recorded_at
        known.hear(fact)
        for page in getattr(fact, "pages", ()):
            known.note(page)
            wanted.pop(page.send.rpartition(":")[0], None)
        if isinstance(fact, facts.Paged) and fact.instead_of:
            followed.add(fact.instead_of)
        for call in [call for call, (when, _) in wanted.items() if when < at]:
            yield f"#{wanted.pop(call)[1]}: {call} failed and goes on by no other channel"
        if isinstance(fact, facts.SendEnded) and not fact.delivered:
            call = fact.send.rpartition(":")[0]
            if fact.send not in followed and known.left(call, fact.person):
                wanted[call] = (at, record.seq)
    for call, (_, seq) in wanted.items():
        yield f"#{seq}: {call} failed and goes on by no other channel"


def lost_phones_keep_no_alarm(run: Run) -> Iterator[str]:
    """Scenario 24: what the owner of a lost phone has is looking for somebody at once."""
    owner: dict[str, str] = {}
    lost: tuple[str, Instant, int] | None = None
    for record in run.journal:
        fact, at = record.fact, record.recorded_at
        if lost is not None and (at > lost[1] or isinstance(fact, own.ReachEnded)):
            for alarm in [alarm for alarm, has in owner.items() if has == lost[0]]:
                yield f"#{lost[2]}: {lost[0]} has lost the phone and keeps {alarm}"
            lost = None
        match fact:
            case facts.AlarmAccepted() | facts_life.HandoverAccepted():
                owner[fact.alarm] = fact.person
            case facts.AlarmReopened():
                owner.pop(fact.alarm, None)
            case own.PhoneLost():
                lost = (fact.person, at, record.seq)
        if isinstance(fact, CLOSES):
            owner.pop(fact.alarm, None)


def nobody_leaves_with_an_alarm(run: Run) -> Iterator[str]:
    """Whoever goes off duty has handed over what they had."""
    owner: dict[str, str] = {}
    for record in run.journal:
        fact = record.fact
        match fact:
            case facts.AlarmAccepted() | facts_life.HandoverAccepted():
                owner[fact.alarm] = fact.person
            case facts.AlarmReopened():
                owner.pop(fact.alarm, None)
            case own.DutyEnded():
                for alarm in [alarm for alarm, has in owner.items() if has == fact.person]:
                    yield f"#{record.seq}: {fact.person} goes and has {alarm}"
        if isinstance(fact, CLOSES):
            owner.pop(fact.alarm, None)


def off_duty_is_not_called(run: Run) -> Iterator[str]:
    """Who has gone is not called as one who is on duty, until their shift ends or they are back;
    and who has not gone is, whatever they have said of being there."""
    off: dict[str, Instant] = {}
    for record in run.of(own.DutyEnded, own.DutyBegun, facts.StepStarted):
        fact, at = record.fact, record.recorded_at
        match fact:
            case own.DutyEnded() if fact.until is not None:
                off[fact.person] = fact.until
            case own.DutyBegun():
                off.pop(fact.person, None)
            case facts.StepStarted():
                for page in fact.pages:
                    gone = page.why.code is ReasonCode.ON_DUTY and off.get(page.person, 0) > at
                    if gone:
                        yield f"#{record.seq}: {page.person} is off duty and called as on duty"


REACHED: tuple[Checker, ...] = (
    only_answers_prove,
    failed_channels_come_last,
    no_channel_left_out,
    lost_phones_keep_no_alarm,
    nobody_leaves_with_an_alarm,
    off_duty_is_not_called,
    nobody_leaves_alone_unawares,
)
