"""What began before its daily window and still lasts in it: a bed left in the evening, a door left
open by day. Oslo changes its clocks on 25 October 2026 and on 28 March 2027."""

import pytest

from routing.correlate.daily import inside, open_from
from routing.instant import HOUR, MINUTE, Instant, from_rfc3339
from routing.kinds import Kind, Severity
from routing.local import zone
from routing.municipality import Device, Municipality, Resident
from routing.plans import LastingRule, Pause, Span
from routing.snapshot import restore, take
from tests.routing.story import UNHURRIED, Story, town

NIGHT = (23 * 60, 6 * 60)
RULE = LastingRule(Kind.BED_LEFT, 20 * 60, *NIGHT, Severity.HIGH)
RINGS = "raised bed.left HIGH (lasted)"


def bed(*rules: LastingRule, **more: object) -> Device:
    rules = rules or (RULE,)
    return Device(id="bed", subject="mqtt:bed", resident="rolf", lasting=rules, **more)  # type: ignore[arg-type]


def left(at: str, device: Device, *more: Resident) -> Story:
    """Begin a story in which the bed is left at the (universal) time."""
    story = Story(town(device, *more), at=from_rfc3339(at))
    story.hear(Kind.BED_LEFT, "mqtt:bed")
    return story


def rung_at(story: Story) -> Instant | None:
    """Let time pass to what rings, as the hub does; None where nothing waits."""
    while waits := [
        due for (kind, _), due in story.state.watches.live.items() if kind == "lasting"
    ]:
        story.at = max(story.at, min(waits))
        if any(line.startswith("raised") for line in story.wait(0)):
            return story.at
    return None


@pytest.mark.parametrize(
    ("began", "window", "rings"),
    [
        # 23:00 to 06:00 in winter is 22:00Z to 05:00Z.
        ("2026-11-23T21:50:00Z", NIGHT, "2026-11-23T22:20:00Z"),  # ten minutes before the window
        ("2026-11-23T21:59:59Z", NIGHT, "2026-11-23T22:20:00Z"),  # a second before it
        ("2026-11-23T22:00:00Z", NIGHT, "2026-11-23T22:20:00Z"),  # as it opens
        ("2026-11-23T22:05:00Z", NIGHT, "2026-11-23T22:25:00Z"),  # in it
        ("2026-11-24T02:00:00Z", NIGHT, "2026-11-24T02:20:00Z"),  # in it, beyond midnight
        ("2026-11-24T04:50:00Z", NIGHT, "2026-11-24T05:10:00Z"),  # the wait outlasts the window
        ("2026-11-24T05:00:00Z", NIGHT, "2026-11-24T22:20:00Z"),  # as it closes: the next night
        ("2026-11-24T11:00:00Z", NIGHT, "2026-11-24T22:20:00Z"),  # at noon
        # A window within a day, one that is shorter than the wait, and the whole day.
        ("2026-11-23T12:00:00Z", (60, 300), "2026-11-24T00:20:00Z"),
        ("2026-11-23T21:50:00Z", (23 * 60, 23 * 60 + 5), "2026-11-23T22:20:00Z"),
        ("2026-11-23T12:00:00Z", (0, 0), "2026-11-23T12:20:00Z"),
        # 25 October: 23:00 is 21:00Z on the eve, and the night is an hour longer.
        ("2026-10-24T20:50:00Z", NIGHT, "2026-10-24T21:20:00Z"),
        ("2026-10-25T04:50:00Z", NIGHT, "2026-10-25T05:10:00Z"),
        ("2026-10-25T20:50:00Z", NIGHT, "2026-10-25T22:20:00Z"),
        # ... 02:30 comes twice: who leaves between the two waits for the second, not for a day.
        ("2026-10-25T00:10:00Z", (150, 300), "2026-10-25T00:50:00Z"),
        ("2026-10-25T00:40:00Z", (150, 165), "2026-10-25T01:00:00Z"),
        ("2026-10-25T00:50:00Z", (150, 165), "2026-10-25T01:50:00Z"),
        # 28 March: 23:00 is 22:00Z on the eve and 21:00Z then.
        ("2027-03-27T21:50:00Z", NIGHT, "2027-03-27T22:20:00Z"),
        ("2027-03-28T12:00:00Z", NIGHT, "2027-03-28T21:20:00Z"),
        # ... 02:30 does not exist: the window opens as the clocks change.
        ("2027-03-27T12:00:00Z", (150, 300), "2027-03-28T01:20:00Z"),
        # ... and one that lies in the hole altogether opens the night after.
        ("2027-03-27T12:00:00Z", (135, 165), "2027-03-29T00:35:00Z"),
    ],
)
def test_what_lasts_in_the_window_rings(began: str, window: tuple[int, int], rings: str) -> None:
    device = bed(LastingRule(Kind.BED_LEFT, 20 * 60, *window, Severity.HIGH))
    assert rung_at(left(began, device)) == from_rfc3339(rings)


