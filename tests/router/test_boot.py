"""Coming up again: what the signs of life are after a crash."""

import asyncio

import pytest

from hub.journal.memory import MemoryStore, open_writer
from hub.journal.port import Checkpoint
from hub.router import boot
from routing.facts import ConfigurationSet, EventRecorded
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import Kind
from routing.municipality import Device
from routing.presence import Presence

START: Instant = 1_792_800_000 * SECOND
DEVICE = Device(id="d1", subject="scaip:1", silent_after_s=4 * 3600)


def _press(at: Instant) -> EventRecorded:
    return EventRecorded(
        event=f"e{at}", kind=Kind.HELP_PRESSED, subject="scaip:1", received_at=at, adapter="scaip"
    )


async def _lives(kept_at: Instant, pressed_at: Instant, up_at: Instant) -> Presence:
    """Return the presence after a crash just after the press; it was kept before that."""
    store = MemoryStore("testby")
    journal = open_writer(store)
    await journal.append([ConfigurationSet(item=DEVICE, author="file")], START)
    state = boot.load_state(journal)[0]
    boot.keep_presence(journal, state, Presence(heard={"scaip:1": START}), kept_at)
    await journal.append([_press(pressed_at)], pressed_at)
    state = boot.load_state(journal)[0]
    presence = boot.load_presence(journal, state, up_at)
    journal.close()
    return presence


def test_a_sign_of_life_in_the_journal_survives_the_crash() -> None:
    pressed = START + 3 * HOUR
    presence = asyncio.run(_lives(pressed - 10 * SECOND, pressed, pressed + 60 * SECOND))
    assert presence.heard["scaip:1"] == pressed + 60 * SECOND


def test_the_downtime_counts_from_the_last_fact() -> None:
    pressed = START + HOUR
    presence = asyncio.run(_lives(pressed - SECOND, pressed, pressed + 8 * HOUR))
    assert presence.watch[0][0] == pressed + 12 * HOUR


@pytest.mark.parametrize("body", [b"\0\0", b"[17", b'{"at": 1}', b"[1, 2]"])
async def test_damaged_signs_of_life_do_not_stop_the_hub(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    journal = open_writer(MemoryStore("testby"))
    journal.save_checkpoint(Checkpoint(boot.PRESENCE, 0, body))
    await journal.append([ConfigurationSet(item=DEVICE, author="file")], START)
    presence = boot.load_presence(journal, boot.load_state(journal)[0], START + HOUR)
    assert presence.watch == [(START + 5 * HOUR, "scaip:1")]
    assert "the kept signs of life are damaged" in caplog.text
