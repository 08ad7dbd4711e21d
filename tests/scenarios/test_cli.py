"""`varde scenario`: result in words, exit code, last line a summary."""

from pathlib import Path

import pytest

from hub.cli.main import main
from hub.scenario.town import STANDARD
from tests.scenarios.stories import HEAD, PRESS

GOOD = HEAD + PRESS + "expect:\n  - {raised: 1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "b.yaml").write_text(GOOD.replace("raised: 1", "raised: 2"), "utf-8")
    return tmp_path


def test_a_story_that_goes_as_expected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(folder / "a.yaml")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"PASS  {folder / 'a.yaml'}: A press (1 expectations)",
        "1 of 1 scenarios went as expected",
    ]


def test_a_folder_with_one_that_does_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(folder), "--language", "nb"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("BESTÅTT")
    assert "  ventet 14:00:00 - 14:02:21: alarmer utløst hittil: 2" in lines
    assert lines[-1] == "1 av 2 scenarioer gikk som ventet"


def test_a_story_that_expects_nothing_is_no_success(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b.yaml").write_text(HEAD + PRESS, "utf-8")
    assert main(["scenario", str(folder)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert "expects nothing, so it proves nothing" in told[1]
    assert told[-1] == "1 of 2 scenarios went as expected"


def test_what_is_only_played_says_so_and_is_not_counted_as_expected(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b.yaml").write_text(HEAD + PRESS + "only_played: true\n", "utf-8")
    assert main(["scenario", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"PLAYED  {folder / 'b.yaml'}: A press (nothing was judged)",
        "1 of 2 scenarios went as expected, 1 only played",
    ]


def test_verbose_tells_the_whole_story(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(folder / "a.yaml"), "--verbose"]) == 0
    assert "    14:02:20  Kari accepted" in capsys.readouterr().out.splitlines()


def test_no_file_and_an_empty_folder_are_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    assert main(["scenario", str(tmp_path)]) == 1


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_played(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "0.yaml").write_bytes(b"\xff\xfe")
    (folder / "b.yaml").write_text('story: []\nmunicipality: "a\\0b"\n', "utf-8")
    assert main(["scenario", str(folder)]) == 2
    told = capsys.readouterr()
    assert "0.yaml" in told.err
    assert told.out.splitlines()[-1] == "1 of 3 scenarios went as expected"


def test_a_municipality_beside_its_stories_is_no_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "town.yaml").write_text(STANDARD.read_text("utf-8"), "utf-8")
    (tmp_path / "story.yaml").write_text(GOOD + "municipality: town.yaml\n", "utf-8")
    assert main(["scenario", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 scenarios went as expected"


def test_a_speed_that_is_no_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scenario", "x.yaml", "--live", "--speed", "fast"])
    assert ended.value.code == 2
    assert "a number above 0, at most 1000" in capsys.readouterr().err
