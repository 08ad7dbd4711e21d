"""`varde apply` and `varde export` on a journal that nobody writes."""

import asyncio
import stat
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.journal.sqlite import open_writer
from routing.facts import AlarmAccepted, AlarmRaised
from routing.kinds import Category, Kind, Severity
from routing.reasons import Reason, ReasonCode

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
    assert apply(other, settings, "--new") == 0
    capsys.readouterr()
    assert main(["export", "--settings", str(settings)]) == 2
    assert "holds: annenvik, fjordvik" in capsys.readouterr().err
    one = ["export", "--settings", str(settings), "--municipality", "annenvik"]
    assert main(one) == 0
    assert "id: annenvik" in capsys.readouterr().out
    assert main([*one[:-1], "nope"]) == 1
    assert "holds no municipality `nope`. It holds: annenvik, fjordvik." in capsys.readouterr().err


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_slip_in_the_municipality_id_makes_no_second_municipality(
    settings: Path, capsys: pytest.CaptureFixture[str], dry: tuple[str, ...]
) -> None:
    slip = settings.parent / "slip.yaml"
    slip.write_text(SAMPLE.read_text("utf-8").replace("id: fjordvik", "id: fjordvk"), "utf-8")
    apply(SAMPLE, settings)
    capsys.readouterr()
    assert apply(slip, settings, *dry) == 1
    said = capsys.readouterr()
    assert "holds another municipality already: fjordvik. Is `id: fjordvk` a slip" in said.err
    assert said.out == ""
    assert [p.name for p in (settings.parent / "state").glob("*.journal.sqlite")] == [
        "fjordvik.journal.sqlite"
    ]


def test_changed_listeners_are_listed_by_themselves(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(SAMPLE, settings)
    source = SAMPLE.read_text("utf-8")
    changed = settings.parent / "changed.yaml"
    changed.write_text(source.replace("protocol: ev07b", "protocol: ev07b, answer_within_s: 60"))
    capsys.readouterr()
    assert apply(changed, settings) == 0
    assert capsys.readouterr().out.splitlines() == [
        "changed: listener gps (answer_within_s)",
        "Listeners have changed: a running hub starts its adapters again within seconds; "
        "its log says so.",
        "1 changes recorded.",
    ]


def test_a_dry_run_foretells_what_apply_refuses(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(SAMPLE, settings)
    asyncio.run(_alarm_of_petter(settings.parent / "state" / "fjordvik.journal.sqlite"))
    without = settings.parent / "without.yaml"
    source = SAMPLE.read_text("utf-8").replace("  - {id: petter,", "  - {id: pettersen,")
    without.write_text(source, "utf-8")
    for arguments in (["--dry-run"], []):
        capsys.readouterr()
        assert apply(without, settings, *arguments) == 1
        assert "petter has an open alarm and cannot be removed now." in capsys.readouterr().err


async def _alarm_of_petter(path: Path) -> None:
    journal = open_writer(path, "fjordvik")
    raised = AlarmRaised(
        alarm="a1",
        event="e1",
        kind=Kind.HELP_PRESSED,
        category=Category.HELP,
        severity=Severity.HIGH,
        subject="scaip:1",
        policy="0011223344556677",
        received_at=1,
        reason=Reason(ReasonCode.KIND_RAISES, {"kind": "help.pressed"}),
    )
    await journal.append([raised, AlarmAccepted(alarm="a1", person="petter", due_at=2)], 2**52)
    journal.close()


def test_the_state_folder_is_for_its_owner_only(settings: Path) -> None:
    apply(SAMPLE, settings)
    assert stat.S_IMODE((settings.parent / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize("place", ["/proc/x/y", "a file", "a file/below", "/proc"])
def test_a_place_that_takes_no_state_is_told(
    place: str, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.parent / "a file").touch()
    folder = settings.parent / place
    settings.write_text(f"state_dir: {folder}\n")
    for command in ("apply", "run"):
        assert main([command, str(SAMPLE), "--settings", str(settings), "--language", "en"]) == 2
        assert f"{folder} cannot be used as state folder" in capsys.readouterr().err


def test_a_damaged_directory_is_told_by_code(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(SAMPLE, settings)
    path = settings.parent / "state" / "directory.sqlite"
    path.write_bytes(b"no database at all " * 100)
    assert main(["code", "petter", "--settings", str(settings)]) == 2
    said = capsys.readouterr().err
    assert f"{path} cannot be used" in said
    assert "move it and its -wal and -shm files away" in said


def test_a_secret_others_can_read_stops_it_in_words(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(SAMPLE, settings)
    (settings.parent / "state" / "secrets" / "digest-key").chmod(0o644)
    capsys.readouterr()
    assert apply(SAMPLE, settings) == 2
    assert "secret digest-key" in capsys.readouterr().err
