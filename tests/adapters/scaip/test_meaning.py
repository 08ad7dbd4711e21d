"""What codes and tags mean: tables with literal expectations."""

import pytest

from adapters.scaip import decode
from routing.event import Position
from tests.adapters.scaip.unit import T0, mrq

KINDS = [
    ({"dty": "3", "stc": "10"}, "help.pressed"),
    ({"dty": "4", "stc": "0010"}, "help.pressed"),
    ({"dty": "0002", "stc": "9"}, "help.automatic"),
    ({"dty": "3"}, "help.pressed"),
    ({"dty": "999", "stc": "10"}, "help.pressed"),
    ({"dty": "999", "stc": "009"}, "help.automatic"),
    ({"dty": "999"}, "help.automatic"),
    ({"dty": "X", "stc": "10"}, "help.pressed"),
    ({"dty": "5", "stc": "10"}, "fall.detected"),
    ({"dty": "23", "stc": "9"}, "smoke.detected"),
    ({"dty": "33", "stc": "9"}, "water.detected"),
    ({"dty": "17", "stc": "9"}, "epilepsy.detected"),
    ({"dty": "15", "stc": "9"}, "wandering.detected"),
    ({"dty": "10", "stc": "9"}, "inactivity.detected"),
    ({"dty": "12", "stc": "9"}, "bed.left"),
    ({"dty": "13", "stc": "9"}, "bed.left"),
    ({"dty": "12", "stc": "10"}, "help.pressed"),
    ({"dty": "12", "stc": "117"}, "bed.returned"),
    ({"dty": "14", "stc": "9"}, "door.opened"),
    ({"dty": "14", "stc": "77"}, "door.ajar"),
    ({"dty": "11", "stc": "81"}, "medication.missed"),
    ({"dty": "11", "stc": "82"}, "medication.reminded"),
    ({"dty": "11", "stc": "83"}, "medication.taken"),
    ({"dty": "3", "stc": "14"}, "battery.low"),
    ({"dty": "2", "stc": "23"}, "link.lost"),
    ({"dty": "2", "stc": "27"}, "link.lost"),
    ({"dty": "2", "stc": "112"}, "link.restored"),
    ({"dty": "2", "stc": "116"}, "link.restored"),
    ({"dty": "2", "stc": "85"}, "mains.lost"),
    ({"dty": "2", "stc": "86"}, "mains.restored"),
    ({"dty": "2", "stc": "67"}, "device.fault"),
    ({"dty": "2", "stc": "70"}, "device.recovered"),
    ({"dty": "2", "stc": "103"}, "device.tested"),
    ({"dty": "2", "stc": "111"}, "presence.left"),
    ({"dty": "2", "stc": "125"}, "tamper.detected"),
    ({"dty": "2", "stc": "901"}, "code.unknown"),
    ({"dty": "2", "stc": "555"}, "code.unknown"),
    ({"dty": "2", "stc": "28"}, "code.unknown"),
    ({"dty": "3", "stc": "10", "mty": "RE"}, "help.cancelled"),
    ({"dty": "23", "stc": "9", "mty": "RE"}, "smoke.cleared"),
    ({"dty": "3", "stc": "16", "mty": "RE"}, "battery.ok"),
    ({"dty": "12", "stc": "9", "mty": "RE"}, "bed.returned"),
    ({"dty": "14", "stc": "9", "mty": "RE"}, "door.closed"),
    ({"dty": "14", "stc": "77", "mty": "RE"}, "door.closed"),
    ({"dty": "3", "mty": "RE"}, "help.cancelled"),
    ({"dty": "3", "stc": "92", "mty": "RE"}, "help.cancelled"),
    ({"dty": "2", "stc": "901", "mty": "RE"}, "code.unknown"),
    ({"dty": "2", "stc": "86", "mty": "RE"}, "mains.restored"),
    ({"dty": "42", "stc": "67"}, "device.fault"),
    ({"dty": "44", "stc": "9"}, "help.automatic"),
    ({"dty": "51", "stc": "0010"}, "help.pressed"),
    ({"dty": "3", "stc": "10", "mty": "pi"}, "device.alive"),
    ({"dty": "3", "stc": "10", "mty": "??"}, "help.pressed"),
]


@pytest.mark.parametrize(("tags", "kind"), KINDS)
def test_kind(tags: dict[str, str], kind: str) -> None:
    decoded = decode(mrq(**tags).encode(), T0)
    assert [event.type.value for event in decoded.events] == [kind]
    assert decoded.error is None


