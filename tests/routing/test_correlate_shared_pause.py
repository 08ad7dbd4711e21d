"""Pauses of people who share a device: it is muted only while all of them are away, whoever of them
it is registered at."""

import pytest

from routing.event import derive_id
from routing.facts import EventRecorded
from routing.facts_correlate import DoseDue, VisitAsked
from routing.instant import HOUR, Instant
from routing.kinds import Kind, Severity
from routing.municipality import Device, RaiseRule, Resident
from routing.plans import DeviceClass, DosePlan, LastingRule, Pause, Span
from tests.routing.story import START, Story, town

SHARED = Device(
    id="unit",
    subject="scaip:9",
    resident="rolf",
    shared_with=("siri",),
    device_class=DeviceClass.LIFE,
    raises=(RaiseRule(Kind.DOOR_OPENED),),
    lasting=(LastingRule(Kind.BED_LEFT, 600, severity=Severity.HIGH),),
)


def away(name: str, hours: int | None) -> Resident:
    pause = None if hours is None else Pause(START + hours * HOUR, "hospital")
    return Resident(id=name, unit="north", pause=pause)


def couple(rolf: int | None, siri: int | None, *more: Device) -> Story:
    """A home shared by two, each paused for so many hours or at home."""
    return Story(town(SHARED, *more, away("rolf", rolf), away("siri", siri)))


def rings(story: Story, kind: Kind, subject: str = "scaip:9") -> bool:
    return any(line.startswith("raised") for line in story.hear(kind, subject))


SAID = [
    Kind.INACTIVITY_DETECTED,
    Kind.DOOR_OPENED,
    Kind.MEDICATION_MISSED,
    Kind.MAINS_LOST,
    Kind.TAMPER_DETECTED,
    Kind.LINK_LOST,
    Kind.BATTERY_LOW,
]


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize(
    ("rolf", "siri", "rung"),
    [
        (None, None, True),
        (24, None, True),
        (None, 24, True),
        (24, 24, False),
        (24, 48, False),
        (24, 0, True),
        (0, 24, True),
    ],
)
def test_a_shared_device_is_muted_only_while_all_are_away(
    kind: Kind, rolf: int | None, siri: int | None, rung: bool
) -> None:
    assert rings(couple(rolf, siri), kind) is rung


@pytest.mark.parametrize("kind", [Kind.HELP_PRESSED, Kind.FALL_DETECTED, Kind.SMOKE_DETECTED])
def test_help_and_fire_ring_also_while_all_are_away(kind: Kind) -> None:
    assert rings(couple(24, 24), kind)


@pytest.mark.parametrize(("rolf", "rung"), [(None, True), (24, False)])
def test_a_device_of_one_is_muted_as_before(rolf: int | None, rung: bool) -> None:
    assert rings(couple(rolf, None), Kind.INACTIVITY_DETECTED, "scaip:1") is rung
    assert rings(couple(None, rolf), Kind.INACTIVITY_DETECTED, "scaip:3") is rung


@pytest.mark.parametrize(("siri", "rung"), [(None, True), (24, False)])
def test_a_shared_bed_that_stays_empty(siri: int | None, rung: bool) -> None:
    story = couple(24, siri)
    story.hear(Kind.BED_LEFT, "scaip:9")
    lines = story.wait(600)
    assert lines[:2] == ["watch.ended", "heard bed.left"]
    assert ("raised bed.left HIGH (lasted)" in lines) is rung


def test_a_silent_shared_unit_asks_for_a_visit_to_who_is_at_home() -> None:
    story = couple(24, None)
    assert rings(story, Kind.LINK_LOST)
    asked = [one.fact for one in story.journal if isinstance(one.fact, VisitAsked)]
    assert [fact.residents for fact in asked] == [("rolf",)]  # whose address it is
    assert story.hear(Kind.LINK_RESTORED, "scaip:9")[-1] == "protection.back"


@pytest.mark.parametrize(("rolf", "siri"), [(2, 24), (24, 2), (2, 2)])
def test_a_muted_fault_that_is_still_there_rings_as_the_first_comes_home(
    rolf: int, siri: int
) -> None:
    story = couple(rolf, siri)
    assert story.hear(Kind.MAINS_LOST, "scaip:9")[1:] == ["noted (resident_paused)", "watch.set"]
    assert story.wait(2 * 3600 - 1) == []
    assert "raised mains.lost TECHNICAL (kind_raises)" in story.wait(1)


def test_maintenance_mutes_a_shared_device_as_any_other() -> None:
    span = Span(START, START + HOUR)
    mended = Device(
        id="unit",
        subject="scaip:9",
        resident="rolf",
        shared_with=("siri",),
        maintenance=(span,),
    )
    story = couple(24, None, mended)
    assert story.hear(Kind.MAINS_LOST, "scaip:9")[1:] == ["noted (maintenance)", "watch.set"]
    assert "raised mains.lost TECHNICAL (kind_raises)" in story.wait(3600)


@pytest.mark.parametrize(
    ("rolf", "siri", "rung"), [(24, None, True), (24, 24, False), (None, 24, True)]
)
def test_a_quiet_home_in_which_a_device_is_shared(
    rolf: int | None, siri: int | None, rung: bool
) -> None:
    story = couple(rolf, siri)
    assert any("raised" in line for line in story.feed(quiet("rolf", story.at))) is rung


def test_a_quiet_home_of_somebody_whose_devices_nobody_shares() -> None:
    story = couple(None, 24)
    assert story.feed(quiet("siri", story.at))[1:] == ["noted (resident_paused)"]


def test_a_device_of_exercise_makes_nobody_a_spouse() -> None:
    training = Device(
        id="unit", subject="scaip:9", resident="rolf", shared_with=("siri",), exercise=True
    )
    story = couple(24, None, training)
    assert story.feed(quiet("rolf", story.at))[1:] == ["noted (resident_paused)"]


def quiet(home: str, at: Instant) -> EventRecorded:
    return EventRecorded(
        event=derive_id("quiet", home),
        kind=Kind.INACTIVITY_DETECTED,
        subject=f"resident:{home}",
        received_at=at,
        adapter="presence",
    )


@pytest.mark.parametrize(
    ("rolf", "siri", "due"), [(24, None, 1), (24, 24, 0), (None, 24, 1), (None, None, 1)]
)
def test_a_dose_of_a_shared_dispenser(rolf: int | None, siri: int | None, due: int) -> None:
    pills = Device(
        id="pills",
        subject="mqtt:pills",
        resident="rolf",
        shared_with=("siri",),
        doses=(DosePlan(9 * 60 + 30),),
    )
    story = couple(rolf, siri, pills)
    story.wait(30 * 60)
    assert sum(isinstance(one.fact, DoseDue) for one in story.journal) == due
