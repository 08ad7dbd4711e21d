"""The mapping files in examples: each reads what its maker's public description shows."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli.main import main
from tests.vectors.known import known

FOLDER = Path(__file__).parents[3] / "examples" / "mappings"
ROWS = {"gillie-dispenser": known("webhook")}


def test_every_file_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(ROWS)


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in ROWS.items() for row in rows]
)
def test_a_mapping_file_reads_what_its_maker_shows(
    name: str, row: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = str(FOLDER / f"{name}.yaml")
    assert main(["decode", "webhook", "--mapping", mapping, f"--text={row.octets.decode()}"]) == 0
    event, reply = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert event["event"]["type"] == row.events[0]["kind"]
    assert reply == {"reply": {"text": "received"}}


def test_a_transaction_sent_again_is_the_same_event(capsys: pytest.CaptureFixture[str]) -> None:
    ids = []
    for said in ("medicine_not_taken", "medicine_not_taken", "medicine_taken"):
        body = json.dumps({"measurement": said, "person_id": "p-1", "transaction_id": said})
        mapping = str(FOLDER / "gillie-dispenser.yaml")
        arguments = ["decode", "webhook", "--mapping", mapping, "--at=2026-11-22T12:00:00Z"]
        main([*arguments, f"--text={body}"])
        ids.append(json.loads(capsys.readouterr().out.splitlines()[0])["event"]["id"])
    assert ids[0] == ids[1] != ids[2]
