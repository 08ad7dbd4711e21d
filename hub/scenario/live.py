"""Play a story against a running hub: events as an adapter says them, taps as the pages send them.

The story begins now. `speed` shortens the pauses between its lines; the hub's own waits are real,
so that what is expected is judged in real time only. Nobody's phone is real here: the hub must run
the story's municipality without channels (`municipality_of`), and whoever is called on the live
page counts as notified.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from hub.configuration.compile import compile
from hub.configuration.model import MunicipalityFile
from hub.configuration.recorded import Recorded
from hub.mqtt import Login, Publisher
from hub.processes.logins import Role, login_for
from hub.processes.ready import Run
from hub.scenario import enter
from hub.scenario.commands import reach_tap, tap, task_tap
from hub.scenario.model import ActionEntry, Line
from hub.scenario.seen import Notice, Played, meant, meant_task
from hub.scenario.story import Check, Story
from hub.scenario.times import Window
from hub.secrets import Secrets
from hub.settings.whole import Settings
from routing import topics
from routing.event import Event, derive_id
from routing.evolve import evolve
from routing.instant import SECOND, Instant, to_rfc3339
from routing.lifecycle import Phase
from routing.municipality import SECTIONS

SLACK: Instant = 2 * SECOND
"""A live hub is a network and a disk away: every window ends so much later."""
ADAPTER = "scenario"
LOOK_EVERY_S = 0.2


Happen = Callable[[Publisher, Publisher], Awaitable[None]]
"""Something of the story, by the adapters' and the web's connection."""


class CannotPlay(Exception):
    """The story cannot be played against this hub; `msgid` and `params` say why."""

    def __init__(self, msgid: str, **params: str) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params


def municipality_of(story: Story) -> MunicipalityFile:
    """Return the story's municipality as a live hub must run it: nobody has a channel."""
    file = story.town.file
    if file is None:
        raise ValueError("an unsound municipality was to be played; check it first")
    people = tuple(person.model_copy(update={"channels": ()}) for person in file.people)
    return file.model_copy(update={"people": people})


def fits(story: Story, now: Recorded) -> None:
    """Raise CannotPlay when the story needs the simulation, or the hub runs something else."""
    for _, line in story.lines:
        if line.fault is not None or line.configure is not None:
            raise CannotPlay("scenario.live_only_simulated")
    wanted = dict(compile(municipality_of(story)).items)
    there = {(s, id): item for s in SECTIONS for id, item in now.state.registry.items(s).items()}
    if wanted != there:
        raise CannotPlay("scenario.live_other_municipality")


def live_checks(story: Story) -> list[Check]:
    """Return what can be judged from outside, every window as much later as the hub is away."""
    found = []
    for check in story.checks:
        entry = check.entry.model_copy(update={"answered": None, "located": None})
        if not entry.says_something:
            continue
        first = check.window.first + (SLACK if entry.throughout else 0)
        window = Window(first, max(first, check.window.last + SLACK))
        found.append(Check(window, entry, check.path))
    return found