@pytest.mark.parametrize("window", [(15, 270), (105, 120), (150, 165), (1380, 30), (0, 0)])
@pytest.mark.parametrize(
    ("where", "eve"),
    [
        ("Europe/Oslo", "2026-10-24T10:00:00Z"),
        ("Europe/Oslo", "2027-03-27T10:00:00Z"),
        ("Australia/Lord_Howe", "2027-04-03T02:00:00Z"),  # half an hour comes twice
        ("Australia/Lord_Howe", "2026-10-03T02:00:00Z"),  # half an hour is left out
        ("America/Sao_Paulo", "2018-11-03T14:00:00Z"),  # midnight is left out
        ("America/Sao_Paulo", "2018-02-17T14:00:00Z"),  # the hour before midnight comes twice
    ],
)
def test_a_window_opens_when_the_wall_clock_comes_into_it(
    where: str, eve: str, window: tuple[int, int]
) -> None:
    here, minutes = zone(where), range(0, 30 * 60, 10)
    for at in (from_rfc3339(eve) + minute * MINUTE for minute in minutes):
        opens = at
        while not inside(here, *window, opens):
            opens += 5 * MINUTE
        assert open_from(here, *window, at) == opens


def test_a_bed_left_in_the_evening_rings_once_and_says_when_it_will() -> None:
    story = Story(town(bed()), at=from_rfc3339("2026-11-23T21:50:00Z"))
    assert story.hear(Kind.BED_LEFT, "mqtt:bed") == [
        "heard bed.left",
        "noted (waits_for_opposite)",
        "watch.set",
    ]
    assert story.journal[-2].fact.reason.params["after_s"] == 1800  # type: ignore[union-attr]
    assert story.wait(15 * 60) == []
    story.hear(Kind.BED_LEFT, "mqtt:bed")  # said again, in the window, it does not begin anew
    assert story.wait(15 * 60 - 1) == []
    assert story.wait(1)[:3] == ["watch.ended", "heard bed.left", RINGS]
    assert rung_at(story) is None


@pytest.mark.parametrize("after", [0, 5 * MINUTE, 10 * MINUTE, 29 * MINUTE])
def test_a_return_before_that_ends_it(after: Instant) -> None:
    story = left("2026-11-23T21:50:00Z", bed())
    story.at += after
    assert story.hear(Kind.BED_RETURNED, "mqtt:bed")[-1] == "watch.ended"
    assert rung_at(story) is None


def test_a_door_left_open_before_the_window_rings_in_it() -> None:
    door = LastingRule(Kind.DOOR_OPENED, 600, *NIGHT)
    device = Device(id="door", subject="mqtt:door", resident="rolf", lasting=(door,))
    story = Story(town(device), at=from_rfc3339("2026-11-23T21:55:00Z"))
    story.hear(Kind.DOOR_OPENED, "mqtt:door")
    assert rung_at(story) == from_rfc3339("2026-11-23T22:10:00Z")


