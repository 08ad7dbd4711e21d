"""The quality ledger is complete, its proofs exist, and its page is up to date."""

import re
from pathlib import Path

import pytest

from adapters.ev07b import tell as ev07b_tell
from adapters.gt06 import tell as gt06_tell
from adapters.h02 import tell as h02_tell
from adapters.ledger import LEDGER, Done, Exempt, Rule, render
from adapters.levels import REDELIVERY
from adapters.lorawan import falls as lorawan_falls
from adapters.osmand import tell as osmand_tell
from adapters.owntracks import session as owntracks_session
from adapters.scaip import memory as scaip_memory
from adapters.setracker import tell as setracker_tell
from adapters.sia_dc09 import tell as sia_dc09_tell
from adapters.teltonika import tell as teltonika_tell
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
    assert set(LEDGER) == {
        "scaip",
        "sia-dc09",
        "espa444",
        "espax",
        "ev07b",
        "gt06",
        "teltonika",
        "setracker",
        "h02",
        "osmand",
        "owntracks",
        "zigbee2mqtt",
        "lorawan",
        "nuki",
        "webhook",
        "generic",
        "generic-http",
    }
    assert [protocol for protocol, row in LEDGER.items() if set(row) != set(Rule)] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_has_a_test_or_a_reason(entry: Done | Exempt) -> None:
    if isinstance(entry, Exempt):
        assert len(entry.reason) > 20
    else:
        path, _, name = entry.proof.partition("::")
        assert re.search(rf"^(async )?def {name}\(", (HERE / path).read_text(), re.MULTILINE)


def test_the_hub_remembers_events_for_as_long_as_any_window() -> None:
    windows = [
        *(scaip_memory.WINDOW, sia_dc09_tell.WINDOW, lorawan_falls.WINDOW),
        *(ev07b_tell.WINDOW, gt06_tell.WINDOW, teltonika_tell.WINDOW),
        *(setracker_tell.WINDOW, h02_tell.WINDOW, osmand_tell.WINDOW, owntracks_session.WINDOW),
        *(REDELIVERY, 3600 * SECOND),
    ]
    assert max(windows) <= EVENTS_REMEMBERED


def test_the_page_is_the_ledger() -> None:
    assert PAGE.read_text() == render(), "write render() of adapters/ledger.py to the page"
