"""Numbers of text protocols: what is none is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tracker.numbers import a_date, decimal, hexadecimal, utc
from routing.instant import to_rfc3339


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1.0), ("-0.50", -0.5), ("+3.", 3.0), (".5", 0.5), ("007", 7.0)],
)
def test_a_decimal_is_read(text: str, number: float) -> None:
    assert decimal(text) == number


@pytest.mark.parametrize("text", ["", ".", "1e9", "nan", "inf", "0x1", " 1", "1,5", "٣", None])
def test_what_is_no_decimal_is_nothing(text: str | None) -> None:
    assert decimal(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("fF", 255), ("00010000", 65536), ("", None), ("123456789", None)]
)
def test_hex_digits_are_read(text: str, number: int | None) -> None:
    assert hexadecimal(text) == number


@pytest.mark.parametrize(
    "digits", ["310226120000", "221126246000", "22112612000", "２２1126120000"]
)
def test_what_is_no_date_and_time_is_nothing(digits: str) -> None:
    assert utc(digits) is None


def test_a_date_and_time_is_read() -> None:
    assert utc("221126120007") == 1_795_348_807_000_000


@given(st.integers())
def test_an_instant_that_is_left_can_be_written(instant: int) -> None:
    date = a_date(instant)
    assert date is None or to_rfc3339(date).endswith("Z")
