"""Nurse calls: levels, a press during presence, and what a reset in the room may do."""

import pytest
from msgspec.structs import replace

from routing.event import derive_id
from routing.facts import EventRecorded
from routing.instant import SECOND
from routing.kinds import CallLevel, Kind
from routing.lifecycle import OutcomeCode, Phase
from routing.locks.told import told_at_boot, told_of
from routing.municipality import Device
from routing.snapshot import restore, take
from tests.routing.story import Story, town

ROOM, NEXT = "espa444:ward/12", "espa444:ward/14"
ROOMS = (
    Device(id="room-12", subject=ROOM, unit="north", reset_closes=OutcomeCode.CARE),
    Device(id="room-14", subject=NEXT, unit="north"),
    Device(id="bath", subject="espa444:ward/bath", resident="rolf"),
    Device(id="bed", subject="espa444:ward/bed", resident="rolf", reset_closes=OutcomeCode.CARE),
)


class Ward(Story):
    """A story in which rooms call."""

    def call(
        self,
        subject: str = ROOM,
        level: CallLevel | None = CallLevel.CALL,
        *,
        told: bool = False,
    ) -> list[str]:
        self._count += 1
        return self.feed(
            EventRecorded(
                event=derive_id("ward", self._count),
                kind=Kind.CALL_RAISED,
                subject=subject,
                received_at=self.at,
                adapter="ward",
                level=level,
                told=told,
            )
        )

    def told_since(self, before: int) -> list[tuple[str, str]]:
        told = told_of(self.state, [record.fact for record in self.journal[before:]])
        return [(one.message.subject, str(one.message.phase)) for one in told]  # type: ignore[union-attr]


def ward() -> Ward:
    return Ward(town(*ROOMS))


def rung(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith(("raised", "again")))


@pytest.mark.parametrize(
    ("level", "line"),
    [
        (CallLevel.CALL, "raised call.raised MEDIUM (kind_raises)"),
        (CallLevel.ASSISTANCE, "raised call.raised HIGH (call_for_assistance)"),
        (CallLevel.EMERGENCY, "raised call.raised CRITICAL (call_emergency)"),
        (None, "raised call.raised HIGH (kind_raises)"),
    ],
)
def test_a_level_says_how_urgent_it_is(level: CallLevel | None, line: str) -> None:
    assert rung(ward().call(level=level)) == line


@pytest.mark.parametrize(
    ("level", "line"),
    [
        (CallLevel.CALL, "raised call.raised HIGH (call_during_presence)"),
        (None, "raised call.raised CRITICAL (call_during_presence)"),
        (CallLevel.ASSISTANCE, "raised call.raised HIGH (call_for_assistance)"),
        (CallLevel.EMERGENCY, "raised call.raised CRITICAL (call_emergency)"),
    ],
)
def test_a_press_during_presence_is_a_call_for_assistance(
    level: CallLevel | None, line: str
) -> None:
    story = ward()
    assert story.hear(Kind.PRESENCE_ENTERED, ROOM)[-1] == "noted (observation_only)"
    assert rung(story.call(level=level)) == line


def test_presence_in_another_room_changes_nothing() -> None:
    story = ward()
    story.hear(Kind.PRESENCE_ENTERED, NEXT)
    assert rung(story.call()) == "raised call.raised MEDIUM (kind_raises)"


def test_presence_in_a_home_is_presence_at_all_its_panels() -> None:
    story = ward()
    story.hear(Kind.PRESENCE_ENTERED, "espa444:ward/bed")
    assert rung(story.call("espa444:ward/bath")).endswith("HIGH (call_during_presence)")


@pytest.mark.parametrize(
    ("after_s", "line"),
    [
        (3599, "raised call.raised HIGH (call_during_presence)"),
        (3600, "raised call.raised MEDIUM (kind_raises)"),
    ],
)
def test_presence_that_nobody_ends_is_believed_for_an_hour(after_s: int, line: str) -> None:
    story = ward()
    story.hear(Kind.PRESENCE_ENTERED, ROOM)
    story.at += after_s * SECOND
    assert rung(story.call()) == line


