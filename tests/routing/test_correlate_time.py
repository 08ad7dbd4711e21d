"""What waits for time: windows, beds, doses, looks, maintenance, quiet homes, clocks, objections.
Scenarios 9, 10, 11, 18, 19, 21, 22, 28 and 32."""

import pytest

from routing import facts_correlate
from routing.correlate.daily import next_daily
from routing.correlate.proof import no_way
from routing.instant import DAY, HOUR, MINUTE, SECOND, Instant, from_rfc3339, to_rfc3339
from routing.kinds import Kind, Severity
from routing.local import zone
from routing.municipality import Device, Person, Resident, Role, Unit
from routing.plans import (
    DosePlan,
    FrequentCaller,
    LastingRule,
    LookPlan,
    Pause,
    QuietRule,
    Span,
)
from routing.presence import Presence, look, next_look, observe, supervise
from routing.snapshot import restore, restore_presence, take, take_presence
from tests.routing.story import START, Story, town


def until(story: Story, at: Instant) -> list[str]:
    """Let time pass as the hub does: each deadline when it falls due."""
    from routing.pass_time import next_due

    lines: list[str] = []
    while (due := next_due(story.state)) is not None and due <= at:
        story.at = max(story.at, due)
        lines += story.wait(0)
    story.at = at
    return lines


# -- lasting: beds and doors -----------------------------------------------------------------------

BED = Device(
    id="bed",
    subject="mqtt:bed",
    resident="rolf",
    lasting=(LastingRule(Kind.BED_LEFT, 1200, 23 * 60, 6 * 60, Severity.HIGH),),
)
NIGHT = from_rfc3339("2026-11-24T02:10:00Z")


def test_a_bed_that_stays_empty_rings_after_its_time_and_once() -> None:
    story = Story(town(BED), at=NIGHT)
    assert story.hear(Kind.BED_LEFT, "mqtt:bed") == [
        "heard bed.left",
        "noted (waits_for_opposite)",
        "watch.set",
    ]
    assert story.hear(Kind.BED_LEFT, "mqtt:bed")[1:] == ["noted (waits_for_opposite)"]
    assert story.wait(1199) == []
    assert story.wait(1)[:3] == ["watch.ended", "heard bed.left", "raised bed.left HIGH (lasted)"]
    assert {kind for kind, _ in story.state.watches.live} == {"unseen"}


def test_a_bed_that_is_returned_to_in_time_rings_nobody() -> None:
    story = Story(town(BED), at=NIGHT)
    story.hear(Kind.BED_LEFT, "mqtt:bed")
    assert story.hear(Kind.BED_RETURNED, "mqtt:bed")[-1] == "watch.ended"
    assert story.wait(3600) == []


def test_a_wait_lives_through_a_snapshot() -> None:
    story = Story(town(BED), at=NIGHT)
    story.hear(Kind.BED_LEFT, "mqtt:bed")
    restored = restore(take(story.state))
    assert restored == story.state
    story.state = restored
    assert story.wait(1200)[2] == "raised bed.left HIGH (lasted)"


def test_a_wait_for_a_device_that_is_gone_ends_without_a_word() -> None:
    story = Story(town(BED), at=NIGHT)
    story.hear(Kind.BED_LEFT, "mqtt:bed")
    story.configure(remove=[("device", "bed")])
    assert story.wait(1200) == ["watch.ended"]


def test_scenario_19_a_door_that_closed_is_no_proof_of_being_home() -> None:
    from routing.municipality import RaiseRule

    strict = Device(
        id="door",
        subject="mqtt:door",
        resident="rolf",
        raises=(RaiseRule(Kind.DOOR_OPENED, 23 * 60, 6 * 60),),
    )
    story = Story(town(strict), at=NIGHT)
    assert story.hear(Kind.DOOR_OPENED, "mqtt:door")[1].startswith("raised door.opened")
    story.at += MINUTE
    assert story.hear(Kind.DOOR_CLOSED, "mqtt:door")[1] == "written door.closed (trouble_passed)"
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]


def test_scenario_19_where_the_rule_says_so_closing_in_time_settles_it() -> None:
    mild = Device(
        id="door",
        subject="mqtt:door",
        resident="rolf",
        lasting=(LastingRule(Kind.DOOR_OPENED, 120, 23 * 60, 6 * 60),),
    )
    story = Story(town(mild), at=NIGHT)
    story.hear(Kind.DOOR_OPENED, "mqtt:door")
    story.at += MINUTE
    story.hear(Kind.DOOR_CLOSED, "mqtt:door")
    assert story.wait(600) == []
    story.hear(Kind.DOOR_OPENED, "mqtt:door")
    assert story.wait(120)[2] == "raised door.opened MEDIUM (lasted)"


