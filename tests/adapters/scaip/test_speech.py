"""What a unit is told about speech: the policy's number, as the unit dials it."""

import pytest

from adapters.scaip import DeviceSettings, ScaipSession, Speech
from adapters.session import Outcome, Speak, SpeakingWire
from routing.event import Event
from tests.adapters.scaip.unit import SECOND, T0, UDP, events, make, mrq, mrs, sip

LINE = Speak("+47 75 00 00 00")
GSM = "<mre>1</mre><cre>62</cre><tnu>gsm:+4775000000</tnu>"
NONE = "<mre>0</mre>"


def _heard(session: ScaipSession, body: str, branch: str = "z9hG4bK1") -> list[Event]:
    return events(session.receive(UDP, sip(body, branch=branch), T0))


def _said(session: ScaipSession, body: str, speak: Speak | None) -> list[str]:
    told = _heard(session, body)
    return [
        text.partition("</snu>")[2].removesuffix("</mrs>")
        for event in told
        for text in mrs(session.confirmed(event.id, Outcome.DURABLE, speak, T0))
    ]


def test_the_session_is_one_that_is_told_about_speech() -> None:
    assert isinstance(make(), SpeakingWire)


@pytest.mark.parametrize(
    ("tags", "speak", "said"),
    [
        ({"stc": "10"}, LINE, GSM),
        ({"stc": "10"}, None, NONE),
        ({"stc": "10", "crd": "gsm:+4791000000"}, LINE, GSM),
        ({"stc": "10", "crd": "no-voice:"}, LINE, NONE),
        ({"stc": "10", "crd": "sip:unit@example.org"}, LINE, NONE),
        ({"dty": "23", "stc": "9"}, LINE, GSM),
        ({"stc": "110"}, Speak("113 00"), GSM.replace("+4775000000", "11300")),
        ({"stc": "16"}, LINE, ""),
        ({"stc": "19"}, LINE, ""),
        ({"mty": "PI", "stc": "9"}, LINE, ""),
        ({"mty": "RE", "stc": "10"}, LINE, ""),
    ],
)
def test_speech(tags: dict[str, str], speak: Speak | None, said: str) -> None:
    assert _said(make(), mrq(**tags), speak) == [said]


def test_a_unit_that_speaks_by_sip_alone_dials_through_the_gateway() -> None:
    session = make(sip_gateway="voice.example.org")
    body = mrq(stc="10", crd="sip:unit@example.org")
    assert _said(session, body, LINE) == [
        "<mre>1</mre><cre>62</cre><tnu>sip:+4775000000@voice.example.org</tnu>"
    ]


def test_both_ways_of_speech_are_told_the_telephone_one() -> None:
    body = mrq(stc="10").replace("</mrq>", "<crd>sip:a@example.org</crd><crd>gsm:</crd></mrq>")
    assert _said(make(sip_gateway="voice.example.org"), body, LINE) == [GSM]


def test_the_devices_own_way_of_speech_goes_with_the_policys_number() -> None:
    own = DeviceSettings(speech=Speech(mode=2, callback=5, number="gsm:+4720000000"))
    session = make(devices={"100001": own})
    assert _said(session, mrq(stc="10"), LINE) == [GSM.replace("<mre>1", "<mre>2")]
    bare = make(devices={"100001": own})
    assert _said(bare, mrq(stc="10"), None) == [
        "<mre>2</mre><cre>05</cre><tnu>gsm:+4720000000</tnu>"
    ]


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.FAILED])
def test_only_a_durable_alarm_is_spoken_with(outcome: Outcome) -> None:
    session = make()
    (event,) = _heard(session, mrq(stc="10"))
    (answer,) = mrs(session.confirmed(event.id, outcome, LINE, T0))
    assert "<mre>" not in answer


def test_a_resend_after_hold_is_told_the_number_that_came_late() -> None:
    session = make()
    (event,) = _heard(session, mrq(stc="10"))
    (held,) = mrs(session.due(T0 + 4 * SECOND))
    assert held == "<mrs><ref>A1</ref><snu>4</snu></mrs>"
    assert session.confirmed(event.id, Outcome.DURABLE, LINE, T0 + 5 * SECOND) == []
    again = session.receive(UDP, sip(mrq(stc="10"), branch="z9hG4bK2"), T0 + 9 * SECOND)
    assert events(again) == []
    assert mrs(again) == [f"<mrs><ref>A1</ref><snu>0</snu>{GSM}</mrs>"]


def test_the_alarm_among_several_statuses_names_the_number() -> None:
    session = make()
    body = mrq(stc="16").replace("</mrq>", "<stc>10</stc></mrq>")
    low, press = _heard(session, body)
    assert mrs(session.confirmed(press.id, Outcome.DURABLE, LINE, T0)) == []
    assert mrs(session.confirmed(low.id, Outcome.DURABLE, Speak("+47 1"), T0)) == [
        f"<mrs><ref>A1</ref><snu>0</snu>{GSM}</mrs>"
    ]
