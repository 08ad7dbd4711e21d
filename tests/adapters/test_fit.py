"""What a device says of itself, made fit to be shown."""

import pytest

from adapters.fit import subject


@pytest.mark.parametrize("name", ["26317", "Ward 2/12", "stue/dør", "rom\u00a012", "👵🏽"])
def test_a_name_that_can_be_shown_stays_as_it_is(name: str) -> None:
    assert subject("mqtt", name) == f"mqtt:{name}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[31mb", "mqtt:a?[31mb~"),
        ("12\n13\r", "mqtt:12?13?~"),
        ("\u202e21", "mqtt:?21~"),
        ("\ud83d", "mqtt:?~"),
        ("\x9b31m", "mqtt:?31m~"),
    ],
)
def test_what_would_steer_a_terminal_or_a_page_is_no_part_of_a_subject(
    name: str, shown: str
) -> None:
    made = subject("mqtt", name)
    assert made.startswith(shown)
    assert len(made) == len(shown) + 16


def test_two_devices_never_share_a_subject() -> None:
    names = ["a\n", "a\r", "a?", "b" * 300, "b" * 299 + "\n"]
    assert len({subject("mqtt", name) for name in names}) == 5
    assert max(len(subject("mqtt", name)) for name in names) == 200
