"""`varde simulate`: the plan without a hub, where it may go, and how it is asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from simulators.aim import NotHere, aimed
from simulators.hub_process import Running
from simulators.simulate import main
from simulators.spans import span_s, trouble
from simulators.troubles import Trouble

HERE = Running(
    "http://127.0.0.1:1",
    ("127.0.0.1", 1883),
    {"scaip": {"udp": ["0.0.0.0", 5060]}, "medication": {"http": "http://127.0.0.1:2/webhook/m"}},
)
AWAY = Running("http://x", ("127.0.0.1", 1883), {"scaip": {"udp": ["192.0.2.7", 5060]}})


def test_a_dry_run_prints_the_same_lines_for_the_same_seed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wish = ["--homes", "4", "--seed", "9", "--for", "3h", "--fault", "power-cut:at=1h", "--dry-run"]
    assert main(wish) == 0
    first = capsys.readouterr().out
    assert main(wish) == 0
    assert capsys.readouterr().out == first
    told = [json.loads(line) for line in first.splitlines()]
    assert sum(one["action"] == "mains_lost" for one in told) == 4
    assert {one["why"] for one in told} == {"day", "power-cut"}


@pytest.mark.parametrize("only", ["pendant", "pendant-0001", "home-0001"])
def test_one_device_family_or_home_can_be_chosen(
    only: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = ["--homes", "3", "--for", "2h", "--faults-only", "--fault", "power-cut"]
    assert main([*wish, "--only", only, "--dry-run"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told
    assert all(only in (one["device"], one["home"], one["device"][:7]) for one in told)


def test_the_municipality_file_has_the_homes_and_the_hub_likes_it(tmp_path: Path) -> None:
    path = tmp_path / "simby.yaml"
    assert main(["--homes", "120", "--seed", "7", "--write-municipality", str(path)]) == 0
    document = YAML(typ="safe").load(path)
    assert len(document["residents"]) == 120
    assert [unit["id"] for unit in document["units"]] == ["area-1", "area-2", "area-3"]
    checked = subprocess.run(
        [sys.executable, "-m", "hub.cli.main", "check", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_hubs_command_line_hands_over_with_all_that_follows() -> None:
    wish = ["--homes", "2", "--seed", "7", "--for", "12h", "--dry-run"]
    told = subprocess.run(
        [sys.executable, "-m", "hub.cli.main", "simulate", *wish],
        capture_output=True,
        text=True,
        check=True,
    )
    direct = subprocess.run(
        [sys.executable, "-m", "simulators.simulate", *wish],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == direct.stdout
    assert '"why": "day"' in told.stdout


def test_its_help_is_the_simulators_own() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "hub.cli.main", "simulate", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("usage: varde simulate ")
    assert "power-cut" in told.stdout


def test_without_a_hub_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--homes", "1"]) == 2
    assert "--state DIR" in capsys.readouterr().err


def test_one_that_listens_everywhere_is_found_on_this_machine() -> None:
    there = aimed(HERE, None, allowed=False)
    assert there.listeners == {
        "scaip": {"udp": ["127.0.0.1", 5060]},
        "medication": {"http": "http://127.0.0.1:2/webhook/m"},
    }


@pytest.mark.parametrize(
    ("running", "target", "allowed"),
    [
        (AWAY, None, False),
        (AWAY, None, True),
        (HERE, "192.0.2.9", False),
        (HERE, "alarm.example", False),
    ],
)
def test_nothing_leaves_this_machine_unless_it_is_named_and_allowed(
    running: Running, target: str | None, allowed: bool
) -> None:
    with pytest.raises(NotHere, match="--beyond-this-machine"):
        aimed(running, target, allowed=allowed)


def test_a_target_that_is_named_and_allowed_gets_everything() -> None:
    there = aimed(HERE, "192.0.2.9", allowed=True)
    assert there.broker == ("192.0.2.9", 1883)
    assert there.listeners == {
        "scaip": {"udp": ["192.0.2.9", 5060]},
        "medication": {"http": "http://192.0.2.9:2/webhook/m"},
    }


def test_spans_and_faults_are_read() -> None:
    assert [span_s(text) for text in ("90s", "15min", "2 h", "1d")] == [90, 900, 7200, 86_400]
    assert trouble("clock") == Trouble("clock", 0, 7200, 0)
    assert trouble("power-cut:at=2h,for=6h,area=3") == Trouble("power-cut", 7200, 21_600, 3)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (["--fault", "meteor"], "no fault meteor"),
        (["--fault", "clock:until=2h"], "clock has no until"),
        (["--fault", "clock:at=soon"], "soon is no span of time"),
        (["--fault", "clock:area=north"], "north is no area"),
        (["--homes", "0"], "give a number from 1 to 5000"),
        (["--speed", "0"], "above 0"),
    ],
)
def test_a_wish_that_cannot_be_read_is_named(
    wish: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*wish, "--dry-run"])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err
