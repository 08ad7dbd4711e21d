"""Storms, restoration floods and order: scenarios 13, 14, 15 and 20."""

import pytest

from routing import facts_correlate
from routing.facts import EventRecorded
from routing.instant import HOUR, MINUTE, SECOND
from routing.kinds import Kind
from routing.lifecycle import Phase
from routing.marks import Mark
from routing.municipality import AnyItem, Device, Municipality, Resident, Unit
from routing.plans import Correlation
from routing.snapshot import restore, take
from tests.routing.story import START, Story, town

NUMBERS = Correlation(storm_events=5, storm_window_s=60)
ONE = Municipality(id="simby", timezone="Europe/Oslo", default_policy="plain", correlation=NUMBERS)


def street(count: int, **more: object) -> list[AnyItem]:
    """Residents with a pendant each, in the unit `north`."""
    homes = [Resident(id=f"r{n}", unit="north") for n in range(count)]
    pendants = [
        Device(id=f"d{n}", subject=f"scaip:s{n}", resident=f"r{n}", **more)  # type: ignore[arg-type]
        for n in range(count)
    ]
    return town(ONE, *homes, *pendants)


def dark(story: Story, count: int, kind: Kind = Kind.MAINS_LOST) -> list[str]:
    lines: list[str] = []
    for n in range(count):
        story.at += SECOND // 10
        lines += story.hear(kind, f"scaip:s{n}")
    return lines


def open_technical(story: Story) -> list[str]:
    """The incidents and faults that look for somebody."""
    alarms = story.state.alarms.values()
    return [a.subject for a in alarms if a.category == "technical" and a.phase is not Phase.CLOSED]


def test_scenario_13_a_power_cut_is_one_incident_with_a_list() -> None:
    story = Story(street(400))
    lines = dark(story, 400)
    assert sum(line.startswith("raised") for line in lines) == 5
    assert open_technical(story) == ["area:north"]
    (incident,) = story.state.memory.incidents.values()
    assert len(incident.members) == incident.lasting == 400
    assert story.owed == ["anna@webhook-1", "berit@webhook-1"]


def test_scenario_13_help_in_the_middle_has_a_life_of_its_own() -> None:
    story = Story(street(50))
    dark(story, 30)
    assert story.press("scaip:s31")[1:] == [
        "raised help.pressed HIGH (kind_raises)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
    ]


def test_fewer_than_a_storm_are_alarms_of_their_own() -> None:
    story = Story(street(4))
    dark(story, 4)
    assert len(open_technical(story)) == 4


def test_as_many_in_a_longer_time_are_no_storm() -> None:
    story = Story(street(9))
    for n in range(9):
        story.at += 16 * SECOND
        story.hear(Kind.MAINS_LOST, f"scaip:s{n}")
    assert len(open_technical(story)) == 9


def test_two_areas_are_two_storms() -> None:
    story = Story(street(8))
    story.configure(
        Unit(id="south"), Resident(id="r6", unit="south"), Resident(id="r7", unit="south")
    )
    dark(story, 8)
    assert sorted(open_technical(story)) == ["area:north", "scaip:s6", "scaip:s7"]


def test_a_maker_whose_devices_fail_everywhere_is_one_incident() -> None:
    units = [Unit(id=f"u{n}") for n in range(6)]
    devices = [
        Device(id=f"m{n}", subject=f"mqtt:{n}", unit=f"u{n}", maker="acme") for n in range(6)
    ]
    story = Story(town(ONE, *units, *devices))
    for n in range(6):
        story.hear(Kind.DEVICE_FAULT, f"mqtt:{n}")
    assert open_technical(story) == ["maker:acme"]


def test_what_somebody_has_accepted_stays_theirs() -> None:
    story = Story(street(6))
    story.hear(Kind.MAINS_LOST, "scaip:s0")
    mine = story.alarm
    story.accept("anna")
    for n in range(1, 6):
        story.hear(Kind.MAINS_LOST, f"scaip:s{n}")
    assert story.state.alarms[mine].owner == "anna"
    assert open_technical(story) == ["scaip:s0", "area:north"]


def test_scenario_14_the_silence_hours_later_joins_the_incident_and_asks_for_visits() -> None:
    story = Story(street(400))
    dark(story, 400)
    (incident,) = story.state.memory.incidents
    story.do("anna", "accept", alarm=incident)  # type: ignore[arg-type]
    story.at += 3 * HOUR
    lines = dark(story, 250, Kind.LINK_LOST)
    assert [line for line in lines if line.startswith("raised")] == []
    assert story.owed == ["anna@webhook-1"]
    asked = [r.fact for r in story.journal if isinstance(r.fact, facts_correlate.VisitAsked)]
    assert {f.alarm for f in asked} == {incident}
    residents = [resident for fact in asked for resident in fact.residents]
    assert residents == [f"r{n}" for n in range(250)]
    assert len(story.state.memory.unprotected) == 250


def test_a_member_that_went_silent_long_after_an_incident_was_closed_is_an_alarm() -> None:
    story = Story(street(6))
    dark(story, 6)
    (incident,) = story.state.memory.incidents
    story.do("anna", "accept", alarm=incident)  # type: ignore[arg-type]
    story.do("anna", "close", alarm=incident, outcome="technical")  # type: ignore[arg-type]
    assert story.hear(Kind.LINK_LOST, "scaip:s1")[1].startswith("raised link.lost")


