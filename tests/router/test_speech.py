"""From the policy to the wire: the number of an alarm's step reaches the unit that raised it.

The real session, intake and engine; between them the octets that brokers would carry.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec
import pytest

from adapters.bridge.hub_link import Confirm
from adapters.scaip import ScaipConfig, ScaipSession
from adapters.session import Emit, Outcome, Output, Speak
from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.journal.port import JournalReader
from hub.mqtt import Arrived, ManualAckSession
from hub.router.intake import Intake
from hub.router.numbers import Numbers
from routing.event import Event
from routing.instant import SECOND
from routing.kinds import Lane
from routing.lifecycle import Action
from tests.adapters.scaip.unit import SECRET, UDP, mrq, mrs, sip
from tests.router.labs import Lab, command
from tests.routing.story import START

FILE = """
municipality:
  id: simby
  name: Simby
  default_policy: help
  numbers: {staff-line: "+47 75 00 00 01", centre-line: "+47 75 00 00 02"}
units: [{id: north, name: Nord}]
teams: [{id: home, name: Hjemmetjenesten}, {id: centre, name: Responssenteret}]
people:
  - {id: anna, name: Anna, roles: [staff], teams: [home]}
  - {id: carl, name: Carl, roles: [staff], teams: [centre]}
  - {id: lea, name: Lea, roles: [lead]}
residents: [{id: rolf, name: Rolf, unit: north}]
devices: [{id: pendant, name: Pendant, subject: "scaip:100001", resident: rolf}]
policies:
  - id: help
    steps:
      - {call: [{team: home}], wait: 60 s, number: staff-line}
      - {call: [{team: centre}], wait: 60 s, number: centre-line}
      - {call: [{person: lea}], wait: 60 s}
    fallback: [{lead: "*"}]
adapters: [{id: alarm, protocol: scaip}]
"""


class Documents:
    """A journal of which only documents are read."""

    def __init__(self, documents: dict[tuple[str, str], bytes]) -> None:
        self._documents = documents

    def document(self, kind: str, id: str) -> bytes | None:
        return self._documents.get((kind, id))


@dataclass
class Town:
    """A unit at one end, the engine at the other."""

    file: str = FILE
    branch: int = 0
    session: ScaipSession = field(default_factory=lambda: ScaipSession(ScaipConfig(secret=SECRET)))
    confirms: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        checked = check(self.file).file
        assert checked is not None
        compiled = compile(checked)
        self.lab = Lab(list(compiled.items.values()))
        journal = cast(JournalReader, Documents(dict(compiled.documents)))
        speak = Numbers(journal, self.lab.engine.state).find
        take = self.lab.engine.take
        self.intake = Intake("simby", Lane.HELP, take, lambda: self.lab.at, speak=speak)

    def ack(self, message: Arrived) -> bool:
        return True

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> bool:
        self.confirms.append((topic, payload))
        return True

    def send(self, body: str) -> list[str]:
        """Send a request; return what the unit was answered."""
        self.branch += 1
        at = self.lab.at
        outputs = self.session.receive(UDP, sip(body, branch=f"z9hG4bK{self.branch}"), at)
        answers = mrs(outputs)
        for event in _emitted(outputs):
            answers += self._through_the_hub(event)
        return answers

    def _through_the_hub(self, event: Event) -> list[str]:
        message = Arrived("varde/v1/simby/event/help/alarm", event.to_json(), 1, False, 7, 1)
        self.intake.hear(cast(ManualAckSession, self), message)
        self.lab.committed()
        topic, payload = self.confirms.pop()
        assert topic == f"varde/v1/simby/confirm/alarm/{event.id}"
        confirm = msgspec.json.decode(payload, type=Confirm)
        at = self.lab.at
        return mrs(self.session.confirmed(event.id, confirm.outcome, confirm.speak, at))


def _emitted(outputs: Sequence[Output]) -> list[Event]:
    return [output.event for output in outputs if isinstance(output, Emit)]


def _told(number: str, ref: str = "A1") -> list[str]:
    speech = f"<mre>1</mre><cre>62</cre><tnu>gsm:{number}</tnu>" if number else "<mre>0</mre>"
    return [f"<mrs><ref>{ref}</ref><snu>0</snu>{speech}</mrs>"]


def test_a_press_is_told_the_number_of_the_first_step() -> None:
    assert Town().send(mrq(stc="10")) == _told("+4775000001")


def test_a_resend_is_told_it_again() -> None:
    town = Town()
    town.send(mrq(stc="10"))
    assert town.send(mrq(stc="10")) == _told("+4775000001")


def test_a_second_press_is_told_the_number_of_the_step_that_runs() -> None:
    town = Town()
    town.send(mrq(stc="10"))
    for number in ("+4775000002", ""):
        town.lab.wait(60)
        town.lab.turn()
        ref = f"B{town.lab.at // SECOND}"
        assert town.send(mrq(ref, stc="10")) == _told(number, ref)


def test_a_fault_is_told_none() -> None:
    town = Town()
    assert town.send(mrq(stc="16")) == ["<mrs><ref>A1</ref><snu>0</snu></mrs>"]


def test_a_policy_without_numbers_says_that_nobody_will_speak() -> None:
    bare = FILE.replace(", number: staff-line", "")
    assert Town(bare).send(mrq(stc="10")) == _told("")


def test_a_reset_is_confirmed_and_the_alarm_rings_on() -> None:
    town = Town()
    town.send(mrq(stc="10"))
    assert town.send(mrq(stc="10", mty="RE")) == ["<mrs><ref>A1</ref><snu>0</snu></mrs>"]
    (alarm,) = town.lab.engine.state.alarms.values()
    assert (alarm.phase, alarm.number) == ("looking", "staff-line")


def test_where_the_resident_is_reaches_the_open_alarm() -> None:
    town = Town()
    town.send(mrq(stc="10"))
    more = mrq(mty="IN", stc="10", lte="Bath", lge="<geo>67.28,14.405</geo>")
    at = town.lab.at
    (event,) = _emitted(town.session.receive(UDP, sip(more, branch="z9hG4bKin"), at))
    message = Arrived("varde/v1/simby/event/help/alarm", event.to_json(), 1, False, 8, 1)
    town.intake.hear(cast(ManualAckSession, town), message)
    batch = town.lab.turn()
    kept = {document.kind: json.loads(document.body or b"{}") for document in batch.documents}
    assert batch.facts == []
    assert kept["event"]["location_text"] == "Bath"
    where = {"lat": 67.28, "lon": 14.405, "at": "2026-11-23T08:00:00Z"}
    assert kept["position"] == where


@pytest.mark.parametrize(
    ("payload", "outcome", "speak"),
    [
        (b'{"outcome":"durable"}', Outcome.DURABLE, None),
        (b'{"outcome":"busy","speak":null}', Outcome.BUSY, None),
        (b'{"outcome":"durable","speak":{"number":"110"}}', Outcome.DURABLE, Speak("110")),
    ],
)
def test_a_confirm_of_either_age_is_read(
    payload: bytes, outcome: Outcome, speak: Speak | None
) -> None:
    assert msgspec.json.decode(payload, type=Confirm) == Confirm(outcome, speak)


def test_a_press_after_the_close_is_told_the_first_steps_number_again() -> None:
    town = Town()
    town.send(mrq(stc="10"))
    assert town.lab.at == START
    town.lab.take(command("anna", Action.ACCEPT, town.lab.alarm))
    town.lab.take(command("anna", Action.CLOSE, town.lab.alarm))
    town.lab.turn()
    assert town.send(mrq("C1", stc="10")) == _told("+4775000001", "C1")
