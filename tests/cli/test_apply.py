"""`varde apply` and `varde export` on a journal that nobody writes."""

from pathlib import Path

import pytest

from hub.cli.main import main

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.yaml"
    path.write_text(f"state_dir: {tmp_path / 'state'}\n")
    return path


def apply(file: Path, settings: Path, *more: str) -> int:
    return main(["apply", str(file), "--settings", str(settings), "--language", "en", *more])


def test_a_dry_run_shows_all_and_writes_nothing(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(SAMPLE, settings, "--dry-run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "added: municipality fjordvik"
    assert lines[-1] == "32 changes, none recorded (dry run)."
    assert not (settings.parent / "state").exists()


def test_export_after_apply_reads_back_and_differs_in_nothing(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(SAMPLE, settings) == 0
    assert capsys.readouterr().out.endswith("32 changes recorded.\n")
    assert main(["export", "--settings", str(settings)]) == 0
    exported = settings.parent / "exported.yaml"
    exported.write_text(capsys.readouterr().out, "utf-8")
    assert main(["check", str(exported)]) == 0
    capsys.readouterr()
    for file in (exported, SAMPLE):
        assert apply(file, settings) == 0
        said = capsys.readouterr().out
        assert said == "No difference: the hub already says what the file says.\n"


def test_a_change_is_told_by_ids_only(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apply(SAMPLE, settings)
    source = SAMPLE.read_text("utf-8").replace("Astrid Prøve", "Astrid Hemmelig")
    changed = settings.parent / "changed.yaml"
    changed.write_text(source.replace("wait: 3 min", "wait: 4 min"), "utf-8")
    capsys.readouterr()
    assert apply(changed, settings) == 0
    assert capsys.readouterr().out.splitlines() == [
        "changed: resident astrid (name or private details)",
        "changed: policy everyday (steps)",
        "2 changes recorded.",
    ]


def test_a_wrong_file_changes_nothing(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = settings.parent / "bad.yaml"
    bad.write_text(SAMPLE.read_text("utf-8").replace("wait: 90 s", "wait: 90"), "utf-8")
    assert apply(bad, settings) == 1
    assert not (settings.parent / "state").exists()
    assert "`90` is no duration" in capsys.readouterr().err


def test_export_of_nothing_says_so(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--settings", str(settings)]) == 1
    assert "Nothing is configured" in capsys.readouterr().err


def test_export_asks_which_of_two(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = settings.parent / "other.yaml"
    other.write_text(SAMPLE.read_text("utf-8").replace("id: fjordvik", "id: annenvik"), "utf-8")
    apply(SAMPLE, settings)
    apply(other, settings)
    capsys.readouterr()
    assert main(["export", "--settings", str(settings)]) == 2
    assert "holds: annenvik, fjordvik" in capsys.readouterr().err
    one = ["export", "--settings", str(settings), "--municipality", "annenvik"]
    assert main(one) == 0
    assert "id: annenvik" in capsys.readouterr().out


def test_a_secret_others_can_read_stops_it_in_words(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(SAMPLE, settings)
    (settings.parent / "state" / "secrets" / "digest-key").chmod(0o644)
    capsys.readouterr()
    assert apply(SAMPLE, settings) == 2
    assert "secret digest-key" in capsys.readouterr().err
