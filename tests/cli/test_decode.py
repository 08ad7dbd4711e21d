"""`varde decode`: JSON lines and exit codes, as a person at a terminal meets them."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.cli.main import main

DATA = Path(__file__).parents[1] / "data"
FRAMES: list[dict[str, Any]] = json.loads((DATA / "ev07b.json").read_text())["frames"]
FALL = FRAMES[5]["hex"]
ACK = "ab00030008c715007f0100"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = main(["decode", *arguments])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def kinds(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event"]["type"] for line in lines if "event" in line]


@pytest.mark.parametrize("row", FRAMES, ids=lambda row: row["desc"])
def test_every_known_frame(capsys: pytest.CaptureFixture[str], row: dict[str, Any]) -> None:
    code, lines = run(capsys, "ev07b", "--hex", row["hex"])
    assert kinds(lines) == [event["kind"] for event in row["events"]]
    assert [line["reply"]["hex"] for line in lines if "reply" in line] == (
        [row["reply"]] if row["reply"] else []
    )
    broken = "frame.undecodable" in kinds(lines)
    assert (code, "error" in lines[-1] if lines else False) == (int(broken), broken)


def test_hex_may_have_spaces_and_newlines(capsys: pytest.CaptureFixture[str]) -> None:
    spaced = "\n".join(FALL[start : start + 2].upper() + " " for start in range(0, len(FALL), 2))
    code, lines = run(capsys, "ev07b", "--hex", f"0x{spaced}")
    assert (code, kinds(lines)) == (0, ["fall.detected"])


def test_a_file_and_stdin_are_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    octets, digits = tmp_path / "frame.bin", tmp_path / "frame.hex"
    octets.write_bytes(bytes.fromhex(FALL))
    digits.write_text(f"{FALL}\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bytes.fromhex(FALL))))
    for source in (str(octets), str(digits), "-"):
        code, lines = run(capsys, "ev07b", source, "--at", "2022-10-13T06:42:00Z")
        assert (code, kinds(lines), lines[-1]) == (0, ["fall.detected"], {"reply": {"hex": ACK}})


def test_the_clock_is_judged_only_against_a_given_time(capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = run(capsys, "ev07b", "--hex", FALL, "--at", "2022-10-13T10:00:00Z")
    assert kinds(lines) == ["fall.detected", "clock.wrong"]
    assert lines[0]["event"]["receivedat"] == "2022-10-13T10:00:00Z"


def test_a_cut_frame_is_an_error_and_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(capsys, "ev07b", "--hex", FALL[:40])
    assert (code, kinds(lines)) == (1, ["frame.undecodable"])
    assert lines[-1] == {"error": "the frame is cut: 20 of 46 octets came"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "'abc' is not hex: two digits 0-9 or a-f for each octet"),
        ("hello", "ev07b frames are octets, not text: give them with --hex, or as a FILE"),
    ],
)
def test_text_that_is_no_frame_is_told_in_words(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decode", "ev07b", "--text", text]) == 2
    assert capsys.readouterr().err.startswith(f"varde decode: {said}")


def test_zigbee2mqtt_needs_a_topic_and_knows_retained(capsys: pytest.CaptureFixture[str]) -> None:
    open_door = ["zigbee2mqtt", "--text", '{"contact":false}']
    assert run(capsys, *open_door)[0] == 2
    assert run(capsys, *open_door, "--topic", "zigbee2mqtt/#")[0] == 2
    code, lines = run(capsys, *open_door, "--topic", "zigbee2mqtt/dør/1", "--retained")
    assert (code, kinds(lines)) == (0, ["door.opened"])
    assert lines[0]["event"]["subject"] == "zigbee2mqtt:dør/1"
    assert lines[0]["event"]["history"] is True


def test_chatter_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--topic", "zigbee2mqtt/door/set", "--text", '{"state":"ON"}']
    assert run(capsys, "zigbee2mqtt", *arguments) == (0, [])


def test_a_webhook_body_gets_its_answer_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    body = '{"measurement":"medicine_not_taken","person_id":"p-17"}'
    code, lines = run(capsys, "webhook", "--text", body)
    assert (code, kinds(lines)) == (0, ["medication.missed"])
    assert lines[-1] == {"reply": {"text": "received"}}


def test_mappings_are_read_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    webhook, generic = tmp_path / "webhook.yaml", tmp_path / "generic.json"
    webhook.write_text("device: id\nkind_from: event.type\nkinds: {fault: medication.fault}\n")
    generic.write_text('{"topic":"x/{device}","says":"edge","mapping":{"kind":"help.pressed"}}')
    body = '{"id":5,"event":{"type":"fault"}}'
    _, lines = run(capsys, "webhook", "--mapping", str(webhook), "--text", body)
    assert kinds(lines) == ["medication.fault"]
    topic = ["--topic", "x/b1", "--text", "{}"]
    assert kinds(run(capsys, "generic", "--mapping", str(generic), *topic)[1]) == ["help.pressed"]
    assert run(capsys, "generic", "--mapping", str(webhook), *topic)[0] == 2


def test_scaip_is_answered_in_text(capsys: pytest.CaptureFixture[str]) -> None:
    body = "<mrq><ref>A9</ref><cid>1</cid><dty>3</dty><stc>10</stc></mrq>"
    code, lines = run(capsys, "scaip", "--text", body)
    assert (code, kinds(lines)) == (0, ["help.pressed"])
    assert "<snu>0</snu>" in lines[-1]["reply"]["text"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["ev07b", "--hex", "zz"],
        ["ev07b", "--hex", "ab", "--text", "x"],
        ["ev07b", "/no/such/file"],
        ["ev07b", "--hex", "ab", "--at", "yesterday"],
        ["webhook", "--text", "{}", "--mapping", "/no/such/file"],
    ],
)
def test_a_wrong_command_line_is_explained(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["decode", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("varde decode: ")


def test_it_runs_as_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli.main", "decode", "ev07b"],
        input=bytes.fromhex(FALL),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=30,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"reply": {"hex": ACK}}