# -- doses -----------------------------------------------------------------------------------------


def dispenser(minute: int, *, closes: bool = False) -> Device:
    return Device(
        id="pills",
        subject="mqtt:pills",
        resident="rolf",
        doses=(DosePlan(minute),),
        late_taken_closes=closes,
    )


def due_doses(story: Story) -> list[str]:
    found = (r.fact for r in story.journal if isinstance(r.fact, facts_correlate.DoseDue))
    return [to_rfc3339(fact.due_at) for fact in found]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        # 25 October 2026: 02:30 exists twice in Oslo, and counts the first time.
        (
            "2026-10-24T12:00:00Z",
            2,
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
        ),
        # 31 October 2027, the same.
        ("2027-10-30T12:00:00Z", 1, ["2027-10-31T00:30:00Z"]),
        # 28 March 2027: 02:30 does not exist; the dose is due when the clocks change.
        (
            "2027-03-27T12:00:00Z",
            2,
            ["2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"],
        ),
    ],
)
def test_scenarios_9_and_10_a_dose_at_half_past_two_when_the_clocks_change(
    start: str, days: int, expected: list[str]
) -> None:
    story = Story(town(dispenser(150)), at=from_rfc3339(start))
    until(story, story.at + days * DAY)
    assert due_doses(story) == expected


def test_a_half_hour_change_is_a_change_too() -> None:
    # Lord Howe, 4 April 2027: 01:45 exists twice, half an hour apart.
    where = zone("Australia/Lord_Howe")
    first = next_daily(where, 105, (0, 1, 2, 3, 4, 5, 6), from_rfc3339("2027-04-03T10:00:00Z"))
    after = next_daily(where, 105, (0, 1, 2, 3, 4, 5, 6), first)
    assert to_rfc3339(first) == "2027-04-03T14:45:00Z"
    assert to_rfc3339(after) == "2027-04-04T15:15:00Z"


def test_scenario_11_a_dose_missed_rings_and_a_late_one_closes_nothing() -> None:
    story = Story(town(dispenser(10 * 60)))
    lines = until(story, START + HOUR)
    assert lines[-2:] == ["dose.due", "watch.set"]
    lines = until(story, START + 2 * HOUR)
    assert lines[:3] == [
        "watch.ended",
        "heard medication.missed",
        "raised medication.missed MEDIUM (dose_not_taken)",
    ]
    late = story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills")
    assert late[1] == "written medication.taken (trouble_passed)"
    assert story.state.alarms[story.alarm].phase == "looking"


def test_scenario_11_a_late_dose_closes_where_the_policy_says_so() -> None:
    story = Story(town(dispenser(10 * 60, closes=True)))
    until(story, START + 2 * HOUR)
    assert story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills")[2] == "alarm.settled"
    alarm = story.state.alarms[story.alarm]
    assert (alarm.phase, alarm.outcome) == ("closed", "information")
    assert story.owed == []
    assert story.state.open_by_trouble == {}


def test_a_late_dose_closes_nothing_that_somebody_is_on_their_way_to() -> None:
    story = Story(town(dispenser(10 * 60, closes=True)))
    until(story, START + 2 * HOUR)
    story.accept("anna")
    story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills")
    assert story.state.alarms[story.alarm].phase == "accepted"


