"""`varde route`: who would be called, when, how and why, and refusals in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli.main import main

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"
NIGHT = "2026-11-22T23:10"


def route(*more: str, at: str = NIGHT, resident: str = "astrid", kind: str = "help.pressed") -> int:
    asked = ["--at", at, "--resident", resident, "--kind", kind]
    return main(["route", str(SAMPLE), *asked, "--language", "en", *more])


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


NIGHT_STORY = """\
Help button pressed at astrid, 2026-11-22 23:10:00 (Europe/Oslo), and nobody answers. Nothing is \
sent.
Device: pendant-astrid
Policy: everyday, the default, as nothing nearer says otherwise
2026-11-22 23:10:00  Alarm: Help button pressed ("Help button pressed" always raises an alarm)
2026-11-22 23:10:00  Called: Kari Eksempel, Nils Eksempel, Sunniva Eksempel (The alarm is new)
                     - Kari Eksempel by push-1: On duty in Hjemmetjenesten natt
                     - Nils Eksempel by push-1: On duty in Hjemmetjenesten natt
                     - Sunniva Eksempel by push-1: On duty in Hjemmetjenesten natt
                     waits until 23:11:30
2026-11-22 23:10:05  Also called: Kari Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Kari Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:10:05  Also called: Nils Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Nils Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:10:05  Also called: Sunniva Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Sunniva Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:10:15  Also called: Kari Eksempel (The call (SMS) had no receipt within 10 s)
                     - Kari Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:10:15  Also called: Nils Eksempel (The call (SMS) had no receipt within 10 s)
                     - Nils Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:10:15  Also called: Sunniva Eksempel (The call (SMS) had no receipt within 10 s)
                     - Sunniva Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:11:30  Called: Kari Eksempel, Nils Eksempel, Sunniva Eksempel, Turid Eksempel \
(Nobody accepted step 1 in time)
                     - Kari Eksempel by push-1: On duty in Hjemmetjenesten natt
                     - Nils Eksempel by push-1: On duty in Hjemmetjenesten natt
                     - Sunniva Eksempel by push-1: On duty in Hjemmetjenesten natt
                     - Turid Eksempel by push-1: Named in the call list
                     waits until 23:13:30
2026-11-22 23:11:35  Also called: Kari Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Kari Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:11:35  Also called: Nils Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Nils Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:11:35  Also called: Sunniva Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Sunniva Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:11:35  Also called: Turid Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Turid Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:11:45  Also called: Kari Eksempel (The call (SMS) had no receipt within 10 s)
                     - Kari Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:11:45  Also called: Nils Eksempel (The call (SMS) had no receipt within 10 s)
                     - Nils Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:11:45  Also called: Sunniva Eksempel (The call (SMS) had no receipt within 10 s)
                     - Sunniva Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:11:45  Also called: Turid Eksempel (The call (SMS) had no receipt within 10 s)
                     - Turid Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:13:30  Called: Jonas Eksempel, Ida Eksempel (Nobody accepted step 2 in time)
                     - Jonas Eksempel by push-1: On duty in Responssenteret
                     - Ida Eksempel by push-1: On duty in Responssenteret
                     waits until 23:16:30
2026-11-22 23:13:35  Also called: Ida Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Ida Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:13:35  Also called: Jonas Eksempel (The call (Push alert) had no receipt within 5 s)
                     - Jonas Eksempel by sms-2: The call (Push alert) had no receipt within 5 s
2026-11-22 23:13:45  Also called: Ida Eksempel (The call (SMS) had no receipt within 10 s)
                     - Ida Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:13:45  Also called: Jonas Eksempel (The call (SMS) had no receipt within 10 s)
                     - Jonas Eksempel by voice-3: The call (SMS) had no receipt within 10 s
2026-11-22 23:16:30  Nobody accepted in round 1 (Nobody accepted step 3 in time)
2026-11-22 23:16:30  Also called: Turid Eksempel (Lead; nobody has accepted after 1 rounds)
                     - Turid Eksempel by push-1: Lead; nobody has accepted after 1 rounds