def test_a_heartbeat_with_a_lasting_fault_says_both() -> None:
    decoded = decode(mrq(mty="PI", stc="16").encode(), T0)
    assert [event.type.value for event in decoded.events] == ["device.alive", "battery.low"]


def test_one_frame_with_several_statuses_reports_all() -> None:
    body = mrq().replace("</mrq>", "<stc>10</stc><stc>0016</stc><stc>010</stc></mrq>")
    decoded = decode(body.encode(), T0)
    assert [event.type.value for event in decoded.events] == ["help.pressed", "battery.low"]
    assert len({event.id for event in decoded.events}) == 2


def test_an_unknown_code_is_carried() -> None:
    (event,) = decode(mrq(stc="0912").encode(), T0).events
    assert event.data.code == "stc=0912 dty=3"


def test_details() -> None:
    body = mrq(cid=" 26317", did="77", pri="9", lte="kjøkken", ite="hei", stt="ok").replace(
        "</mrq>",
        "<crd>gsm:+4600000000</crd><crd>sip:a@b</crd><lge><geo>59.9, 10.7</geo></lge></mrq>",
    )
    (event,) = decode(body.encode(), T0).events
    assert event.subject == "scaip:26317"
    assert event.data.part == "77"
    assert event.data.priority == 9
    assert event.data.location_text == "kjøkken"
    assert event.data.note == "ok; hei"
    assert event.data.caller == ("gsm:+4600000000", "sip:a@b")
    assert event.data.position == Position(lat=59.9, lon=10.7)


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + mrq(lte="kjøkken").encode("latin-1"),
        mrq(lte="kjøkken").encode("latin-1"),
        b"\xef\xbb\xbf" + mrq(lte="kjøkken").encode() + b"\0",
        f'<?xml version="1.0"?>\n{mrq(lte="kjøkken")}\n'.encode(),
        mrq(lte="kjøkken").replace("<mrq>", '<mrq xmlns="urn:x">').encode(),
    ],
)
def test_encodings_do_not_cost_the_alarm(body: bytes) -> None:
    decoded = decode(body, T0)
    assert [event.type.value for event in decoded.events] == ["help.pressed"]
    assert decoded.events[0].data.location_text == "kjøkken"


@pytest.mark.parametrize(
    ("body", "snu", "kind"),
    [
        ("<mrq><cid>1</cid><dty>3</dty><stc>10</stc></mrq>", 10, "help.pressed"),
        ("<mrq><ref>R</ref><dty>3</dty><stc>10</stc></mrq>", 7, "help.pressed"),
        ("<mrq><ref>R</ref><cid>1</cid><stc>10</stc></mrq>", 7, "help.pressed"),
        ("<mrq><ref>R</ref><cid>1</cid><stc>16</stc></mrq>", 7, "frame.undecodable"),
        ("<mrq><ref>R</ref><cid>1</cid><dty>3</dty><stc>ab</stc></mrq>", 3, "code.unknown"),
        ("<mrq><ref>R</ref><cid>1</cid><dty>3</dty>", 2, "frame.undecodable"),
        ("", 2, "frame.undecodable"),
        ("<a>" * 20_000, 2, "frame.undecodable"),
        ('<?xml version="1.0" encoding="nonsense"?><mrq/>', 2, "frame.undecodable"),
        (
            '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><mrq><ref>&x;</ref></mrq>',
            2,
            "frame.undecodable",
        ),
    ],
)
def test_wrong_bodies_are_answered_and_visible(body: str, snu: int, kind: str) -> None:
    decoded = decode(body.encode(), T0)
    assert f"<snu>{snu}</snu>".encode() in (decoded.reply or b"")
    assert [event.type.value for event in decoded.events] == [kind]
    assert (decoded.error or "").startswith("sender's fault: ")


@pytest.mark.parametrize(
    "body",
    [
        mrq(ref="R" * 40, stc="10"),
        mrq(cid="1" * 400, stc="10"),
        mrq(stc="000010"),
        mrq(stc="10", ite="x" * 1_400),
        mrq(stc="10", lco="1" * 50, lte="y" * 300, did="z" * 100),
    ],
)
def test_a_press_that_breaks_a_length_rule_is_still_a_press(body: str) -> None:
    decoded = decode(body.encode(), T0)
    assert [event.type.value for event in decoded.events] == ["help.pressed"]
    assert b"<snu>0</snu>" in (decoded.reply or b"")


def test_the_reference_is_escaped_in_the_answer() -> None:
    assert decode(mrq(ref="a&lt;b").encode(), T0).reply == (
        b"<mrs><ref>a&lt;b</ref><snu>0</snu><mre>0</mre></mrs>"
    )
