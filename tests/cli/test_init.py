"""`varde init`: questions on standard input, a checked file as the answer."""

from io import StringIO
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.configuration.check import check

ANSWERS = [
    "en",
    "Testby (eksempel)",
    "",
    "Sørenga",
    "Åse Eksempel",
    "+47 00 00 00 00",
    "Åse Eksempel",
    "",
    "",
    "scaip, webhook",
]


def answer(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("".join(f"{line}\n" for line in lines)))


def test_the_answers_become_a_sound_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "testby.yaml"
    answer(monkeypatch, ANSWERS)
    assert main(["init", str(path)]) == 0
    assert capsys.readouterr().out.endswith(f"then: varde run {path}\n")
    file = check(path.read_text("utf-8")).file
    assert file is not None
    assert file.municipality.id == "testby-eksempel"
    assert file.municipality.timezone == "Europe/Oslo"
    assert [(p.id, p.phone) for p in file.people] == [
        ("ase-eksempel", "+47 00 00 00 00"),
        ("ase-eksempel-2", None),
    ]
    assert [[one.kind for one in p.channels] for p in file.people] == [
        ["push", "sms", "voice"],
        ["push"],
    ]
    assert [u.id for u in file.units] == ["sorenga"]
    assert [a.id for a in file.adapters] == ["scaip", "medication"]


def test_an_answer_that_cannot_be_used_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "testby.yaml"
    spoken = ["dansk", "nn", "", "Testby", "Mars", "Europe/Oslo", "Nord", "Ola"]
    answer(monkeypatch, [*spoken, "ring meg", "113", "+47 00 00 00 01", "", "pager", "ev07b"])
    assert main(["init", str(path)]) == 0
    said = capsys.readouterr().out
    assert "choose from nb, nn, en" in said
    assert "Tidssona `Mars` er ikkje kjend" in said
    assert "`ring meg` er ikkje eit telefonnummer for SMS eller tale" in said
    assert "`113` er ikkje eit telefonnummer for SMS eller tale" in said
    assert "vel blant scaip, ev07b, zigbee2mqtt, webhook" in said
    file = check(path.read_text("utf-8")).file
    assert file is not None
    assert file.municipality.language == "nn"


def test_an_existing_file_is_left_alone_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "testby.yaml"
    path.write_text("mine")
    answer(monkeypatch, ANSWERS)
    assert main(["init", str(path)]) == 2
    assert path.read_text() == "mine"
    assert "exists already" in capsys.readouterr().err
    assert main(["init", str(path), "--force"]) == 0
    assert check(path.read_text("utf-8")).file is not None


def test_answers_that_end_too_early_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "testby.yaml"
    answer(monkeypatch, ANSWERS[:5])
    assert main(["init", str(path)]) == 1
    assert not path.exists()
    assert "Nothing was written" in capsys.readouterr().err
