"""An acceptance test led by a scripted person, with a scripted device: every verdict, cut and
resumed, and a report that names nobody."""

import json
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from adapters.session import Outcome
from adapters.tapping import Seen
from hub.acceptance.conduct import Conduct, Reply
from hub.acceptance.progress import Progress, Verdict, load, path_of, save
from hub.acceptance.report import as_json, as_markdown
from hub.acceptance.steps import STEPS, About
from hub.text import LANGUAGES, Language, catalogue
from routing.event import EventData, Position, make_event
from routing.instant import SECOND, from_rfc3339
from routing.kinds import Kind

NOW = from_rfc3339("2026-11-23T12:00:00Z")
SUBJECT = "ev07b:860000000000017"


def heard(
    number: int, at_s: float, kind: Kind = Kind.HELP_PRESSED, data: EventData | None = None
) -> Seen:
    event = make_event(
        kind,
        id=f"{number:032x}",
        source="/adapters/ev07b/gps",
        subject=SUBJECT,
        received_at=NOW,
        data=data,
    )
    raw = (msgspec.Raw(event.to_json()),)
    at = NOW + int(at_s * SECOND)
    return Seen(wishes=("w",), at=at, listener="gps", subject=SUBJECT, heard="ab", events=raw)


def outcome(number: int, at_s: float, *, withheld: bool = False) -> Seen:
    told = Outcome.FAILED if withheld else Outcome.DURABLE
    at = NOW + int(at_s * SECOND)
    return Seen(
        wishes=("w",),
        at=at,
        listener="gps",
        event=f"{number:032x}",
        outcome=told,
        withheld=withheld,
    )


GOOD: dict[str, list[Seen]] = {
    "press": [heard(1, 0), outcome(1, 0.25)],
    "lost_answer": [heard(2, 0), outcome(2, 0.1, withheld=True), heard(2, 5.1), outcome(2, 5.2)],
    "duplicate": [heard(3, 0), outcome(3, 0.1, withheld=True), heard(3, 5), outcome(3, 5.2)],
    "cancel": [heard(4, 0, Kind.HELP_CANCELLED)],
    "battery": [heard(5, 0, Kind.DEVICE_ALIVE, EventData(battery_pct=80))],
    "position": [
        heard(6, 0, Kind.POSITION_REPORTED, EventData(position=Position(lat=59.9, lon=10.7)))
    ],
    "power_cut": [heard(7, 0, Kind.DEVICE_ALIVE), heard(8, 30, Kind.DEVICE_ALIVE)],
    "link_back": [heard(9, 0, Kind.DEVICE_ALIVE)],
}


@dataclass
class Person:
    """Says what the script has for a question; otherwise GO, and SKIP when nothing was seen."""

    script: dict[str, list[Reply]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)

    def tell(self, msgid: str, **params: object) -> None:
        assert catalogue("en")(msgid, **params)
        self.told.append(msgid)

    async def ask(self, msgid: str, **params: object) -> Reply:
        self.asked.append(msgid)
        answers = self.script.get(msgid)
        if answers:
            return answers.pop(0)
        return Reply.SKIP if msgid == "acceptance.not_seen" else Reply.GO

    def countdown(self, left_s: int) -> None:
        self.left.append(left_s)


@dataclass
class Device:
    """Plays what a step is to see; without more to play, time passes."""

    person: Person
    plays: dict[str, list[Seen]]
    now: float = 0.0
    withheld: int = 0
    _rest: deque[Seen] = field(default_factory=deque)

    def begin(self) -> None:
        step = self.person.asked[-1]
        name = [one.id for one in STEPS if f"acceptance.{one.id}.title" in self.person.told][-1]
        assert step in {f"acceptance.{name}.do", "acceptance.not_seen"}
        self._rest = deque(self.plays.get(name, ()))

    async def next(self, timeout_s: float) -> Seen | None:
        if self._rest:
            return self._rest.popleft()
        self.now += timeout_s
        return None

    async def withhold_next_answer(self) -> bool:
        self.withheld += 1
        return True