@dataclass(slots=True)
class Live:
    """One play."""

    story: Story
    now: Recorded
    run: Run
    speed: float
    began: Instant = field(default_factory=lambda: time.time_ns() // 1000)
    played: Played = field(init=False)
    _order: int = 0

    def __post_init__(self) -> None:
        self.played = Played(self.now.journal, self.now.state.registry)

    async def play(self, settings: Settings, secrets: Secrets) -> Played:
        """Play every line at its time, wait for what follows, and return what happened."""
        async with (
            self._publisher(settings, secrets, "adapters") as says,
            self._publisher(settings, secrets, "web") as acts,
        ):
            for _, happen in sorted(self._happenings(), key=lambda one: one[0]):
                await happen(says, acts)
            await self._until(self.story.end + SLACK)
        return self.played

    def _happenings(self) -> list[tuple[Instant, Happen]]:
        found: list[tuple[Instant, Happen]] = []
        numbers = count(1)
        for at, line in self.story.lines:
            for key in ("press", "event", "alive"):
                entry = getattr(line, key)
                if entry is not None:
                    events = enter.events(self.story, entry, key, at, numbers)
                    found += [(at + delay, self._event(at + delay, one)) for delay, one in events]
            found += self._rest(at, line)
        return found

    def _rest(self, at: Instant, line: Line) -> list[tuple[Instant, Happen]]:
        raws = () if line.raw is None else enter.raw(line.raw, at)
        found = [(at, self._event(at, event)) for event in raws]
        for person, action in line.actions.items():
            later = at + (action.offline or 0) * SECOND
            found.append((later, self._action(later, person, action)))
        return found

    def _event(self, at: Instant, event: Event) -> Happen:
        async def happen(says: Publisher, acts: Publisher) -> None:
            await self._until(at)
            shift = self._wall(at) - at
            occurred = event.occurred_at
            heard = event.model_copy(
                update={
                    "id": derive_id("live", self.began, event.id),
                    "receivedat": to_rfc3339(self._wall(at)),
                    "time": None if occurred is None else to_rfc3339(max(0, occurred + shift)),
                }
            )
            topic = topics.event(self.run.municipality, heard.treatment.lane, ADAPTER)
            await says.publish(topic, heard.to_json())

        return happen

    def _action(self, at: Instant, person: str, action: ActionEntry) -> Happen:
        async def happen(says: Publisher, acts: Publisher) -> None:
            await self._until(at)
            await asyncio.sleep(LOOK_EVERY_S)
            self._catch_up()
            topic = topics.command(self.run.municipality)
            await acts.publish(topic, self._tap(person, action))

        return happen

    def _tap(self, person: str, action: ActionEntry) -> bytes:
        self._order += 1
        id, at = f"live-{self.began}-{self._order}", time.time_ns() // 1000
        if action.reach is not None:
            tests = self.now.state.proofs.tests_of(person)
            test = max((test.id for test in tests), default=None)
            return reach_tap(person, action, test, made_at=at, id=id)
        if action.task is not None:
            task = meant_task(self.now.state.book.tasks.values(), person, action.of)
            return task_tap(person, action, task.id if task else "none", made_at=at, id=id)
        mine = [a for a in self.now.state.alarms.values() if a.raised_at >= self.began]
        alarm = meant(mine, person, action.of)
        seen = action.seen or (alarm.phase if alarm else Phase.LOOKING)
        return tap(person, action, alarm.id if alarm else "none", seen=seen, made_at=at, id=id)

    # -- time, and what the journal says ---------------------------------------------------------

    def _wall(self, at: Instant) -> Instant:
        return self.began + int((at - self.story.calendar.start) / self.speed)

    def _told(self, wall: Instant) -> Instant:
        return self.story.calendar.start + int((wall - self.began) * self.speed)

    async def _until(self, at: Instant) -> None:
        wait_s = (self._wall(at) - time.time_ns() // 1000) / SECOND
        await asyncio.sleep(max(0.0, wait_s))
        self._catch_up()

    def _catch_up(self) -> None:
        state, played = self.now.state, self.played
        while records := self.now.journal.read(state.seq):
            for record in records:
                at = self._told(record.recorded_at)
                evolve(state, record)
                played.record(at, record)
                for page in getattr(record.fact, "pages", ()):
                    alarm = str(getattr(record.fact, "alarm", ""))
                    played.notice(Notice(at, page.person, page.channel, alarm, True))
                fresh = {i: a for i, a in state.alarms.items() if a.raised_at >= self.began}
                played.views[at], played.tasks[at] = fresh, tuple(state.book.tasks.values())

    @asynccontextmanager
    async def _publisher(
        self, settings: Settings, secrets: Secrets, role: Role
    ) -> AsyncIterator[Publisher]:
        user = login_for(settings, secrets, role) or (None, None)
        broker = self.run.broker
        publisher = Publisher(
            Login(broker.host, broker.port, *user), f"varde-scenario-{role}-{self.began}"
        )
        await publisher.start()
        try:
            yield publisher
        finally:
            await publisher.stop()