And so on until somebody accepts
"""


def test_a_night_is_told_step_by_step_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert route("--rounds", "1") == 0
    assert capsys.readouterr().out == NIGHT_STORY


def test_the_same_press_at_noon_calls_the_day_shift(capsys: pytest.CaptureFixture[str]) -> None:
    assert route("--json", at="2026-11-22T12:00") == 0
    found = told(capsys)
    assert found["at"] == "2026-11-22T11:00:00Z"
    first = next(step for step in found["steps"] if step["calls"])
    assert [call["person"] for call in first["calls"]] == ["kari", "ola", "amina", "turid"]
    assert first["until"] == "2026-11-22T11:01:30Z"
    assert {call["outcome"] for call in first["calls"]} == {"open"}
    assert {call["channel"] for call in first["calls"]} == {"push-1"}


def test_the_policy_is_told_with_why_it_is_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    route("--json", resident="astrid", kind="battery.low")
    battery = told(capsys)["chosen"]
    assert (battery["policy"], battery["by"]) == ("technical", "unit")
    route("--json", resident="halvor", kind="medication.missed")
    missed = told(capsys)["chosen"]
    assert (missed["policy"], missed["by"]) == ("everyday", "resident")
    assert missed["text"] == "Policy: everyday, the resident's own"


def test_two_rounds_loop_the_last_step_and_no_third_begins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert route("--json") == 0
    found = told(capsys)["steps"]
    steps = [step for step in found if step["code"] == "step.started"]
    assert [step["local"][11:] for step in steps] == [
        "23:10:00",
        "23:11:30",
        "23:13:30",
        "23:16:30",
    ]
    assert [step["code"] for step in found if step["code"] == "round.ended"] == ["round.ended"] * 2


def test_a_rule_of_the_night_rings_at_night_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert route(resident="halvor", kind="door.opened", at="2026-11-22T14:00") == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Device: door-halvor",
        'It rings nobody: "Door opened" is noted and raises no alarm',
    ]
    assert route("--json", resident="halvor", kind="door.opened", at="2026-11-22T03:10") == 0
    assert told(capsys)["rings"] is True


def test_it_speaks_the_file_s_language_or_another(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--at", NIGHT, "--resident", "astrid", "--kind", "help.pressed"]
    assert main(["route", str(SAMPLE), *asked]) == 0
    norwegian = capsys.readouterr().out
    assert "Varslingsplan: everyday, standardplanen" in norwegian
    assert main(["route", str(SAMPLE), *asked, "--language", "nn"]) == 0
    assert "og ingen svarer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
        ("2027-03-28T03:30", "2027-03-28T01:30:00Z"),
    ],
)
def test_local_time_when_the_clocks_change(
    capsys: pytest.CaptureFixture[str], at: str, instant: str
) -> None:
    assert route("--json", at=at) == 0
    assert told(capsys)["at"] == instant


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"resident": "nobody"}, 'There is no resident "nobody" in the file. There are: astrid, '),
        ({"kind": "help.presed"}, 'There is no kind "help.presed". Did you mean "help.pressed"?'),
        ({"kind": "x"}, 'There is no kind "x". There are: battery.low, '),
        ({"kind": "device.alive"}, '"device.alive" is a sign of life and never rings by itself'),
        ({"at": "noon"}, '"noon" is no time in Europe/Oslo. Write the local time as '),
        ({"at": "2027-03-28T02:30"}, '"2027-03-28T02:30" is no time in Europe/Oslo. '),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], changed: dict[str, str], said: str
) -> None:
    assert route(**changed) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith(said)


def test_a_device_of_somebody_else_and_a_wrong_file_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert route("--device", "gps-edvard") == 1
    assert capsys.readouterr().err == '"astrid" has no device "gps-edvard"\n'
    path = tmp_path / "bad.yaml"
    path.write_text("municipality: {id: x}\n")
    asked = ["--at", NIGHT, "--resident", "astrid", "--kind", "help.pressed"]
    assert main(["route", str(path), *asked]) == 1


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59+01:00"])
def test_a_year_far_off_is_told(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert route(at=at) == 1
    assert f'"{at}" is no time' in capsys.readouterr().err
