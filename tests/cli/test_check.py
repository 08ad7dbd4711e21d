"""`varde check`: what it prints and its exit codes."""

from pathlib import Path

import pytest

from hub.cli.main import main

SAMPLE = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"


def test_a_sound_file_is_told_in_its_own_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SAMPLE)]) == 0
    said = capsys.readouterr()
    expected = "i orden. 9 personer, 6 brukere, 6 enheter, 2 varslingsplaner."
    assert said.out == f"{SAMPLE}: {expected}\n"
    assert said.err == ""


def test_every_problem_is_told_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    source = SAMPLE.read_text("utf-8")
    path.write_text(source.replace("wait: 90 s", "wait: 90").replace("roles: [it]", "roles: [i]"))
    assert main(["check", str(path), "--language", "en"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        f"{path}:{_line(source, 'roles: [it]')}",
        f"{path}:{_line(source, 'wait: 90 s')}",
        str(path),
    ]
    assert lines[-1] == f"{path}: 2 to put right before it can be used."


def _line(source: str, text: str) -> int:
    return source[: source.index(text)].count("\n") + 1


def test_a_file_that_is_not_there_or_is_no_text_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "no.yaml")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: Åse".encode("latin-1"))
    assert main(["check", str(path)]) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err


def test_settings_are_checked_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("web:\n  bind: 8080\n")
    assert main(["check", "--settings", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}:2: `8080` is no address.")
    path.write_text("web:\n  bind: 127.0.0.1:8080\n")
    assert main(["check", "--settings", str(path)]) == 0


def test_a_listener_that_only_the_settings_know_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.yaml"
    both = ["check", str(SAMPLE), "--settings", str(path), "--language", "en"]
    path.write_text("listeners:\n  gps: {}\n  spaic: {udp: '127.0.0.1:0'}\n")
    assert main(both) == 1
    said = capsys.readouterr().err
    assert said == f"{path}:3: `spaic` is not known here. Did you mean `scaip`?\n"
    path.write_text("listeners:\n  gps: {}\n  scaip: {udp: '127.0.0.1:0'}\n")
    assert main(both) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_something_to_check_must_be_named() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check"])
    assert caught.value.code == 2


@pytest.mark.parametrize("command", ["check", "run", "apply"])
def test_two_listeners_with_one_address_are_refused_before_anything_is_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file, settings = tmp_path / "town.yaml", tmp_path / "settings.yaml"
    second = "adapters:\n  - {id: gps-two, protocol: ev07b}\n"
    file.write_text(SAMPLE.read_text("utf-8").replace("adapters:\n", second, 1), "utf-8")
    settings.write_text(f"state_dir: {tmp_path / 'state'}\n")
    both = [command, str(file), "--settings", str(settings), "--language", "en"]
    assert main(both) == 2
    said = capsys.readouterr().err
    assert "Listeners `gps-two` and `gps` would both listen at 127.0.0.1:5050." in said
    assert "`listeners: {gps: ...}`" in said
    assert not (tmp_path / "state").exists()
    settings.write_text("listeners:\n  gps: {tcp: '127.0.0.1:0'}\n")
    assert main(["check", *both[1:]]) == 0


LEFT_ALONE = """
municipality: {id: m, name: M, language: LANGUAGE, default_policy: help}
teams: [{id: home, name: Home}]
people:
  - {id: anna, name: Anna, roles: [staff], teams: [home]}
  - {id: lea, name: Lea, roles: [lead]}
policies:
  - {id: help, steps: [{call: [{on_duty: home}], wait: 60 s}], fallback: [{person: lea}]}
shifts: [{id: s, team: home, people: [anna], from: "00:00", to: "00:00"}]
absences:
  - {id: a, person: anna, from: 2020-01-01, to: 2199-01-01}
"""


@pytest.mark.parametrize(
    ("language", "away", "alone"),
    [
        ("en", "Warning: on_duty: home: ", "Warning: policy help: "),
        ("nb", "Advarsel: on_duty: home: ", "Advarsel: varslingsplan help: "),
        ("nn", "Åtvaring: on_duty: home: ", "Åtvaring: varslingsplan help: "),
    ],
)
def test_whose_calls_reach_nobody_who_is_there_is_warned_of_without_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, away: str, alone: str
) -> None:
    path = tmp_path / "town.yaml"
    source = LEFT_ALONE.replace("LANGUAGE", language)
    path.write_text(source, "utf-8")
    assert main(["check", str(path)]) == 0
    said = [one for one in capsys.readouterr().err.splitlines() if not one.startswith(str(path))]
    assert [one.startswith(away) for one in said] == [True]
    path.write_text(
        source + "  - {id: b, person: lea, from: 2020-01-01, to: 2199-01-01}\n", "utf-8"
    )
    assert main(["check", str(path)]) == 0
    said = [one for one in capsys.readouterr().err.splitlines() if not one.startswith(str(path))]
    assert [one.startswith(alone) for one in said] == [True]
