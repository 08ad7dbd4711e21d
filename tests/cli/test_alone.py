"""One hub at a time runs from a state folder, and a new municipality in it is meant."""

from contextlib import closing
from pathlib import Path

import pytest

from hub.cli.alone import refusal
from hub.cli.main import main
from hub.journal.sqlite import open_writer
from hub.journal.sqlite_file import is_written
from hub.settings.whole import Settings
from hub.text import catalogue

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"


def why(settings: Settings) -> str | None:
    return refusal(settings, "dalby", catalogue("en"))


def test_the_first_municipality_and_its_own_folder_are_welcome(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    assert why(settings) is None
    with closing(open_writer(settings.journal_path("dalby"), "dalby")):
        assert why(settings) is None


def test_a_new_municipality_beside_another_is_asked_about(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    open_writer(settings.journal_path("fjordby"), "fjordby").close()
    said = why(settings)
    assert said is not None
    assert "holds another municipality already: fjordby. Is `id: dalby` a slip of the pen?" in said
    open_writer(settings.journal_path("dalby"), "dalby").close()
    assert why(settings) is None


def test_a_hub_that_runs_from_the_folder_is_not_pushed_aside(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    open_writer(settings.journal_path("dalby"), "dalby").close()
    path = settings.journal_path("fjordby")
    with closing(open_writer(path, "fjordby")):
        assert is_written(path)
        said = why(settings)
        assert said is not None
        assert said.startswith(f"Another hub already uses {tmp_path}.")
    assert not is_written(path)
    assert why(settings) is None


def test_run_writes_nothing_where_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_writer(tmp_path / "dalby.journal.sqlite", "dalby").close()
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"state_dir: {tmp_path}\n", "utf-8")
    assert main(["run", str(SAMPLE), "--settings", str(settings), "--language", "en"]) == 2
    assert "Is `id: fjordvik` a slip of the pen?" in capsys.readouterr().err
    assert not (tmp_path / "fjordvik.journal.sqlite").exists()


def test_a_code_says_of_which_municipality(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"state_dir: {tmp_path / 'state'}\n", "utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(SAMPLE.read_text("utf-8").replace("id: fjordvik", "id: dalby"), "utf-8")
    for file in (SAMPLE, other):
        assert main(["apply", str(file), "--new", "--settings", str(settings)]) == 0
    capsys.readouterr()
    asked = ["code", "kari", "--settings", str(settings)]
    assert main(asked) == 1
    assert "dalby, fjordvik each have a person with the id 'kari'" in capsys.readouterr().err
    assert main([*asked, "--municipality", "dalby"]) == 0
    assert len(capsys.readouterr().out.strip()) == len("XXXX-XXXX")
    assert main([*asked, "--municipality", "bergby"]) == 1