def test_an_incident_that_has_not_grown_for_hours_takes_no_more() -> None:
    story = Story(street(7))
    dark(story, 6)
    story.at += 7 * HOUR
    assert story.hear(Kind.MAINS_LOST, "scaip:s6")[1].startswith("raised mains.lost")


def test_scenario_15_when_all_are_back_the_incident_says_so_and_stays_open() -> None:
    story = Story(street(6))
    dark(story, 6)
    (incident,) = story.state.memory.incidents
    dark(story, 5, Kind.MAINS_RESTORED)
    assert story.state.alarms[incident].marks == ()
    assert story.hear(Kind.MAINS_RESTORED, "scaip:s5")[1:] == ["incident.joined", "alarm.marked"]
    assert story.state.alarms[incident].marks == (Mark.RETURNED,)
    assert story.state.alarms[incident].phase is Phase.LOOKING
    story.hear(Kind.MAINS_LOST, "scaip:s2")
    assert story.state.alarms[incident].marks == ()


def test_scenario_15_in_a_flood_of_old_messages_each_old_press_rings() -> None:
    story = Story(street(60))
    lines: list[str] = []
    for n in range(60):
        kind = Kind.HELP_PRESSED if n % 20 == 0 else Kind.MAINS_LOST
        lines += story.hear(kind, f"scaip:s{n}", occurred_at=START - 8 * HOUR, history=True)
    raised = [line for line in lines if line.startswith("raised")]
    assert raised == ["raised help.pressed HIGH (old_help_still_rings)"] * 3
    assert lines.count("noted (old_message_only_noted)") == 57


def test_an_archived_incident_leaves_nothing_behind() -> None:
    story = Story(street(6))
    dark(story, 6)
    (incident,) = story.state.memory.incidents
    story.do("anna", "accept", alarm=incident)  # type: ignore[arg-type]
    story.do("anna", "close", alarm=incident, outcome="technical")  # type: ignore[arg-type]
    story.wait(25 * 3600)
    memory = story.state.memory
    assert (memory.incidents, memory.member_of, memory.incident_at) == ({}, {}, {})


def test_a_snapshot_in_the_middle_of_a_storm_goes_on_like_the_state() -> None:
    story = Story(street(40))
    dark(story, 4)
    other = Story([])
    restored = restore(take(story.state))
    assert restored == story.state
    other.state, other.at, other.journal = restored, story.at, list(story.journal)
    other._count = story._count
    assert dark(other, 30) == dark(story, 30)
    assert restore(take(story.state)) == story.state == other.state


def numbered(story: Story, kind: Kind, sequence: int) -> list[str]:
    return story.feed(
        EventRecorded(
            event=f"{kind}-{sequence}",
            kind=kind,
            subject="scaip:1",
            received_at=story.at,
            sequence=sequence,
            adapter="scaip",
        )
    )


def test_scenario_20_restored_before_failure_is_put_in_order() -> None:
    story = Story()
    assert numbered(story, Kind.MAINS_RESTORED, 6)[1] == "noted (observation_only)"
    assert numbered(story, Kind.MAINS_LOST, 5) == ["heard mains.lost", "noted (overtaken)"]
    assert numbered(story, Kind.MAINS_LOST, 7)[1].startswith("raised mains.lost")
    assert numbered(story, Kind.MAINS_RESTORED, 4)[1] == "noted (overtaken)"
    assert numbered(story, Kind.MAINS_RESTORED, 8)[1] == "written mains.restored (trouble_passed)"


def test_a_device_that_counts_anew_is_not_taken_for_late() -> None:
    story = Story()
    numbered(story, Kind.MAINS_RESTORED, 60_000)
    story.at += 11 * MINUTE
    assert numbered(story, Kind.MAINS_LOST, 1)[1].startswith("raised mains.lost")


@pytest.mark.parametrize("kind", [Kind.HELP_PRESSED, Kind.SMOKE_DETECTED, Kind.WATER_DETECTED])
def test_help_rings_in_whatever_order_it_arrives(kind: Kind) -> None:
    story = Story()
    opposite = {
        Kind.HELP_PRESSED: Kind.HELP_CANCELLED,
        Kind.SMOKE_DETECTED: Kind.SMOKE_CLEARED,
        Kind.WATER_DETECTED: Kind.WATER_CLEARED,
    }[kind]
    numbered(story, opposite, 6)
    assert numbered(story, kind, 5)[1].startswith(f"raised {kind}")


def test_scenario_12_a_silent_device_leaves_its_resident_unprotected_until_it_is_back() -> None:
    story = Story()
    assert story.hear(Kind.LINK_LOST)[1:] == [
        "raised link.lost TECHNICAL (kind_raises)",
        "step 1.0 60s: anna@webhook-1 berit@webhook-1 (chain_started)",
        "protection.lost",
        "visit.asked",
        "task.made",
    ]
    assert story.hear(Kind.LINK_LOST)[1:] == ["again 2 TECHNICAL:"]
    assert story.hear(Kind.LINK_RESTORED)[2:] == ["protection.back"]
    assert story.state.memory.unprotected == {}
    (visit,) = [r.fact for r in story.journal if isinstance(r.fact, facts_correlate.VisitAsked)]
    assert visit.residents == ("rolf",)
