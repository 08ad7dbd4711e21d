"""Recording: anonymous, the same kinds, playable, and refused where it is not known."""

import json
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
    recorder = Recorder(PROTOCOLS["generic"])
    assert recorder.add(heard(b"{}", topic="care/1/state")) == 0
    assert "cannot be made anonymous" in recorder.refused[0]


def test_the_file_can_be_played(tmp_path: Path) -> None:
    recorder = Recorder(PROTOCOLS["scaip"])
    recorder.add(heard(SCAIP.encode()))
    recorder.add(heard(SCAIP.replace("010", "102").encode(), after_s=90))
    path = tmp_path / "recorded.yaml"
    path.write_text(recorder.to_yaml("A session", "recorded"))
    result = run(path, "en")
    assert result.passed, result.lines(verbose=True)
    told = "\n".join(result.lines(verbose=True))
    assert "26317" not in path.read_text() + told
    assert "+90 s" in path.read_text()
