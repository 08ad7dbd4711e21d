"""Every known SeTracker frame, and what it says."""

from typing import Any

import pytest

from adapters.setracker import decode
from tests.adapters.payloads import AT, check, golden, octets


@pytest.mark.parametrize("row", golden("setracker"), ids=lambda row: row["desc"])
def test_a_known_frame_says_what_its_description_says(row: dict[str, Any]) -> None:
    check(decode(octets(row), AT, check_clock=False), row)
