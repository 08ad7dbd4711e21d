"""`varde scenario --live` against a real hub: broker, adapters, router and web."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.scenario.live import live_checks
from hub.scenario.report import opened

ROOT = Path(__file__).parents[2]
STORY = """\
title: A press, live
source: test
start: "2026-11-23 14:00 Europe/Oslo"
changes:
  set:
    shifts:
      - {id: day, people: [kari, ola], from: "00:00", to: "00:00"}
      - {id: night, people: [kari, ola], from: "00:00", to: "00:00"}
story:
  - at: "14:00:00"
    press: pendant-astrid
    expect:
      - {within: 3 s, notified: [kari, ola], nobody_else: true}
  - at: "14:00:03"
    kari: accept
    expect:
      - {within: 3 s, owner: kari}
  - at: "14:00:06"
    kari: close talk
    expect:
      - {within: 3 s, alarms: 0, outcome: talk}
"""

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.yaml"
    path.write_text(STORY, "utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    loopback = "127.0.0.1:0"
    path = tmp_path / "settings.yaml"
    listeners = {"scaip": {"udp": loopback, "tcp": loopback}, "gps": {"tcp": loopback}}
    content = {
        "state_dir": str(tmp_path / "state"),
        "web": {"bind": loopback},
        "http": {"bind": loopback},
        "listeners": listeners,
    }
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.fixture
def running(
    story: Path, settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[None]:
    assert main(["scenario", str(story), "--municipality"]) == 0
    town = tmp_path / "town.yaml"
    town.write_text(capsys.readouterr().out, "utf-8")
    command = [sys.executable, "-m", "hub.cli.main", "run", str(town), "--settings", str(settings)]
    hub = subprocess.Popen(
        [*command, "--language", "en"],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert hub.stdout is not None
    told = []
    for line in hub.stdout:
        told.append(line)
        if line.startswith("Ready: "):
            break
    else:
        pytest.fail("".join(told))
    yield
    hub.terminate()
    hub.communicate(timeout=60)


@pytest.mark.usefixtures("running")
def test_a_story_is_played_and_judged(
    story: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live = ["scenario", str(story), "--live", "--settings", str(settings)]
    assert main(live) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "Kari closed the alarm: Talk" in line]
    assert lines[-1] == "1 of 1 scenarios went as expected"

    assert main([*live, "--speed", "10"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("PLAYED")
    assert lines[-1] == "0 of 1 scenarios went as expected, 1 only played"

    story.write_text(STORY.replace("owner: kari", "owner: ola"), "utf-8")
    assert main(live) == 1
    assert "owner Ola" in capsys.readouterr().out

    story.write_text(STORY + '  - fault: {phone: kari, until: "14:01"}\n', "utf-8")
    assert main(live) == 2
    assert "simulated clock only" in capsys.readouterr().err

    story.write_text(STORY.replace("people: [kari, ola]", "people: [kari]"), "utf-8")
    assert main(live) == 2
    assert "another municipality" in capsys.readouterr().err


def test_what_only_the_simulation_sees_is_not_counted_as_judged_live(story: Path) -> None:
    unseen = "      - {within: 3 s, answered: durable}\n      - {within: 3 s, located: false}\n"
    story.write_text(STORY.replace("    expect:\n", "    expect:\n" + unseen, 1), "utf-8")
    found = opened(story, "en").story
    assert found is not None
    assert (len(found.checks), len(live_checks(found))) == (5, 3)


def test_no_hub_is_told(story: Path, settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(story), "--live", "--settings", str(settings)]) == 2
    assert "No hub runs from" in capsys.readouterr().err
