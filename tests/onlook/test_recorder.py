"""Recording: anonymous, the same kinds, playable, and refused where it is not known."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.anonymous import Pseudonyms
from adapters.protocol import Payload
from adapters.protocols import PROTOCOLS
from adapters.tapping import Seen
from hub.onlook.recorder import Recorder
from hub.scenario.report import run
from routing.instant import SECOND, from_rfc3339

DATA = Path(__file__).parents[1] / "data"
START = from_rfc3339("2026-11-23T12:00:00Z")
FRAMES = json.loads((DATA / "ev07b.json").read_text())["frames"]
SCAIP = (
    "<mrq><ref>00001A85</ref><cha>0</cha><mty>PI</mty><cid>26317</cid><dty>02</dty><did>00</did>"
    "<crd>gsm:+4799900001</crd><stc>010</stc><lte>Kari Eksempel</lte></mrq>"
)


def heard(octets: bytes, after_s: int = 0, topic: str = "", peer: str = "tcp:1#1") -> Seen:
    at = START + after_s * SECOND
    return Seen(wishes=("w",), at=at, listener="x", peer=peer, topic=topic, heard=octets.hex())


def readable() -> list[bytes]:
    return [
        bytes.fromhex(one["hex"])
        for one in FRAMES
        if "frame.undecodable" not in [event["kind"] for event in one["events"]]
    ]


def kinds(protocol: str, octets: bytes, topic: str = "") -> list[str]:
    payload = Payload(octets, START, topic=topic, judge_clock=False)
    return [str(event.type) for event in PROTOCOLS[protocol].decode(payload).events]


@pytest.mark.parametrize("frame", readable(), ids=lambda frame: frame.hex()[:16])
def test_a_pendants_frame_says_the_same_of_nobody(frame: bytes) -> None:
    recorder = Recorder(PROTOCOLS["ev07b"])
    taken = recorder.add(heard(frame))
    assert taken + len(recorder.refused) > 0
    for entry in recorder.entries:
        assert kinds("ev07b", entry.payload.octets) == kinds("ev07b", frame)
        for one in FRAMES:
            if one["hex"] == frame.hex():
                assert str(one["imei"]).encode() not in entry.payload.octets
        for event in entry.events:
            assert event.subject == "ev07b:000000000000001"


def test_most_captured_frames_can_be_recorded() -> None:
    recorder = Recorder(PROTOCOLS["ev07b"])
    for frame in readable():
        recorder.add(heard(frame))
    assert len(recorder.entries) >= len(readable()) - 1


def test_a_stream_cut_anywhere_gives_the_same_recording() -> None:
    frame = readable()[0]
    whole, cut = Recorder(PROTOCOLS["ev07b"]), Recorder(PROTOCOLS["ev07b"])
    whole.add(heard(frame + frame))
    for at in range(0, len(frame) * 2, 7):
        cut.add(heard((frame + frame)[at : at + 7]))
    assert [e.payload.octets for e in cut.entries] == [e.payload.octets for e in whole.entries]
    assert len(cut.entries) == 2


def test_places_move_into_the_sea_and_steps_between_them_stay() -> None:
    names = Pseudonyms()
    assert names.place(59.9, 10.7) == (59.0, 3.0)
    second = names.place(59.91, 10.72)
    assert second == pytest.approx((59.01, 3.02))
    assert names.place(59.9, 10.7) == (59.0, 3.0)


def test_ids_are_replaced_the_same_by_the_same_and_never_by_themselves() -> None:
    names = Pseudonyms()
    assert [names.digits(one) for one in ("26317", "00002", "26317")] == ["00001", "00003", "00001"]


def test_a_social_alarm_keeps_its_codes_and_loses_names_and_numbers() -> None:
    recorder = Recorder(PROTOCOLS["scaip"])
    assert recorder.add(heard(SCAIP.encode())) == 1
    text = recorder.entries[0].payload.octets.decode()
    assert text == (
        "<mrq><ref>00000001</ref><cha>0</cha><mty>PI</mty><cid>00001</cid><dty>02</dty>"
        "<did>00</did><stc>010</stc></mrq>"
    )


def test_an_element_that_is_not_known_is_refused() -> None:
    recorder = Recorder(PROTOCOLS["scaip"])
    strange = SCAIP.replace("<stc>", "<zzz>Kari</zzz><stc>")
    assert recorder.add(heard(strange.encode())) == 0
    assert recorder.refused == ["an element <zzz>"]


def test_a_home_sensors_name_and_extras_go() -> None:
    recorder = Recorder(PROTOCOLS["zigbee2mqtt"])
    said = {"contact": False, "battery": 87, "device": {"friendlyName": "Karis dør"}}
    body = json.dumps(said).encode()
    assert recorder.add(heard(body, topic="hjem/kari-inngang", peer="")) == 1
    (entry,) = recorder.entries
    assert entry.payload.topic == "zigbee2mqtt/recorded-1"
    assert json.loads(entry.payload.octets) == {"contact": False, "battery": 87}
    assert [event.type for event in entry.events] == ["door.opened"]


def test_a_protocol_that_cannot_be_made_anonymous_is_refused() -> None:
    recorder = Recorder(replace(PROTOCOLS["generic"], anonymise=None))
    assert recorder.add(heard(b"{}", topic="care/1/state")) == 0
    assert "cannot be made anonymous" in recorder.refused[0]


def test_the_file_can_be_played(tmp_path: Path) -> None:
    recorder = Recorder(PROTOCOLS["scaip"])
    recorder.add(heard(SCAIP.encode()))
    recorder.add(heard(SCAIP.replace("010", "102").encode(), after_s=90))
    path = tmp_path / "recorded.yaml"
    path.write_text(recorder.to_yaml("A session", "recorded"))
    result = run(path, "en")
    assert result.only_played, list(result.lines(verbose=True))
    told = "\n".join(result.lines(verbose=True))
    assert "26317" not in path.read_text() + told
    assert "+90 s" in path.read_text()


def test_a_frame_after_a_login_names_nobody_and_can_be_recorded() -> None:
    recorder = Recorder(PROTOCOLS["gt06"])
    recorder.add(heard(bytes.fromhex("78780d0103534190360660610003c3df0d0a")))
    recorder.add(heard(bytes.fromhex("78781219028f0a29e10036f12003040102000875dc0d0a"), 5))
    subjects = [event.subject for entry in recorder.entries for event in entry.events]
    assert subjects == ["gt06:000000000000001", "gt06:unknown"]
    assert [event.type for event in recorder.entries[1].events] == ["help.pressed"]


def test_a_call_that_says_all_by_its_address_is_recorded_without_its_secret() -> None:
    recorder = Recorder(PROTOCOLS["osmand"])
    address = "the-secret-of-the-listener?id=100042&alarm=sos&lat=59.91273&lon=10.74609"
    assert recorder.add(heard(b"", topic=address)) == 1
    text = recorder.to_yaml("t", "s")
    assert "id=000001&alarm=sos&lat=59.000000&lon=3.000000" in text
    assert "secret" not in text


def test_a_binary_frame_of_a_text_protocol_is_written_in_hex() -> None:
    recorder = Recorder(PROTOCOLS["h02"])
    frame = "2410307310011200002211265954763800010447654E000000fffbffff000000"
    assert recorder.add(heard(bytes.fromhex(frame))) == 1
    assert "hex: 240000000001120000221126590000000000300000" in recorder.to_yaml("t", "s")
