"""Rights: opaque, of one key, in one spelling, and never what anybody else has made."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rights.seal import USES, Right, command_id, key_of, open_seal, seal

KEY = key_of("a secret of these tests", "fjordby")
RIGHT = Right(
    "accept", "fjordby-a1:1.0:kari:push-1", "kari", "0123456789abcd", 1_795_000_000_000_000
)
TOKEN = seal(KEY, RIGHT)
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(
    use=st.sampled_from(USES),
    send=st.text(max_size=100),
    person=st.text(max_size=60),
    handset=st.text(max_size=40),
    expires=st.integers(0, 2**53),
)
def test_what_is_sealed_is_opened_again(
    use: str, send: str, person: str, handset: str, expires: int
) -> None:
    right = Right(use, send, person, handset, expires)  # type: ignore[arg-type]
    assert open_seal(KEY, seal(KEY, right)) == right


def test_a_token_shows_nothing_and_is_new_each_time() -> None:
    assert TOKEN.replace("-", "").replace("_", "").isalnum()
    octets = base64.urlsafe_b64decode(TOKEN + "=" * (-len(TOKEN) % 4))
    assert b"kari" not in octets
    assert b"accept" not in octets
    assert seal(KEY, RIGHT) != TOKEN


def test_a_municipality_opens_only_its_own() -> None:
    assert open_seal(key_of("a secret of these tests", "fjellby"), TOKEN) is None
    assert open_seal(key_of("another secret", "fjordby"), TOKEN) is None


def test_a_changed_sign_anywhere_is_seen() -> None:
    for place, sign in enumerate(TOKEN):
        other = "A" if sign != "A" else "B"
        assert open_seal(KEY, TOKEN[:place] + other + TOKEN[place + 1 :]) is None


def test_a_token_has_one_spelling() -> None:
    """Another spelling of the same octets would be another command, and the right used twice."""
    assert len(TOKEN) % 4 == 3, "two bits of the last sign are spare"
    last = SIGNS.index(TOKEN[-1])
    same = [TOKEN[:-1] + SIGNS[last - last % 4 + spare] for spare in (1, 2, 3)]
    longer = [f"{TOKEN}=", f" {TOKEN}", f"{TOKEN}\n", f"{TOKEN}!", f"{TOKEN[:9]}.{TOKEN[9:]}"]
    for one in (*same, *longer):
        assert open_seal(KEY, one) is None, one


@pytest.mark.parametrize(
    "token",
    ["", "A", "AAAA", "A" * 16, "A" * 38, "A" * 5_000, "æøå", "\x00" * 50, "....", "=" * 40],
)
def test_nonsense_is_none(token: str) -> None:
    assert open_seal(KEY, token) is None


@given(st.text(max_size=300))
def test_no_text_makes_it_fall(token: str) -> None:
    assert open_seal(KEY, token) is None


def test_the_command_of_a_token_is_always_the_same_one() -> None:
    assert command_id(TOKEN) == command_id(TOKEN)
    assert command_id(TOKEN) != command_id(seal(KEY, RIGHT))
    assert len(command_id(TOKEN)) == 32
