"""Intake: acknowledged and confirmed when durable, filters of each lane, nothing swallowed."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from adapters.session import Outcome
from hub.mqtt import Arrived, ManualAckSession
from hub.router.intake import Intake
from hub.router.work import Sample, Work
from routing.event import make_event
from routing.facts import EventRecorded
from routing.inputs import Command
from routing.kinds import Kind, Lane

ID = "0123456789abcdef0123456789abcdef"
HELP = "varde/v1/simby/event/help/scaip"
COMMAND = "varde/v1/simby/command"


@dataclass
class FakeSession:
    """What the broker was told, in order."""

    told: list[tuple[Any, ...]] = field(default_factory=list)

    def ack(self, message: Arrived) -> bool:
        self.told.append(("ack", message.mid))
        return True

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> bool:
        self.told.append(("publish", topic, json.loads(payload), qos))
        return True


@dataclass
class Rig:
    lane: Lane = Lane.HELP
    session: FakeSession = field(default_factory=FakeSession)
    work: list[Work] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.intake = Intake("simby", self.lane, self.work.append, lambda: 5)

    def hear(self, topic: str, payload: bytes) -> None:
        message = Arrived(topic, payload, 1, False, 7, 1)
        self.intake.hear(cast(ManualAckSession, self.session), message)


def wire(kind: Kind = Kind.HELP_PRESSED) -> bytes:
    source, subject = "/adapters/scaip/scaip", "scaip:1"
    return make_event(kind, id=ID, source=source, subject=subject, received_at=1).to_json()


def test_each_lane_hears_its_events_and_help_also_people() -> None:
    assert Rig(Lane.HELP).intake.filters() == [
        "varde/v1/simby/event/help/+",
        "varde/v1/simby/command",
        "varde/v1/simby/configure",
        "varde/v1/simby/replay",
    ]
    assert Rig(Lane.TELEMETRY).intake.filters() == ["varde/v1/simby/event/telemetry/+"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_event_is_acknowledged_and_confirmed_when_it_is_done(outcome: Outcome) -> None:
    rig = Rig()
    rig.hear(HELP, wire())
    (work,) = rig.work
    assert isinstance(work.task, EventRecorded)
    assert (work.lane, rig.session.told) == (Lane.HELP, [])
    work.done(outcome)
    assert rig.session.told == [
        ("ack", 7),
        ("publish", f"varde/v1/simby/confirm/scaip/{ID}", {"outcome": outcome.value}, 0),
    ]


def test_a_sample_is_confirmed_like_an_event() -> None:
    rig = Rig(Lane.TELEMETRY)
    rig.hear("varde/v1/simby/event/telemetry/gps", wire(Kind.DEVICE_ALIVE))
    assert rig.work[0].task == Sample("scaip:1")
    rig.work[0].done(Outcome.DURABLE)
    assert rig.session.told[1][1] == f"varde/v1/simby/confirm/gps/{ID}"


def test_what_cannot_be_read_is_acknowledged_only_when_its_event_is_durable() -> None:
    rig = Rig()
    rig.hear(HELP, b"\xff not an event")
    (work,) = rig.work
    assert isinstance(work.task, EventRecorded)
    assert work.task.kind is Kind.FRAME_UNDECODABLE
    assert rig.session.told == []
    work.done(Outcome.DURABLE)
    assert rig.session.told == [("ack", 7)]


def test_a_command_is_acknowledged_when_it_has_ended() -> None:
    rig = Rig()
    said = {
        "id": "c1",
        "alarm": "a1",
        "person": "anna",
        "action": "accept",
        "seen_phase": "looking",
        "made_at": 1,
    }
    rig.hear(COMMAND, json.dumps(said).encode())
    assert isinstance(rig.work[0].task, Command)
    assert rig.session.told == []
    rig.work[0].done(Outcome.DURABLE)
    assert rig.session.told == [("ack", 7)]


@pytest.mark.parametrize("topic", [COMMAND, "varde/v1/simby/configure"])
def test_what_no_part_of_varde_wrote_is_told_to_it_and_does_not_come_again(
    topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig()
    rig.hear(topic, b'{"id": "\xff"}')
    assert (rig.work, rig.session.told) == ([], [("ack", 7)])
    assert topic in caplog.text
    assert "refused" in caplog.text