@pytest.mark.parametrize("taken_at_s", [-1800, 0, 60, 3599])
def test_a_dose_taken_in_time_is_not_missed(taken_at_s: int) -> None:
    story = Story(town(dispenser(10 * 60)))
    until(story, START + HOUR + taken_at_s * SECOND)
    story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills")
    until(story, START + 5 * HOUR)
    assert story.state.alarms == {}


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        ([(-1800, Kind.LINK_LOST)], "dose_unknown"),
        ([(600, Kind.LINK_LOST)], "dose_unknown"),
        ([(-1800, Kind.LINK_LOST), (600, Kind.LINK_RESTORED)], "dose_not_taken"),
        ([(-1800, Kind.LINK_LOST), (600, Kind.MEDICATION_REMINDED)], "dose_not_taken"),
        (
            [(600, Kind.LINK_LOST), (1200, Kind.LINK_RESTORED), (1800, Kind.LINK_LOST)],
            "dose_unknown",
        ),
        ([(600, Kind.MAINS_LOST)], "dose_not_taken"),
    ],
)
def test_of_a_silent_dispenser_nobody_knows_and_it_is_never_taken(
    heard: list[tuple[int, Kind]], reason: str
) -> None:
    story = Story(town(dispenser(10 * 60)))
    for after_s, kind in heard:
        until(story, START + HOUR + after_s * SECOND)
        story.hear(kind, "mqtt:pills")
    lines = until(story, START + 2 * HOUR)
    assert f"raised medication.missed MEDIUM ({reason})" in lines
    restored = restore(take(story.state))
    assert restored == story.state


def test_what_a_silent_dispenser_had_kept_is_heard_late_and_closes_nothing() -> None:
    story = Story(town(dispenser(10 * 60)))
    until(story, START + HOUR)
    story.hear(Kind.LINK_LOST, "mqtt:pills")
    until(story, START + 2 * HOUR)
    story.hear(Kind.LINK_RESTORED, "mqtt:pills")
    story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills", occurred_at=START + HOUR, history=True)
    missed = [a for a in story.state.alarms.values() if a.kind is Kind.MEDICATION_MISSED]
    assert [alarm.phase for alarm in missed] == ["looking"]


def test_one_dose_taken_does_not_count_for_the_next() -> None:
    both = Device(
        id="pills",
        subject="mqtt:pills",
        resident="rolf",
        doses=(DosePlan(10 * 60), DosePlan(10 * 60 + 30)),
    )
    story = Story(town(both))
    until(story, START + HOUR)
    story.hear(Kind.MEDICATION_TAKEN, "mqtt:pills")
    until(story, START + 3 * HOUR)
    assert len(story.state.alarms) == 1


def test_a_dispenser_that_tells_of_the_miss_itself_is_not_doubled() -> None:
    story = Story(town(dispenser(10 * 60)))
    until(story, START + HOUR)
    story.hear(Kind.MEDICATION_MISSED, "mqtt:pills")
    until(story, START + 3 * HOUR)
    assert story.state.alarms[story.alarm].activations == 1


def test_a_plan_that_is_taken_away_is_due_no_more() -> None:
    story = Story(town(dispenser(10 * 60)))
    story.configure(Device(id="pills", subject="mqtt:pills", resident="rolf"))
    assert until(story, START + 2 * DAY) == []
    assert story.state.watches.live == {}


def test_after_downtime_a_dose_is_due_once_and_the_dispenser_has_a_moment_to_tell() -> None:
    story = Story(town(dispenser(10 * 60)))
    story.at += 3 * DAY
    assert story.wait(0) == ["watch.ended", "watch.set", "dose.due", "watch.set"]
    assert story.wait(299) == []
    assert "raised medication.missed MEDIUM (dose_not_taken)" in story.wait(1)


def test_no_dose_is_due_while_the_resident_is_away() -> None:
    away = Resident(id="rolf", unit="north", pause=Pause(START + 36 * HOUR, "hospital"))
    story = Story(town(away, dispenser(10 * 60)))
    until(story, START + 60 * HOUR)
    assert due_doses(story) == ["2026-11-25T09:00:00Z"]


# -- planned looks ---------------------------------------------------------------------------------


def test_a_planned_look_is_due_every_day_at_its_local_time() -> None:
    home = Resident(id="rolf", unit="north", looks=(LookPlan(3 * 60, 900),))
    story = Story(town(home))
    until(story, START + 2 * DAY)
    looks = [r.fact for r in story.journal if isinstance(r.fact, facts_correlate.LookDue)]
    assert [to_rfc3339(f.due_at) for f in looks] == ["2026-11-24T02:00:00Z", "2026-11-25T02:00:00Z"]
    assert looks[0].until - looks[0].due_at == 900 * SECOND


# -- maintenance -----------------------------------------------------------------------------------


def mended(**where: object) -> Story:
    span = Span(START, START + 2 * HOUR)
    if "unit" in where:
        return Story(town(Unit(id="north", maintenance=(span,))))
    return Story(
        town(Device(id="pendant", subject="scaip:1", resident="rolf", maintenance=(span,)))
    )


