"""The quality ledger is complete, its proofs exist, and its page is up to date."""

import re
from pathlib import Path

import pytest

from adapters.ev07b import tell as ev07b_tell
from adapters.ledger import LEDGER, Done, Exempt, Rule, render
from adapters.levels import REDELIVERY
from adapters.scaip import memory as scaip_memory
from routing.evolve import EVENTS_REMEMBERED
from routing.instant import SECOND

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "devices" / "ledger.md"
ENTRIES = [
    pytest.param(entry, id=f"{protocol}: {rule.name}")
    for protocol, row in LEDGER.items()
    for rule, entry in row.items()
]


def test_every_adapter_answers_for_every_rule() -> None:
    assert set(LEDGER) == {"scaip", "ev07b", "zigbee2mqtt", "webhook", "generic"}
    assert [protocol for protocol, row in LEDGER.items() if set(row) != set(Rule)] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_has_a_test_or_a_reason(entry: Done | Exempt) -> None:
    if isinstance(entry, Exempt):
        assert len(entry.reason) > 20
    else:
        path, _, name = entry.proof.partition("::")
        assert re.search(rf"^(async )?def {name}\(", (HERE / path).read_text(), re.MULTILINE)


def test_the_hub_remembers_events_for_as_long_as_any_window() -> None:
    windows = (scaip_memory.WINDOW, ev07b_tell.WINDOW, REDELIVERY, 3600 * SECOND)
    assert max(windows) <= EVENTS_REMEMBERED


def test_the_page_is_the_ledger() -> None:
    assert PAGE.read_text() == render(), "write render() of adapters/ledger.py to the page"
