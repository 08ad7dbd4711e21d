"""What the engine adds to correlation: positions withheld, busy without a way, doses on time."""

from adapters.session import Outcome
from hub.router.work import Sample, Work
from routing.facts import SendEnded
from routing.instant import SECOND
from routing.kinds import Kind, Lane
from routing.municipality import Device, Resident
from routing.plans import DosePlan, QuietRule
from tests.router.labs import POSITION, Lab, heard, lines
from tests.routing.story import START, town


def test_scenario_32_no_position_is_kept_of_who_objects_and_it_is_told_once() -> None:
    lab = Lab(town(Resident(id="rolf", unit="north", objects=("location",))))
    lab.take(heard(), position=POSITION)
    batch = lab.turn()
    assert batch.documents == []
    assert "raised help.pressed HIGH (kind_raises)" in lines(batch)
    assert "heard location.objected" in lines(batch)
    lab.take(Sample("scaip:1"), position=POSITION, lane=Lane.TELEMETRY)
    batch = lab.turn()
    assert (batch.documents, batch.facts) == ([], [])


def all_fail(lab: Lab) -> None:
    for one in list(lab.engine.state.owed.values()):
        page = one.page
        ended = SendEnded(
            alarm=one.alarm,
            send=page.send,
            person=page.person,
            channel=page.channel,
            delivered=False,
            code="timeout",
        )
        lab.engine.take(Work(ended, Lane.HELP))
    lab.turn()


def test_when_every_channel_of_everybody_has_failed_the_unit_is_told_busy() -> None:
    lab = Lab()
    lab.take(heard(), name="first")
    lab.committed()
    while lab.engine.state.owed:
        all_fail(lab)
    lab.take(heard(Kind.SMOKE_DETECTED), name="smoke")
    assert "raised smoke.detected CRITICAL (kind_raises)" in lines(lab.committed())
    lab.wait(601)
    lab.take(heard(Kind.WATER_DETECTED), name="water")
    lab.committed()
    assert lab.told == [
        ("first", Outcome.DURABLE),
        ("smoke", Outcome.BUSY),
        ("water", Outcome.DURABLE),
    ]


def test_doses_and_quiet_homes_are_judged_on_time() -> None:
    pills = Device(id="pills", subject="mqtt:pills", resident="rolf", doses=(DosePlan(10 * 60),))
    quiet = Resident(id="rolf", unit="north", quiet=(QuietRule(quiet_s=3 * 3600),))
    lab = Lab(town(pills, quiet))
    assert lab.engine.next_turn() == START + 3600 * SECOND
    lab.wait(3600)
    assert "dose.due" in lines(lab.turn())
    lab.wait(3600)
    assert "raised medication.missed MEDIUM (dose_not_taken)" in lines(lab.turn())
    lab.take(Sample("scaip:1", Kind.MOTION_DETECTED), lane=Lane.TELEMETRY)
    lab.turn()
    lab.wait(3600)
    assert "raised inactivity.detected" not in str(lines(lab.turn()))
    lab.wait(7200)
    assert "raised inactivity.detected HIGH (kind_raises)" in lines(lab.turn())
