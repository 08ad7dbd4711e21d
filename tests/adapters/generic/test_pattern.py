"""Topic patterns."""

import pytest

from adapters.generic.pattern import check_pattern, match, subscription


@pytest.mark.parametrize(
    ("pattern", "topic", "named"),
    [
        ("care/{device}/state", "care/d1/state", {"device": "d1"}),
        ("care/{device}/state", "care/d1/other", None),
        ("care/{device}/state", "care//state", None),
        ("care/{device}/state", "care/a/b/state", None),
        ("{device}/+/x", "d1/anything/x", {"device": "d1"}),
        ("care/{device}/#", "care/d1/a/b", {"device": "d1"}),
        ("care/{device}/#", "care/d1", {"device": "d1"}),
        ("care/{device}/#", "care", None),
        ("#", "a/b", {}),
        ("#", "$SYS/uptime", None),
        ("+/uptime", "$SYS/uptime", None),
        ("care/button", "care/button", {}),
    ],
)
def test_a_pattern_names_the_device_of_a_topic(
    pattern: str, topic: str, named: dict[str, str] | None
) -> None:
    assert match(pattern, topic) == named


def test_the_device_is_any_part_for_the_broker() -> None:
    assert subscription("care/{device}/+/#") == "care/+/+/#"


@pytest.mark.parametrize("pattern", ["a/#/b", "{device}/{device}", "a+/b", "a/{room}", "a/b#"])
def test_a_pattern_that_cannot_be_subscribed_to_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        check_pattern(pattern)
