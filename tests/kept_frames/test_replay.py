"""Kept frames treated again: as the past, once, and by the engine that runs now."""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from adapters.ev07b.config import Ev07bConfig
from adapters.listener import Listener
from hub.kept_frames.again import again
from hub.kept_frames.keeper import Keeper
from hub.kept_frames.model import Limits, kept_of
from hub.kept_frames.replaying import Replaying
from hub.kept_frames.store import KeptFrames
from hub.kept_frames.wish import ReplayWish
from hub.router.work import REPLAYED, Work
from routing.event import Event, EventData, make_event
from routing.facts import AlarmRaised, EventRecorded
from routing.facts_devices import FramesReplayed
from routing.instant import HOUR, MINUTE
from routing.kinds import Kind
from routing.municipality import Device
from routing.reasons import ReasonCode
from tests.router.labs import Lab
from tests.routing.story import START

DATA = Path(__file__).parents[1] / "data" / "ev07b.json"
LISTENERS: Mapping[str, Listener] = {"gps": Ev07bConfig(id="gps")}
STRANGER = "ev07b:863921039983476"


def event(kind: Kind = Kind.HELP_PRESSED, number: int = 1, raw: str | None = None) -> Event:
    return make_event(
        kind,
        id=f"{number:032x}",
        source="/adapters/ev07b/gps",
        subject=STRANGER,
        received_at=START,
        data=EventData(raw=raw),
    )


class Room:
    """A router's engine with a keeper and replays beside it, driven by hand."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.lab = Lab()
        self.path, self.limits = folder / "kept.sqlite", limits or Limits()
        self.keeper = Keeper(self.open(), self._registered, self.take, lambda: self.lab.at)
        self.replaying = Replaying(self.open, lambda: LISTENERS, self.take, lambda: self.lab.at)
        self.facts: list[object] = []
        self.confirmed: list[str] = []

    def open(self) -> KeptFrames:
        return KeptFrames(self.path, self.limits)

    def _registered(self, subject: str) -> bool:
        return subject in self.lab.engine.state.registry.device_of

    def take(self, work: Work) -> None:
        self.lab.engine.take(work)
        batch = self.lab.engine.turn(self.lab.at)
        assert batch is not None
        self.facts += batch.facts
        for done, outcome in batch.done:
            done(outcome)

    async def hear(self, *events: Event) -> None:
        for one in events:
            self.keeper.hear(one, "gps", one.to_json(), partial(self.confirmed.append, one.id))
        running = asyncio.create_task(self.keeper.run())
        async with asyncio.timeout(30):
            while len(self.confirmed) < len(events):  # noqa: ASYNC110 turns of the loop
                await asyncio.sleep(0)
        running.cancel()

    async def replay(self, who: str = STRANGER) -> FramesReplayed:
        await self.replaying.replay(ReplayWish("r1", "lise", who))
        told = self.facts[-1]
        assert isinstance(told, FramesReplayed)
        return told

    def register(self) -> None:
        self.lab.configure(*self.lab.items, Device(id="gps", subject=STRANGER, resident="rolf"))


async def test_an_old_press_rings_with_its_age_as_that_device(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.hear(event())
    room.register()
    room.lab.at = START + 2 * HOUR
    told = await room.replay()
    assert (told.frames, told.events, told.author) == (1, 1, "lise")
    (born,) = [fact for fact in room.facts if isinstance(fact, AlarmRaised)]
    assert (born.device, born.resident) == ("gps", "rolf")
    assert born.reason.code is ReasonCode.OLD_HELP_STILL_RINGS
    assert born.reason.params == {"age_s": 7200}


async def test_nothing_rings_twice(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.hear(event())
    room.register()
    await room.replay()
    assert (await room.replay()).frames == 0
    room.open().replayed([], room.lab.at)
    ids = [again(kept_of(event(), "gps", event().to_json()), at, LISTENERS) for at in (1, 2)]
    assert ids[0].events[0].id == ids[1].events[0].id
    assert len([fact for fact in room.facts if isinstance(fact, AlarmRaised)]) == 1


async def test_what_is_not_help_is_only_noted(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.hear(event(Kind.BATTERY_LOW))
    room.register()
    await room.replay()
    heard = [fact for fact in room.facts if isinstance(fact, EventRecorded)]
    assert [(one.kind, one.history, one.adapter) for one in heard] == [
        (Kind.BATTERY_LOW, True, REPLAYED)
    ]
    assert not [fact for fact in room.facts if isinstance(fact, AlarmRaised)]


async def test_a_replay_is_no_sign_of_life(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.hear(event())
    silent = Device(id="gps", subject=STRANGER, resident="rolf", silent_after_s=3600)
    room.lab.configure(*room.lab.items, silent)
    before = dict(room.lab.engine.presence.heard)
    room.lab.at = START + 30 * MINUTE
    await room.replay()
    assert dict(room.lab.engine.presence.heard) == before


async def test_an_unreadable_frame_is_read_by_todays_decoder(tmp_path: Path) -> None:
    frames = json.loads(DATA.read_text())["frames"]
    pressed = [one for one in frames if "fall.detected" in [e["kind"] for e in one["events"]]]
    frame, imei = pressed[0]["hex"], pressed[0]["imei"]
    kept = event(Kind.FRAME_UNDECODABLE, raw=frame)
    found = again(kept_of(kept, "gps", kept.to_json()), START + HOUR, LISTENERS)
    only = next(one for one in found.events if one.type is Kind.FALL_DETECTED)
    assert only.subject == f"ev07b:{imei}"
    assert (only.type, only.history, only.data.raw) == (Kind.FALL_DETECTED, True, None)
    assert only.occurred_at == START
    assert only.received_at == START + HOUR


async def test_a_frame_that_still_cannot_be_read_stays_kept(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.hear(event(Kind.FRAME_UNDECODABLE, raw="ab10ffff"))
    first, second = await room.replay(), await room.replay()
    assert (first.frames, first.unreadable) == (0, 1)
    assert (second.frames, second.unreadable) == (0, 1)


async def test_a_registered_device_is_confirmed_at_once_and_not_kept(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.register()
    said: list[str] = []
    room.keeper.hear(event(), "gps", event().to_json(), lambda: said.append("now"))
    assert said == ["now"]
    assert room.open().select(STRANGER, None, None, 9) == []


async def test_overflow_becomes_an_alarm(tmp_path: Path) -> None:
    room = Room(tmp_path, Limits(frames=1))
    await room.hear(event(number=1), event(number=2), event(number=3))
    (born,) = [fact for fact in room.facts if isinstance(fact, AlarmRaised)]
    assert born.kind is Kind.KEPT_FULL
    assert born.reason.params["count"] == 2