@pytest.mark.parametrize("story", [mended(unit=True), mended()], ids=["unit", "device"])
def test_scenario_28_maintenance_mutes_faults_and_never_help(story: Story) -> None:
    assert story.hear(Kind.MAINS_LOST)[1:] == ["noted (maintenance)", "watch.set"]
    assert story.press()[1] == "raised help.pressed HIGH (kind_raises)"


def test_scenario_28_a_fault_that_outlives_maintenance_rings_at_its_end() -> None:
    story = mended(unit=True)
    story.hear(Kind.MAINS_LOST)
    story.hear(Kind.BATTERY_LOW)
    story.hear(Kind.BATTERY_OK)
    assert story.wait(7199) == []
    assert "raised mains.lost TECHNICAL (kind_raises)" in story.wait(1)
    assert len(story.state.alarms) == 1
    assert story.hear(Kind.TAMPER_DETECTED)[1].startswith("raised tamper.detected")


# -- clocks, strangers, objections -----------------------------------------------------------------


@pytest.mark.parametrize("clock", [0, START + 3 * HOUR], ids=["1970", "ahead"])
def test_scenario_21_a_wrong_clock_is_a_fault_told_once_a_day(clock: Instant) -> None:
    story = Story()
    heard = story.hear(Kind.HELP_PRESSED, occurred_at=clock)
    assert heard[1] == "raised help.pressed HIGH (kind_raises)"
    assert "raised clock.wrong TECHNICAL (clock_off)" in heard
    event = story.journal[-len(heard)].fact
    assert (event.occurred_at, event.received_at) == (clock, START)  # type: ignore[union-attr]
    assert "clock.wrong" not in str(story.hear(Kind.HELP_PRESSED, occurred_at=clock))
    assert story.hear(Kind.CLOCK_WRONG)[1] == "noted (told_already)"
    story.at += DAY
    again = story.hear(Kind.HELP_PRESSED, occurred_at=clock)
    assert "heard clock.wrong" in again


def test_a_clock_that_is_near_enough_is_no_fault() -> None:
    story = Story()
    assert "clock.wrong" not in str(story.hear(Kind.DOOR_OPENED, occurred_at=START - 299 * SECOND))


def test_scenario_22_an_unknown_device_that_presses_has_top_priority() -> None:
    story = Story()
    heard = story.hear(Kind.HELP_PRESSED, "scaip:unheard", occurred_at=0)
    assert heard[1] == "raised help.pressed CRITICAL (device_not_registered)"
    assert len(story.state.alarms) == 1


def test_scenario_32_location_is_withheld_the_lead_told_once_and_the_button_works() -> None:
    home = Resident(id="rolf", unit="north", objects=("location",))
    story = Story(town(home))
    assert story.hear(Kind.ZONE_LEFT)[:4] == [
        "heard zone.left",
        "noted (resident_objects)",
        "heard location.objected",
        "raised location.objected TECHNICAL (resident_objects)",
    ]
    assert story.hear(Kind.ZONE_LEFT) == ["heard zone.left", "noted (resident_objects)"]
    assert story.press()[1] == "raised help.pressed HIGH (kind_raises)"


# -- quiet homes -----------------------------------------------------------------------------------

SENSOR = Device(id="hall", subject="zigbee2mqtt:hall", resident="rolf")


def quiet_home(*rules: QuietRule) -> Story:
    return Story(town(SENSOR, Resident(id="rolf", unit="north", quiet=rules)))


def test_no_movement_for_hours_is_told_and_reaches_people() -> None:
    story, presence = quiet_home(QuietRule(quiet_s=4 * 3600)), Presence()
    registry = story.state.registry
    supervise(presence, registry, START)
    observe(presence, registry, "zigbee2mqtt:hall", START + HOUR, Kind.MOTION_DETECTED)
    observe(presence, registry, "zigbee2mqtt:hall", START + 4 * HOUR, Kind.DEVICE_ALIVE)
    assert look(presence, registry, START + 5 * HOUR - 1) == []
    (noticed,) = look(presence, registry, START + 5 * HOUR)
    assert (noticed.kind, noticed.subject) == ("inactivity.detected", "resident:rolf")
    story.at = START + 5 * HOUR
    assert story.feed(noticed)[1] == "raised inactivity.detected HIGH (kind_raises)"
    assert story.state.alarms[story.alarm].resident == "rolf"
    assert look(presence, registry, START + 9 * HOUR - 1) == []
    assert len(look(presence, registry, START + 9 * HOUR)) == 1


