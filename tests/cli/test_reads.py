"""`varde reads`: what a resident is given who asks who has read about them, in three languages."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.cli.main import main
from hub.journal.port import Document
from hub.journal.sqlite import open_writer
from hub.reads.port import Look, What
from hub.reads.sqlite import SqliteReads
from routing.facts import ConfigurationSet
from routing.instant import DAY, HOUR, MINUTE, from_rfc3339
from routing.municipality import Municipality, Resident, Unit

NOON = from_rfc3339("2026-10-25T00:30:00Z")
"""02:30 in Oslo, the first of the two that the night of the clock change has."""
CARDS = {
    ("municipality", "fjordby"): {"name": "Fjordby kommune"},
    ("resident", "r-1"): {"name": "Olga Eksempel", "address": "Hemmeligveien 1"},
    ("unit", "east"): {"name": "Øst"},
    ("person", "kari"): {"name": "Kari Fjell"},
}
ITEMS = (
    Municipality(id="fjordby", timezone="Europe/Oslo", default_policy="home"),
    Unit(id="east"),
    Resident(id="r-1", unit="east"),
)
KARI = {"person": "kari", "name": "Kari Fjell", "roles": "staff", "handset": "phone-1"}
PER = {"person": "per", "name": "Per Sluttet", "roles": "lead", "handset": "phone-2"}


async def _journal(folder: Path) -> None:
    journal = open_writer(folder / "fjordby.journal.sqlite", "fjordby")
    facts = [ConfigurationSet(item=item, author="test") for item in ITEMS]
    documents = [Document(s, id, msgspec.json.encode(card)) for (s, id), card in CARDS.items()]
    await journal.append(facts, NOON, documents)
    journal.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asyncio.run(_journal(tmp_path))
    log = SqliteReads(tmp_path / "fjordby.reads.sqlite", 365 * DAY)
    about = {"resident": "r-1", "why": "fjordby-1", "kind": "fall.detected"}
    detail = Look(**KARI, **about, what=What.DETAIL)
    log.append([detail], NOON)
    log.append([detail], NOON + 5 * MINUTE)
    log.append([Look(**KARI, **about, what=What.ENTRY, tap="t")], NOON + 6 * MINUTE)
    log.append([Look(**PER, resident="r-1", what=What.ZONE, why="east")], NOON + HOUR)
    log.append([Look(**PER, resident="r-2", what=What.DETAIL)], NOON + 2 * HOUR)
    log.close()
    (tmp_path / "settings.yaml").write_text(f"state_dir: {tmp_path}\n")
    return tmp_path


def ask(folder: Path, *words: str) -> int:
    return main(["reads", *words, "--settings", str(folder / "settings.yaml")])


def test_the_resident_is_told_who_when_what_and_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(folder, "r-1") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Hvem som har lest om Olga Eksempel (r-1)"
    assert "Europe/Oslo" in told[1]
    assert told[3:] == [
        "2026-10-25 02:30:00+02:00 – 02:35:00+02:00  Alarm med adresse, telefon og hendelser",
        "    Kari Fjell (Ansatt), Fjordby kommune",
        "    Om: Olga Eksempel",
        "    Hvorfor: Alarm: Fall oppdaget (fjordby-1)",
        "2026-10-25 02:36:00+02:00  Adgang, adresse og merknader",
        "    Kari Fjell (Ansatt), Fjordby kommune",
        "    Om: Olga Eksempel",
        "    Hvorfor: Alarm: Fall oppdaget (fjordby-1)",
        "2026-10-25 02:30:00+01:00  Adresse og merknader lagret på telefonen for en vakt",
        "    Per Sluttet (Ansvarlig vakt), Fjordby kommune",
        "    Om: Olga Eksempel",
        "    Hvorfor: På vakt i Øst",
    ]


@pytest.mark.parametrize(
    ("language", "heading", "why"),
    [
        ("nb", "Hvem som har lest om Olga Eksempel (r-1)", "På vakt i Øst"),
        ("nn", "Kven som har lese om Olga Eksempel (r-1)", "På vakt i Øst"),
        ("en", "Who has read about Olga Eksempel (r-1)", "On duty in Øst"),
    ],
)
def test_it_is_told_in_three_languages(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str, heading: str, why: str
) -> None:
    assert ask(folder, "r-1", "--language", language) == 0
    told = capsys.readouterr().out
    assert told.startswith(heading)
    assert why in told
    assert "Hemmelig" not in told


def rows(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert ask(folder, *words, "--format", "json") == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_it_is_asked_by_person_and_by_a_lost_phone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {one["name"] for one in rows(folder, capsys, "--person", "per")} == {"Per Sluttet"}
    lost = rows(folder, capsys, "--phone", "phone-1")
    assert [(one["phone"], one["resident"]) for one in lost] == [("phone-1", "Olga Eksempel")] * 2


def test_a_period_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ("r-1", "--from", "2026-10-25T01:00:00Z", "--to", "2026-10-25T02:00:00Z")
    assert [one["what"] for one in rows(folder, capsys, *said)] == [
        "Adresse og merknader lagret på telefonen for en vakt"
    ]


def test_csv_has_a_heading_and_a_row_for_each_look(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(folder, "r-1", "--format", "csv", "--language", "en") == 0
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert table[0][:3] == ["From", "To", "Who"]
    assert [row[2] for row in table[1:]] == ["Kari Fjell", "Kari Fjell", "Per Sluttet"]


def test_nothing_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "r-99", "--language", "en") == 0
    assert "Nothing has been read." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "RESIDENT, --person"),
        (("r-1", "--municipality", "elsewhere"), 1, "elsewhere"),
    ],
)
def test_what_cannot_be_answered_is_said(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert ask(folder, *words, "--language", "en") == code
    assert said in capsys.readouterr().err


def test_where_no_hub_has_run_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.yaml").write_text(f"state_dir: {tmp_path}\n")
    assert ask(tmp_path, "r-1", "--language", "en") == 1
    assert "has the hub been started here?" in capsys.readouterr().err