@dataclass
class Lab:
    plays: dict[str, list[Seen]] = field(default_factory=lambda: dict(GOOD))
    about: About = field(
        default_factory=lambda: About("ev07b", True, None, journalled=lambda event: 1)
    )
    person: Person = field(default_factory=Person)
    progress: Progress = field(
        default_factory=lambda: Progress(
            protocol="ev07b", model="Example 1", version="0.1", begun_at=NOW
        )
    )
    saved: list[int] = field(default_factory=list)

    async def run(self) -> bool:
        self.device = Device(self.person, self.plays)
        conduct = Conduct(
            self.progress,
            self.about,
            self.person,
            self.device,
            lambda: self.device.now,
            lambda progress: self.saved.append(len(progress.results)),
            self.device.begin,
        )
        return await conduct.run()

    def verdicts(self) -> dict[str, Verdict]:
        return {name: one.verdict for name, one in self.progress.results.items()}


async def test_a_good_device_passes_every_step_that_applies() -> None:
    lab = Lab()
    assert await lab.run()
    expected = dict.fromkeys([one.id for one in STEPS], Verdict.PASSED)
    assert lab.verdicts() == expected | {"silence": Verdict.NOT_APPLICABLE}
    assert lab.progress.results["press"].figures == {"answered_s": 0.25}
    assert lab.progress.results["lost_answer"].figures == {"again_s": 5.0, "answered_s": 0.1}
    assert lab.device.withheld == 2
    assert lab.saved == list(range(1, 10))


async def test_a_device_that_does_not_send_again_fails() -> None:
    person = Person({"acceptance.not_seen": [Reply.GO, Reply.FAIL]})
    lab = Lab(GOOD | {"lost_answer": GOOD["lost_answer"][:2]}, person=person)
    assert await lab.run()
    result = lab.progress.results["lost_answer"]
    assert (result.verdict, result.tries) == (Verdict.FAILED, 2)
    assert not json.loads(as_json(lab.progress))["passed"]


async def test_the_same_twice_must_be_journalled_once() -> None:
    person = Person({"acceptance.not_seen": [Reply.FAIL]})
    twice = About("ev07b", True, journalled=lambda event: 2)
    lab = Lab(about=twice, person=person)
    assert await lab.run()
    assert lab.verdicts()["duplicate"] is Verdict.FAILED


async def test_what_the_device_cannot_do_is_skipped_and_the_test_still_passes() -> None:
    person = Person({"acceptance.position.do": [Reply.SKIP], "acceptance.cancel.do": [Reply.SKIP]})
    lab = Lab(person=person)
    assert await lab.run()
    assert lab.verdicts()["position"] is Verdict.SKIPPED
    assert json.loads(as_json(lab.progress))["passed"]


async def test_nothing_is_withheld_where_a_protocol_gives_no_answers() -> None:
    lab = Lab(about=About("zigbee2mqtt", False))
    assert await lab.run()
    assert lab.verdicts()["lost_answer"] is Verdict.NOT_APPLICABLE
    assert lab.device.withheld == 0


async def test_a_silence_that_the_hub_tells_of_is_seen() -> None:
    lab = Lab(about=About("ev07b", True, 300, journalled=lambda e: 1, lost=lambda: True))
    assert await lab.run()
    assert lab.verdicts()["silence"] is Verdict.PASSED


async def test_a_cut_test_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Lab(person=Person({"acceptance.cancel.do": [Reply.QUIT]}))
    assert not await first.run()
    path = path_of(tmp_path, "gps-1")
    save(path, first.progress)
    resumed = load(path)
    assert resumed is not None
    second = Lab(progress=resumed)
    assert await second.run()
    assert second.person.asked[0] == "acceptance.cancel.do"
    assert set(second.verdicts()) == {one.id for one in STEPS}
    resumed.ended_at = NOW
    save(path, resumed)
    assert load(path) is None


async def test_the_time_that_is_left_is_shown() -> None:
    person = Person()
    lab = Lab({}, person=person)
    await lab.run()
    assert person.left[:3] == [120, 119, 118]
    assert 1 in person.left


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_report_names_no_device_and_no_place(language: Language) -> None:
    lab = Lab()
    await lab.run()
    for text in (
        as_json(lab.progress).decode(),
        as_markdown(lab.progress, catalogue(language)),
    ):
        assert "860000000000017" not in text
        assert "59.9" not in text
        assert "Example 1" in text
    assert as_markdown(lab.progress, catalogue("en")).count("\n| ") == 1 + len(STEPS)
