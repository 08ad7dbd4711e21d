"""Every known H02 frame, and what it says."""

from typing import Any

import pytest

from adapters.h02 import decode
from tests.adapters.payloads import ON_THE_HOUR, check, golden, octets


@pytest.mark.parametrize("row", golden("h02"), ids=lambda row: row["desc"])
def test_a_known_frame_says_what_its_description_says(row: dict[str, Any]) -> None:
    check(decode(octets(row), ON_THE_HOUR, check_clock=False), row)
