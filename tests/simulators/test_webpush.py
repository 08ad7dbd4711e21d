"""Decryption by RFC 8291, proved by the RFC's own example (section 5 and appendix A)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from simulators.webpush import Keys, Undecryptable, decode, encode
from tests.simulators.push_sender import encrypted

PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
TEXT = b"When I grow up, I want to be a watermelon"


def rfc_keys() -> Keys:
    number = int.from_bytes(decode(PRIVATE))
    return Keys(ec.derive_private_key(number, ec.SECP256R1()), decode(AUTH))


def test_the_example_of_the_rfc_is_read() -> None:
    assert rfc_keys().public() == {"p256dh": PUBLIC, "auth": AUTH}
    assert rfc_keys().decrypt(decode(BODY)) == TEXT


def test_another_subscription_cannot_read_it() -> None:
    with pytest.raises(Undecryptable, match="not encrypted for this subscription"):
        Keys().decrypt(decode(BODY))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "0 octets are no message"),
        (decode(BODY)[:86], "a record of 0 octets holds nothing"),
        (decode(BODY)[:-1] + b"\0", "not encrypted for this subscription, or changed"),
        (decode(BODY)[:16] + b"\0\0\0\x20" + decode(BODY)[20:], "more than one record"),
        (decode(BODY)[:21] + b"\xff" * 65 + decode(BODY)[86:], "no public key on P-256"),
    ],
    ids=["empty", "no record", "changed", "two records", "no key"],
)
def test_what_is_no_message_is_named(body: bytes, why: str) -> None:
    with pytest.raises(Undecryptable, match=why):
        rfc_keys().decrypt(body)


def test_a_record_that_is_not_the_last_is_refused() -> None:
    keys = Keys()
    # The delimiter of a record that others follow is 1 (RFC 8188, section 2).
    with pytest.raises(Undecryptable, match="does not end as the last one does"):
        keys.decrypt(encrypted(b"x", keys.public(), last=b"\1"))


@given(plain=st.binary(max_size=200), padding=st.integers(0, 50))
def test_any_text_with_any_padding_comes_back(plain: bytes, padding: int) -> None:
    keys = Keys()
    assert keys.decrypt(encrypted(plain, keys.public(), padding)) == plain


@given(octets=st.binary(max_size=120))
def test_base64url_comes_back(octets: bytes) -> None:
    assert decode(encode(octets)) == octets