def test_no_movement_in_a_window_is_told_at_its_end() -> None:
    # 07:00 to 10:00 in Oslo; the story starts at 09:00 the day before.
    story, presence = quiet_home(QuietRule(7 * 60, 10 * 60)), Presence()
    registry = story.state.registry
    supervise(presence, registry, START)
    observe(presence, registry, "zigbee2mqtt:hall", START + MINUTE, Kind.MOTION_DETECTED)
    assert look(presence, registry, START + HOUR) == []
    assert next_look(presence) == START + 25 * HOUR
    assert len(look(presence, registry, START + 25 * HOUR)) == 1
    observe(presence, registry, "zigbee2mqtt:hall", START + 47 * HOUR, Kind.DOOR_OPENED)
    assert look(presence, registry, START + 49 * HOUR) == []


def test_quiet_hours_are_judged_only_inside_their_window() -> None:
    # Quiet for two hours counts from 08 to 22: sleeping is no news until 08:00.
    story, presence = quiet_home(QuietRule(8 * 60, 22 * 60, 2 * 3600)), Presence()
    registry = story.state.registry
    evening = from_rfc3339("2026-11-23T20:30:00Z")
    supervise(presence, registry, evening)
    observe(presence, registry, "zigbee2mqtt:hall", evening, Kind.MOTION_DETECTED)
    morning = from_rfc3339("2026-11-24T07:00:00Z")
    assert look(presence, registry, morning - SECOND) == []
    assert len(look(presence, registry, morning)) == 1


def test_movement_is_kept_in_the_checkpoint_of_presence() -> None:
    story, presence = quiet_home(QuietRule(quiet_s=3600)), Presence()
    supervise(presence, story.state.registry, START)
    kept, _ = restore_presence(take_presence(presence, START))
    assert kept.activity.moved == {"rolf": START}
    old, at = restore_presence(b'[5,{"scaip:1":4},{},{}]')
    assert (old.heard, old.activity.moved, at) == ({"scaip:1": 4}, {}, 5)


# -- ways that have failed, and frequent callers ---------------------------------------------------


def fails(story: Story, person: str, channel: str = "webhook-1") -> None:
    (one,) = [
        o for o in story.state.owed.values() if (o.page.person, o.page.channel) == (person, channel)
    ]
    story.end(one.page, delivered=False)


def test_when_every_channel_of_everybody_has_failed_there_is_no_way() -> None:
    story = Story()
    story.press()
    alarm = story.state.alarms[story.alarm]
    fails(story, "berit")
    fails(story, "anna")
    fails(story, "anna", "webhook-2")
    assert not no_way(story.state, alarm, story.at)
    fails(story, "carl")
    assert no_way(story.state, alarm, story.at + 599 * SECOND)
    assert not no_way(story.state, alarm, story.at + 600 * SECOND)


def test_people_with_nothing_but_the_live_page_are_not_known_to_be_out_of_reach() -> None:
    bare = [Person(id=p, roles=(Role.STAFF,), teams=("home",)) for p in ("anna", "berit")]
    story = Story(town(*bare))
    story.press()
    assert not no_way(story.state, story.state.alarms[story.alarm], story.at)


def test_scenario_2_a_frequent_caller_plan_replaces_the_page_to_the_lead_never_the_check() -> None:
    def third_press(home: Resident) -> list[str]:
        story = Story(town(home))
        for _ in range(2):
            story.press()
            alarm = next(reversed(story.state.alarms))
            story.do("anna", "accept", alarm=alarm)  # type: ignore[arg-type]
            story.do("anna", "close", alarm=alarm, outcome="no_need")  # type: ignore[arg-type]
            story.at += HOUR
        lines = story.press()
        assert story.state.alarms[next(reversed(story.state.alarms))].check
        return [line for line in lines if line.startswith("paged")]

    plan = FrequentCaller(START + 30 * DAY, "carl")
    over = FrequentCaller(START + HOUR, "carl")
    lead = ["paged lea@webhook-1 (repeats_need_check)"]
    assert third_press(Resident(id="rolf", unit="north")) == lead
    assert third_press(Resident(id="rolf", unit="north", frequent_caller=over)) == lead
    instead = third_press(Resident(id="rolf", unit="north", frequent_caller=plan))
    assert instead == ["paged carl@webhook-1 (repeats_need_check)"]
