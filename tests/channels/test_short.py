"""Short proofs: derived, apart from each other, and of the published MAC."""

import base64
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from hub.rights.short import link_token, reference, reply_code

KEY = b"k" * 32
SENDS = st.text(min_size=1, max_size=80)


def rfc2104(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA256 as RFC 2104, section 2, writes it down, for a key shorter than a block."""
    block = key.ljust(64, b"\0")
    inner = sha256(bytes(octet ^ 0x36 for octet in block) + text).digest()
    return sha256(bytes(octet ^ 0x5C for octet in block) + inner).digest()


def test_a_link_token_is_half_of_the_mac_of_its_send() -> None:
    mac = rfc2104(KEY, b"varde short 1\0link\0a1:r1.s0:kari:sms-2")
    expected = base64.urlsafe_b64encode(mac[:16]).decode().rstrip("=")
    assert link_token(KEY, "a1:r1.s0:kari:sms-2") == expected


def test_a_code_is_four_digits_even_where_it_begins_with_noughts() -> None:
    codes = {reply_code(KEY, f"a{number}:r1.s0:kari:sms-1") for number in range(3_000)}
    assert {len(code) for code in codes} == {4}
    assert any(code.startswith("0") for code in codes)
    assert len(codes) > 2_400, "codes are spread over all that there are"


@given(SENDS, SENDS)
def test_what_one_proof_says_tells_nothing_of_another(one: str, other: str) -> None:
    assert link_token(KEY, one) != reference(KEY, one)
    assert (link_token(KEY, one) == link_token(KEY, other)) == (one == other)
    assert link_token(KEY, one) != link_token(b"K" * 32, one)
    assert len(link_token(KEY, one)) == len(reference(KEY, one)) == 22
