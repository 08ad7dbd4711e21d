"""Every scenario of the project goes as it says, and every scenario and invariant has its file."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from hub.router.boot import load_state
from hub.scenario.play import play
from hub.scenario.read import read
from hub.scenario.report import run
from hub.scenario.schema import schema
from routing.snapshot import restore, take

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
PLAYED = sorted(FOLDER.rglob("*.yaml"))


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_it_goes_as_it_says(path: Path) -> None:
    result = run(path, "en")
    assert result.passed, "\n".join(result.lines(verbose=False))
    assert result.story is not None
    assert result.story.checks


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_its_journal_alone_gives_the_same_state(path: Path) -> None:
    story = read(path.read_text("utf-8"), path.parent).story
    assert story is not None
    played = play(story)
    replayed, _ = load_state(played.reader)
    assert replayed == played.state
    kept = restore(take(played.state))
    assert kept == played.state


def test_the_schema_is_the_one_of_the_model() -> None:
    written = (ROOT / "docs" / "scenario.schema.json").read_text("utf-8")
    assert written == schema(), (
        "write it: python -m hub.scenario.schema > docs/scenario.schema.json"
    )


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.stem)
def test_it_fits_the_schema(path: Path) -> None:
    shape = Draft202012Validator(json.loads(schema()))
    said = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    assert [error.message for error in shape.iter_errors(said)] == []


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    shape = Draft202012Validator(json.loads(schema()))
    story = {"title": "t", "source": "s", "start": "2026-11-23 09:00 Europe/Oslo", "story": [{}]}
    assert list(shape.iter_errors(story)) == []
    wrongs: list[dict[str, object]] = [
        {"start": "today"},
        {"story": []},
        {"tittel": "t"},
        {"story": [{"at": "noon"}]},
    ]
    for wrong in wrongs:
        assert list(shape.iter_errors({**story, **wrong})) != [], wrong


def sources() -> str:
    return "\n".join(
        str(YAML(typ="safe", pure=True).load(path.read_text("utf-8"))["source"]) for path in PLAYED
    )


def test_every_scenario_and_invariant_has_a_file() -> None:
    found = sources()
    scenarios = {int(n) for n in re.findall(r"scenario (\d+)", found)}
    listed = re.findall(r"invariants? ((?:\d+(?:, | and )?)+)", found)
    invariants = {int(n) for text in listed for n in re.findall(r"\d+", text)}
    assert scenarios == set(range(1, 33))
    assert invariants == set(range(1, 13))


def test_no_scenario_is_kept_out_of_the_count() -> None:
    assert [path for path in PLAYED if path.parent != FOLDER] == []
    assert len(PLAYED) >= 60