def test_what_has_no_opposite_is_not_carried_into_the_night() -> None:
    rule = LastingRule(Kind.LOCK_UNLOCKED, 600, *NIGHT)
    device = Device(id="lock", subject="nuki:1", resident="rolf", lasting=(rule,))
    story = Story(town(device))
    assert story.hear(Kind.LOCK_UNLOCKED, "nuki:1")[1:] == ["noted (observation_only)"]


def test_the_first_of_several_rules_rings() -> None:
    rules = (RULE, LastingRule(Kind.BED_LEFT, 3600, 12 * 60, 14 * 60))
    assert rung_at(left("2026-11-23T10:50:00Z", bed(*rules))) == from_rfc3339(
        "2026-11-23T12:00:00Z"
    )
    assert rung_at(left("2026-11-23T13:00:00Z", bed(*rules))) == from_rfc3339(
        "2026-11-23T22:20:00Z"
    )


@pytest.mark.parametrize("down", [0, 6 * HOUR], ids=["in between", "over the ring"])
def test_a_restart_meanwhile_loses_nothing(down: Instant) -> None:
    story = left("2026-11-23T21:50:00Z", bed())
    restored = restore(take(story.state))
    assert restored == story.state
    story.state = restored
    story.at += down
    assert rung_at(story) == max(from_rfc3339("2026-11-23T22:20:00Z"), story.at)
    assert rung_at(story) is None


@pytest.mark.parametrize(
    ("paused_for", "rings"), [(30 * MINUTE, True), (31 * MINUTE, False)], ids=["over", "lasts"]
)
def test_a_pause_counts_when_it_would_ring(paused_for: Instant, rings: bool) -> None:
    began = from_rfc3339("2026-11-23T21:50:00Z")
    away = Resident(id="rolf", unit="north", pause=Pause(began + paused_for, "hospital"))
    assert (rung_at(left("2026-11-23T21:50:00Z", bed(), away)) is not None) is rings


def test_maintenance_mutes_no_bed() -> None:
    began = from_rfc3339("2026-11-23T21:50:00Z")
    span = Span(began, began + 24 * HOUR)
    assert rung_at(left("2026-11-23T21:50:00Z", bed(maintenance=(span,)))) is not None


@pytest.mark.parametrize(
    ("changed", "rings"),
    [
        (bed(LastingRule(Kind.BED_LEFT, 20 * 60, 21 * 60, 6 * 60)), "2026-11-23T20:20:00Z"),
        (bed(LastingRule(Kind.BED_LEFT, 300, *NIGHT)), "2026-11-23T22:05:00Z"),
        (bed(LastingRule(Kind.BED_LEFT, 3600, *NIGHT)), "2026-11-23T22:20:00Z"),
        (bed(LastingRule(Kind.BED_LEFT, 20 * 60, 60, 6 * 60)), "2026-11-23T22:20:00Z"),
        (bed(RULE, maker="acme"), "2026-11-23T22:20:00Z"),
        (
            Municipality(
                id="simby",
                timezone="Europe/Helsinki",
                default_policy="plain",
                paging=UNHURRIED,
            ),
            "2026-11-23T21:20:00Z",
        ),
    ],
    ids=["opens sooner", "waits less", "waits longer", "opens later", "no rule", "time zone"],
)
def test_a_changed_rule_never_puts_the_ring_off(changed: Device | Municipality, rings: str) -> None:
    story = left("2026-11-23T18:00:00Z", bed())
    story.at += HOUR
    story.configure(changed)
    assert rung_at(story) == from_rfc3339(rings)


def test_a_rule_taken_away_in_the_meantime_rings_nobody() -> None:
    story = left("2026-11-23T18:00:00Z", bed())
    story.configure(Device(id="bed", subject="mqtt:bed", resident="rolf"))
    assert rung_at(story) is None
    assert story.state.alarms == {}
