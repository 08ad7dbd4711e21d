"""Every known OwnTracks message, and what it says."""

from typing import Any

import pytest

from adapters.owntracks import decode
from tests.adapters.payloads import AT, check, golden, octets


@pytest.mark.parametrize("row", golden("owntracks"), ids=lambda row: row["desc"])
def test_a_known_message_says_what_its_description_says(row: dict[str, Any]) -> None:
    topic, retained = row["topic"], row["retained"]
    check(decode(octets(row), AT, topic=topic, retained=retained, check_clock=False), row)


def test_a_stale_fix_says_how_old_it_was() -> None:
    (row,) = [row for row in golden("owntracks") if row["desc"] == "an old fix"]
    (event,) = decode(octets(row), AT, topic=row["topic"], check_clock=False).events
    assert (event.data.duration_s, event.data.note) == (3600.0, "an old fix")
