"""Updates and fragments say more of an alarm; makers' codes; an answer that answers nothing."""

import pytest
from pydantic import ValidationError

from adapters.scaip import ScaipEntry, decode
from adapters.session import Outcome
from routing.event import Event, Position
from routing.kinds import Kind
from tests.adapters.scaip.unit import SECOND, T0, UDP, events, kinds, make, mrq, mrs, press, sip

CALLED = mrq(stc="10", crd="gsm:+4791000000", stt="pressed")


def _later(body: str) -> list[Event]:
    """What is told of a body that follows a press of the same reference."""
    session = make()
    press(session, body=CALLED)
    return events(session.receive(UDP, sip(body, branch="z9hG4bK9"), T0 + SECOND))


def test_an_update_tells_what_was_said_and_what_is_new() -> None:
    lge = "<geo>67.28,14.405</geo>"
    (event,) = _later(mrq(mty="IN", stc="10", lco="012", lte="Bath", lge=lge))
    assert event.id == press(make(), body=CALLED)
    data = event.data
    assert (data.update, data.location_text, data.location_code) == (True, "Bath", "012")
    assert (data.caller, data.note, data.code) == (("gsm:+4791000000",), "pressed", "stc=10 dty=3")
    assert data.position == Position(lat=67.28, lon=14.405)


@pytest.mark.parametrize(("ame", "mty"), [("0", "ME"), ("0", "IN")])
def test_a_later_fragment_adds_to_the_first(ame: str, mty: str) -> None:
    session = make()
    first = press(session, body=mrq(stc="10", ame="1", stt="pressed"))
    rest = mrq(ame=ame, mty=mty, ite="in the garden", crd="sip:unit@example.org")
    (event,) = events(session.receive(UDP, sip(rest, branch="z9hG4bK2"), T0 + SECOND))
    assert (event.id, event.type, event.data.update) == (first, "help.pressed", True)
    assert event.data.note == "in the garden; pressed"
    assert event.data.caller == ("sip:unit@example.org",)


def test_a_resend_says_nothing_more() -> None:
    session = make()
    (first,) = events(session.receive(UDP, sip(CALLED), T0))
    session.confirm(first.id, Outcome.FAILED, T0)
    (second,) = events(session.receive(UDP, sip(CALLED, branch="z9hG4bK2"), T0 + SECOND))
    assert second == first
    assert first.data.update is None


def test_an_update_after_a_restart_still_says_that_it_is_one() -> None:
    (event,) = events(make().receive(UDP, sip(mrq(mty="IN", stc="10", lte="Bath")), T0))
    assert event.data.update is True


def test_several_callers_are_told_in_order_and_once() -> None:
    body = mrq(stc="10").replace("</mrq>", "<crd>gsm:1</crd><crd>sip:b</crd></mrq>")
    session = make()
    press(session, body=body)
    more = mrq(mty="IN", stc="10", crd="sip-pp:c").replace("</mrq>", "<crd>gsm:1</crd></mrq>")
    (event,) = events(session.receive(UDP, sip(more, branch="z9hG4bK2"), T0 + SECOND))
    assert event.data.caller == ("sip-pp:c", "gsm:1", "sip:b")


def test_a_makers_code_carries_its_number_and_text() -> None:
    (event,) = decode(mrq(stc="0943", stt="Lid open").encode(), T0).events
    assert (event.type, event.data.code, event.data.note) == (
        "code.unknown",
        "stc=0943 dty=3",
        "Lid open",
    )


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"stc": "901"}, ["help.pressed"]),
        ({"stc": "0901"}, ["help.pressed"]),
        ({"stc": "902"}, ["tamper.detected"]),
        ({"stc": "903"}, ["code.unknown"]),
        ({"stc": "901", "mty": "RE"}, ["help.cancelled"]),
        ({"stc": "902", "mty": "RE"}, ["device.recovered"]),
        ({"stc": "902", "mty": "PI"}, ["device.alive", "tamper.detected"]),
        ({"stc": "901", "mty": "PI"}, ["device.alive"]),
        ({"stc": "10"}, ["help.pressed"]),
        ({}, ["help.pressed"]),
    ],
)
def test_a_makers_codes_mean_what_is_configured(tags: dict[str, str], told: list[str]) -> None:
    session = make(codes={901: Kind.HELP_PRESSED, 902: Kind.TAMPER_DETECTED})
    assert kinds(session.receive(UDP, sip(mrq(**tags)), T0)) == told


def test_a_makers_codes_in_the_municipalitys_file() -> None:
    entry = ScaipEntry.model_validate({"id": "alarm", "codes": {901: "help.pressed"}})
    assert entry.codes == {901: Kind.HELP_PRESSED}
    assert ScaipEntry.model_validate_json(entry.model_dump_json()) == entry


@pytest.mark.parametrize("codes", [{10: "device.alive"}, {19: "help.pressed"}, {901: "help.no"}])
def test_the_standards_codes_keep_their_meaning(codes: dict[int, str]) -> None:
    with pytest.raises(ValidationError):
        ScaipEntry.model_validate({"id": "alarm", "codes": codes})


def test_an_answer_is_not_answered_or_two_receivers_would_never_end() -> None:
    outputs = make().receive(UDP, sip("<mrs><ref>R</ref><snu>2</snu></mrs>"), T0)
    assert mrs(outputs) == []
    assert kinds(outputs) == ["frame.undecodable"]
    assert decode(b"<mrs><ref>R</ref><snu>2</snu></mrs>", T0).reply is None
