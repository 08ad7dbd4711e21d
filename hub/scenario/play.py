"""Play a story: one heap of what happens, a simulated clock, and the hub between them."""

import re
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from adapters.session import Outcome
from hub.configuration.difference import difference
from hub.onward import Onward
from hub.router import clock
from hub.router.work import Batch, Work
from hub.scenario import enter
from hub.scenario.commands import reach_tap, tap, task_tap
from hub.scenario.enter import Incoming
from hub.scenario.hub import Hub
from hub.scenario.model import ActionEntry, EventEntry, FaultEntry, Line
from hub.scenario.phones import Outage, Phones
from hub.scenario.seen import Answer, Played, Said, meant, meant_task
from hub.scenario.story import Story
from hub.scenario.times import seconds
from hub.scenario.town import Town
from routing.facts import SendEnded
from routing.inputs import Configure
from routing.instant import SECOND, Instant
from routing.kinds import Lane
from routing.lifecycle import Phase
from routing.owed import owed

DIGEST_KEY = b"scenario"


def play(story: Story) -> Played:
    """Play the whole story and return what happened."""
    return _World(story).run()


class _World:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._now: Instant = story.calendar.start
        self._offset: Instant = 0
        """How far the machine's wall clock is ahead of the true time."""
        self._clock = self._new_clock()
        self._heap: list[tuple[Instant, int, Callable[[], None]]] = []
        self._order = count()
        self._numbers = count(1)
        self._broker_up = True
        self._began = False
        self._kept: list[Incoming] = []
        self._hub = Hub(story.town.data["municipality"]["id"], self._now, self._committed)
        self.played = self._hub.played
        self._phones = Phones(self.played, self._send_ended, self._later, lambda: self._now)
        self._configure(story.town)
        self._hub.run(self._hub_now(), self._now)
        for index, (at, line) in enumerate(story.lines):
            self._later(at, self._line(index, at, line))

    def _later(self, at: Instant, happen: Callable[[], None]) -> None:
        """Let it happen then; at once what is now, so that it comes before what falls due now."""
        if at == self._now and self._began:
            happen()
            return
        heappush(self._heap, (at, next(self._order), happen))

    def _new_clock(self) -> Onward:
        return Onward(lambda: self._now + self._offset, lambda: self._now)

    def _hub_now(self) -> Instant:
        return self._clock.now()

    def run(self) -> Played:
        """Let everything happen until the story's end."""
        end, self._began = self._story.end, True
        while (at := self._next()) is not None and at <= end:
            self._now = max(self._now, at)
            if self._heap and self._heap[0][0] <= self._now:
                heappop(self._heap)[2]()
            self._hub.run(self._hub_now(), self._now)
        return self.played

    def _next(self) -> Instant | None:
        due = self._hub.next_turn()
        ahead = self._hub_now() - self._now
        waits = [] if due is None else [max(self._now, due - ahead)]
        waits += [self._heap[0][0]] if self._heap else []
        return min(waits, default=None)

    # -- what the story says ---------------------------------------------------------------------

    def _line(self, index: int, at: Instant, line: Line) -> Callable[[], None]:
        def happen() -> None:
            if line.text is not None:
                self._say("scenario.text", text=line.text)
            for key in ("press", "event", "alive"):
                entry = getattr(line, key)
                if entry is not None:
                    entry = self._answering(entry)
                    for delay, event in enter.events(self._story, entry, key, at, self._numbers):
                        self._later(at + delay, self._comes(enter.from_event(event)))
            if line.raw is not None:
                for event in enter.raw(line.raw, at + self._offset):
                    self._comes(enter.from_event(event))()
            if index in self._story.towns:
                self._say("scenario.configured")
                self._configure(self._story.towns[index])
            if line.fault is not None:
                self._fault(line.fault, at)
            for person, action in line.actions.items():
                self._acts(person, action)

        return happen

    def _answering(self, entry: EventEntry) -> EventEntry:
        """Return the entry with the command that its lock has been given and now answers."""
        engine = self._hub.engine
        if not entry.answers or engine is None:
            return entry
        found = engine.state.locks.busy.get(entry.device or "")
        return entry.model_copy(update={"reference": found})

    def _say(self, msgid: str, **params: object) -> None:
        self.played.say(Said(self._now, msgid, params))

    def _comes(self, incoming: Incoming) -> Callable[[], None]:
        def happen() -> None:
            self._say("scenario.heard", kind=incoming.kind, subject=incoming.subject)
            self._publish(incoming)

        return happen

    def _publish(self, incoming: Incoming) -> None:
        """Hand over to the hub, or keep as the broker and the adapters do while it is away."""
        if self._broker_up and self._hub.engine is not None:
            self._hub.take(incoming.work(self._hub_now(), self._answered(incoming.subject)))
        else:
            self._kept.append(incoming)

    def _answered(self, subject: str) -> Callable[[Outcome], None]:
        def told(outcome: Outcome) -> None:
            self.played.answers.append(Answer(self._now, subject, outcome))

        return told

    def _acts(self, person: str, action: ActionEntry) -> None:
        """The tap is now; it reaches the hub at once, or when the phone is back online."""
        views = list(self.played.views.values())
        alarm = meant(views[-1].values() if views else (), person, action.of)
        tasks = list(self.played.tasks.values())
        task = meant_task(tasks[-1] if tasks else (), person, action.of)
        seen = action.seen or (Phase.LOOKING if alarm is None else alarm.phase)
        outcome = action.outcome or action.result
        deed = action.do or action.task or action.reach
        self._say("scenario.acts", person=person, action=deed, outcome=outcome)
        id = f"command-{next(self._numbers)}"

        def arrives() -> None:
            at = self._hub_now()
            if action.reach is not None:
                body = reach_tap(person, action, self._test_of(person), made_at=at, id=id)
            elif action.task is not None:
                body = task_tap(person, action, task.id if task else "none", made_at=at, id=id)
            else:
                named = alarm.id if alarm else "none"
                body = tap(person, action, named, seen=seen, made_at=at, id=id)
            self._publish(enter.command(body))

        self._later(self._now + (action.offline or 0) * SECOND, arrives)

    def _test_of(self, person: str) -> str | None:
        """Return the test that has come to the person last."""
        engine = self._hub.engine
        tests = () if engine is None else engine.state.proofs.tests_of(person)
        return max((test.id for test in tests), default=None)

    # -- configuration and faults ----------------------------------------------------------------

    def _configure(self, town: Town) -> None:
        engine = self._hub.engine
        if engine is None:
            raise RuntimeError("the configuration cannot change while the hub is away")
        registry, body = engine.state.registry, self._hub.reader.document
        found = difference(registry, body, town.compiled, DIGEST_KEY, "file")
        self._hub.take(Work(Configure(found.changes), Lane.HELP, tuple(found.documents)))

    def _fault(self, fault: FaultEntry, at: Instant) -> None:
        until = None if fault.until is None else self._story.calendar.resolve(fault.until, at)
        if fault.hub is not None:
            self._say("scenario.killed")
            self._hub.kill(self._hub_now())
            self._phones.restart()
            self._over(until, self._boot)
        elif fault.broker is not None:
            self._say("scenario.broker_gone")
            self._broker_up = False
            self._over(until, self._broker_back)
        elif fault.clock is not None:
            self._say("scenario.clock_jumps", by=fault.clock)
            self._jump(fault.clock)
        else:
            lost = fault.receipts is not None
            outage = Outage(fault.phone, fault.channel, receipts=lost)
            msgid = "scenario.no_receipts" if lost else "scenario.unreachable"
            self._say(msgid, person=fault.phone, channel=fault.channel)
            self._phones.outages.append(outage)
            self._over(until, lambda: self._reachable(outage))

    def _over(self, until: Instant | None, happen: Callable[[], None]) -> None:
        if until is not None:
            self._later(until, happen)

    def _reachable(self, outage: Outage) -> None:
        self._say("scenario.reachable", person=outage.phone, channel=outage.channel)
        self._phones.outages.remove(outage)

    def _boot(self) -> None:
        self._say("scenario.booted")
        self._clock = self._new_clock()
        self._hub.boot(self._hub_now())
        if self._hub.engine is not None:
            state = self._hub.engine.state
            self._clock.reach(state.recorded_at)
            for one in owed(state):
                self._phones.settle(one.alarm, owed(state, (one.alarm,)))
        self._deliver_kept()

    def _broker_back(self) -> None:
        self._say("scenario.broker_back")
        self._broker_up = True
        self._deliver_kept()

    def _deliver_kept(self) -> None:
        kept, self._kept = self._kept, []
        for incoming in kept:
            self._publish(incoming)

    def _jump(self, by: str) -> None:
        self._hub_now()  # a running hub has read it shortly before
        length = seconds(re.sub(r"^[+-] ?", "", by)) * SECOND
        self._offset += -length if by[0] == "-" else length
        self._hub.take(Work(clock.jump_event(self._hub_now()), Lane.TELEMETRY))

    # -- what the hub does -----------------------------------------------------------------------

    def _committed(self, batch: Batch) -> None:
        for done, outcome in batch.done:
            done(outcome)
        self._phones.show(batch.facts)
        for alarm, sends in batch.owed.items():
            self._phones.settle(alarm, sends)

    def _send_ended(self, ended: SendEnded) -> None:
        self._hub.take(Work(ended, Lane.HELP))
