"""Encrypted frames: which key opens them, when their time counts, and what is answered."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from adapters.session import Outcome
from adapters.sia_dc09.crypt import KeyWrong, keys_of
from adapters.sia_dc09.protocol import keys_from
from routing.instant import MINUTE, SECOND
from tests.adapters.sia_dc09.frames import (
    AT,
    KEY,
    NOW,
    UDP,
    events,
    framed,
    golden,
    kinds,
    plain,
    sent,
    session,
)


def aes(key: bytes, octets: bytes, *, encrypting: bool) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16)))
    context = cipher.encryptor() if encrypting else cipher.decryptor()
    found: bytes = context.update(octets) + context.finalize()
    return found


def sealed(
    data: str,
    key: bytes = KEY.encode(),
    *,
    after: str = NOW,
    id: str = "SIA-DCS",
    sequence: str = "0003",
) -> bytes:
    clear = f"{data}]{after}".encode("cp1252")
    clear = b"q" * (16 - len(clear) % 16) + clear
    octets = aes(key, clear, encrypting=True).hex().upper()
    return framed(f'"*{id}"{sequence}L0#1234[{octets}'.encode())


PRESS = "|Nri1/MA001"
NAK = framed(b'"NAK"0000R0L0A0[]_12:00:00,11-22-2026')


def opened(answer: bytes, key: bytes = KEY.encode()) -> str:
    head, _, octets = answer.rstrip(b"\r").rpartition(b"[")
    assert answer == framed(head[9:] + b"[" + octets)
    return (
        head[9:].decode()
        + "["
        + aes(key, bytes.fromhex(octets.decode()), encrypting=False).decode()
    )


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        (KEY, KEY.encode()),
        ("B" * 24, b"B" * 24),
        ("text:" + "c" * 32, b"c" * 32),
        ("00112233445566778899AABBCCDDEEFF", bytes.fromhex("00112233445566778899AABBCCDDEEFF")),
        ("0" * 32, b"0" * 32),
        ("hex:" + "ab" * 32, bytes.fromhex("ab" * 32)),
        ("12" * 24, bytes.fromhex("12" * 24)),
    ],
)
def test_a_key_is_found_in_every_form_and_the_answer_sealed_with_it(
    secret: str, key: bytes
) -> None:
    panel = session({"1234": secret})
    (press,) = events(panel.receive(UDP, sealed(PRESS, key), AT))
    assert (str(press.type), press.data.code) == ("help.pressed", "MA")
    (answer,) = sent(panel.confirm(press.id, Outcome.DURABLE, AT + SECOND))
    text = opened(answer, key)
    assert text.startswith('"*ACK"0003L0#1234[')
    assert text.endswith("]_12:00:01,11-22-2026")


@pytest.mark.parametrize("secret", ["", "short", "hex:" + "zz" * 16, "x" * 33])
def test_what_is_no_key(secret: str) -> None:
    with pytest.raises(KeyWrong, match="hex digits"):
        keys_of(secret)


def test_the_published_encrypted_link_test_is_a_sign_of_life() -> None:
    (row,) = [row for row in golden() if "key_ascii" in row["expected"]]
    panel = session({"AAAB": row["expected"]["key_ascii"]}, late_s=None)
    assert kinds(panel.receive(UDP, row["line"].encode(), AT)) == ["device.alive"]


@pytest.mark.parametrize("keys", [{}, {"1234": "wrong key here!!"}])
def test_what_no_key_opens_is_visible_and_gets_nak_with_our_time(keys: dict[str, str]) -> None:
    panel = session(keys)
    outputs = panel.receive(UDP, sealed(PRESS), AT)
    (bad,) = events(outputs)
    assert (str(bad.type), bad.subject) == ("frame.undecodable", "sia-dc09:1234")
    assert sent(outputs) == [NAK]


@pytest.mark.parametrize(
    ("stamp", "inside"),
    [
        ("_11:59:20,11-22-2026", True),
        ("_11:59:19,11-22-2026", False),
        ("_12:00:20,11-22-2026", True),
        ("_12:00:21,11-22-2026", False),
        ("", False),
    ],
)
def test_the_window_is_from_40_s_ago_to_20_s_ahead(stamp: str, inside: bool) -> None:
    outputs = session({"1234": KEY}).receive(UDP, sealed("|Nri1/YT001", after=stamp), AT)
    assert kinds(outputs) == (["battery.low"] if inside else ["clock.wrong"])
    assert sent(outputs) == ([] if inside else [NAK])


def test_help_outside_the_window_rings_and_gets_nak_then_ack_with_one_id() -> None:
    panel = session({"1234": KEY})
    late = sealed(PRESS, after="_13:00:00,11-22-2026")
    outputs = panel.receive(UDP, late, AT)
    assert kinds(outputs) == ["help.pressed", "clock.wrong"]
    press, clock = events(outputs)
    assert clock.data.duration_s == 3600
    assert clock.data.code == "MA"
    assert sent(outputs) == [NAK]
    assert sent(panel.confirm(press.id, Outcome.DURABLE, AT)) == []
    (mended,) = events(panel.receive(UDP, sealed(PRESS), AT + SECOND))
    assert mended.id == press.id
    (answer,) = sent(panel.confirm(press.id, Outcome.DURABLE, AT + SECOND))
    assert opened(answer).startswith('"*ACK"0003')


def test_help_whose_clock_cannot_be_mended_is_accepted_when_it_comes_again() -> None:
    panel = session({"1234": KEY})
    late = sealed(PRESS, after="_13:00:00,11-22-2026")
    first = events(panel.receive(UDP, late, AT))
    outputs = panel.receive(UDP, late, AT + 20 * SECOND)
    assert sent(outputs) == []
    assert [event.id for event in events(outputs)] == [event.id for event in first]
    answers = [
        answer
        for event in first
        for answer in sent(panel.confirm(event.id, Outcome.DURABLE, AT + 20 * SECOND))
    ]
    assert [opened(answer)[:10] for answer in answers] == ['"*ACK"0003']


def test_a_replayed_restoral_or_link_test_changes_nothing_and_is_visible_once() -> None:
    panel = session({"1234": KEY})
    for id, data in (("SIA-DCS", "|Nri1/MR001"), ("NULL", "")):
        frame = sealed(data, id=id)
        outputs = panel.receive(UDP, frame, AT + 2 * MINUTE)
        assert kinds(outputs) == ["clock.wrong"]
        assert len(sent(outputs)) == 1
        again = panel.receive(UDP, sealed(data, id=id, sequence="0009"), AT + 3 * MINUTE)
        assert kinds(again) == []


def test_the_window_can_be_left_out() -> None:
    panel = session({"1234": KEY}, late_s=None)
    assert kinds(panel.receive(UDP, sealed(PRESS, after=""), AT)) == ["help.pressed"]


def test_a_plain_call_under_an_account_with_a_key_rings_as_not_proven() -> None:
    panel = session({"1234": KEY})
    (plain_press,) = events(panel.receive(UDP, plain(PRESS), AT))
    assert "not encrypted" in str(plain_press.data.note)
    (true,) = events(panel.receive(UDP, sealed(PRESS), AT))
    assert plain_press.id != true.id
    assert sent(panel.confirm(plain_press.id, Outcome.DURABLE, AT)) == [
        framed(b'"ACK"0003L0#1234[]')
    ]


def test_a_plain_restoral_or_link_test_under_an_account_with_a_key_is_refused() -> None:
    panel = session({"1234": KEY})
    for frame in (plain("|Nri1/MR001"), plain("", id="NULL", sequence="0000")):
        (stranger,) = events(panel.receive(UDP, frame, AT))
        assert str(stranger.type) == "device.unknown"
        (answer,) = sent(panel.confirm(stranger.id, Outcome.DURABLE, AT))
        assert b'"DUH"' in answer


def test_a_secret_that_cannot_be_used_closes_the_account_and_help_still_rings() -> None:
    keys = keys_from({"12ab": None, "77": "no key", "1234": KEY})
    assert [len(keys(account)) for account in ("12AB", "77", "1234", "9")] == [1, 1, 1, 0]
    assert keys("1234") == [KEY.encode()]


def test_a_false_key_never_opens_a_frame() -> None:
    octets: Any = sealed(PRESS)
    for number in range(200):
        keys = {"1234": f"text:{number:016}"}
        assert kinds(session(keys).receive(UDP, octets, AT)) == ["frame.undecodable"]


@given(st.binary(max_size=96), st.binary(max_size=40))
def test_any_sealed_octets_are_survived_and_answered(cipher: bytes, rest: bytes) -> None:
    panel = session({"1234": KEY})
    padded = cipher + bytes(-len(cipher) % 16)
    for body in (cipher.hex().encode(), aes(KEY.encode(), padded, encrypting=True).hex().encode()):
        frame = framed(b'"*SIA-DCS"0003L0#1234[' + body + rest.translate(None, b'\r\n"'))
        outputs = panel.receive(UDP, frame, AT)
        assert sent(outputs) or events(outputs) or panel.next_due() is not None
