"""Encryption of a push: the RFC's own example, and what an independent browser reads."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.notifier.push_crypt import LONGEST_TEXT, KeysWrong, Receiver, encrypt
from tests.notifier.browser import Browser, octets, scalar, text

# RFC 8291, 5 and Appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
UA_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc_octet_by_octet() -> None:
    receiver = Receiver(octets(UA_PUBLIC), octets(AUTH))
    made = encrypt(PLAIN, receiver, octets(SALT), scalar(AS_PRIVATE))
    assert text(made) == MESSAGE


def test_our_browser_reads_the_example_of_the_rfc() -> None:
    assert Browser(scalar(UA_PRIVATE), octets(AUTH)).decrypt(octets(MESSAGE)) == PLAIN


@settings(max_examples=60, deadline=None)
@given(
    plain=st.binary(min_size=1, max_size=2_000).filter(lambda one: not one.endswith(b"\x00")),
    salt=st.binary(min_size=16, max_size=16),
    auth=st.binary(min_size=16, max_size=16),
    padded_to=st.integers(0, LONGEST_TEXT),
)
def test_a_browser_reads_what_was_written(
    plain: bytes, salt: bytes, auth: bytes, padded_to: int
) -> None:
    browser = Browser(auth=auth)
    sender = ec.generate_private_key(ec.SECP256R1())
    made = encrypt(plain, Receiver(browser.point, auth), salt, sender, padded_to=padded_to)
    assert browser.decrypt(made) == plain
    assert len(made) == 86 + 17 + max(len(plain), padded_to)
    assert len(made) <= 4_096


def test_the_length_tells_nothing() -> None:
    browser = Browser()
    receiver = Receiver(browser.point, browser.auth)
    lengths = {
        len(encrypt(b"x" * size, receiver, bytes(16), scalar(AS_PRIVATE), padded_to=3_072))
        for size in (1, 700, 3_072)
    }
    assert lengths == {3_175}


def test_nobody_else_reads_it() -> None:
    browser = Browser()
    receiver = Receiver(browser.point, browser.auth)
    made = encrypt(b"for one", receiver, bytes(16), scalar(AS_PRIVATE))
    with pytest.raises(InvalidTag):
        Browser(auth=browser.auth).decrypt(made)


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        (b"\x04" + bytes(64), bytes(16)),
        (b"\x04" + b"\xff" * 64, bytes(16)),
        (b"", bytes(16)),
        (octets(UA_PUBLIC)[:-1], bytes(16)),
        (b"\x02" + octets(UA_PUBLIC)[1:33], bytes(16)),
        (octets(UA_PUBLIC), bytes(15)),
        (octets(UA_PUBLIC), b""),
    ],
    ids=["zero", "beyond", "none", "short", "compressed", "short auth", "no auth"],
)
def test_keys_that_cannot_be_are_refused(point: bytes, auth: bytes) -> None:
    with pytest.raises(KeysWrong):
        Receiver(point, auth).check()