def test_presence_ends_when_it_is_left() -> None:
    story = ward()
    story.hear(Kind.PRESENCE_ENTERED, ROOM)
    story.hear(Kind.PRESENCE_LEFT, ROOM)
    assert rung(story.call()) == "raised call.raised MEDIUM (kind_raises)"


def test_presence_lives_through_a_snapshot() -> None:
    story = ward()
    story.hear(Kind.PRESENCE_ENTERED, ROOM)
    restored = restore(take(story.state))
    assert restored == story.state
    assert restored.memory.present == {ROOM: story.at}


def test_a_press_during_presence_rings_the_owner_of_the_rooms_call_at_once() -> None:
    story = ward()
    story.call()
    story.accept("anna")
    story.at += 10 * SECOND
    assert story.hear(Kind.PRESENCE_ENTERED, ROOM)[-1] == (
        "written presence.entered (presence_in_room)"
    )
    assert rung(story.call()).startswith("again 2 HIGH: anna")


def test_a_reset_never_hides_a_call_that_nobody_has_accepted() -> None:
    story = ward()
    story.call()
    assert story.hear(Kind.CALL_CLEARED, ROOM) == [
        "heard call.cleared",
        "written call.cleared (cancel_never_hides)",
    ]
    (alarm,) = story.state.alarms.values()
    assert alarm.phase is Phase.LOOKING


def test_a_reset_in_the_room_closes_an_accepted_call_where_that_is_wanted() -> None:
    story = ward()
    story.call()
    story.accept("anna")
    assert len(story.hear(Kind.CALL_CLEARED, ROOM)) == 3
    (alarm,) = story.state.alarms.values()
    assert (alarm.phase, alarm.outcome) == (Phase.CLOSED, OutcomeCode.CARE)


def test_a_reset_closes_nothing_where_it_is_not_wanted() -> None:
    story = ward()
    story.call(NEXT)
    story.accept("anna")
    assert story.hear(Kind.CALL_CLEARED, NEXT)[1:] == ["written call.cleared (trouble_passed)"]


def test_a_reset_from_another_panel_of_the_home_closes_nothing() -> None:
    story = ward()
    story.call("espa444:ward/bath")
    story.accept("anna")
    written = story.hear(Kind.CALL_CLEARED, "espa444:ward/bed")
    assert written[1:] == ["written call.cleared (trouble_passed)"]


def test_a_reset_does_not_close_what_somebody_must_look_at() -> None:
    story = ward()
    story.call()
    story.accept("anna")
    (alarm,) = story.state.alarms.values()
    story.state.alarms[alarm.id] = replace(alarm, check=True)
    assert story.hear(Kind.CALL_CLEARED, ROOM)[1:] == ["written call.cleared (trouble_passed)"]


BATH, BED = "espa444:ward/bath", "espa444:ward/bed"


def test_a_call_that_joined_an_alarm_hears_what_becomes_of_it() -> None:
    story = ward()
    story.call(BATH, told=True)
    story.call(BED, told=True)
    story.call(BED, told=True)
    before = len(story.journal)
    story.accept("anna")
    assert story.told_since(before) == [(BATH, "accepted"), (BED, "accepted")]
    before = len(story.journal)
    story.call(BED, told=True)
    assert story.told_since(before) == [(BED, "accepted")]
    before = len(story.journal)
    story.close("anna")
    assert story.told_since(before) == [(BATH, "closed"), (BED, "closed")]


def test_who_joined_is_kept_in_the_snapshot_and_is_told_its_latest_call_after_a_restart() -> None:
    story = ward()
    story.call(BATH)
    for _ in range(2):
        story.call(BED, told=True)
    kept = restore(take(story.state))
    assert kept is not None
    (told,) = told_at_boot(kept, story.at)
    assert (told.adapter, told.message.subject) == ("ward", BED)
    assert told.message.event == derive_id("ward", 3)  # type: ignore[union-attr]
