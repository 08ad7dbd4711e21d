"""Standard Webhooks signatures, against the vector that its reference libraries publish."""

import pytest

from adapters.webhook import parse_secret
from adapters.webhook.signature import Refused, Signed, verify
from routing.instant import MINUTE, SECOND

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": SIGNATURE,
}
AT = 1_614_265_330 * SECOND
KEY = parse_secret(SECRET)


def check(
    headers: dict[str, str], body: bytes = BODY, at: int = AT, keys: tuple[bytes, ...] = (KEY,)
) -> Signed | Refused:
    return verify(headers, body, keys, 5 * MINUTE, at)


def test_the_published_vector_is_believed() -> None:
    assert check(HEADERS) == Signed("msg_p5jXN8AQM9LWM0D4loKWxJek")


def test_one_right_signature_among_several_and_one_right_key_are_enough() -> None:
    several = {**HEADERS, "webhook-signature": f"v1a,xyz v1,bm9wZQ== {SIGNATURE}"}
    assert check(several, keys=(b"x" * 24, KEY)) == Signed("msg_p5jXN8AQM9LWM0D4loKWxJek")


@pytest.mark.parametrize("header", ["", "v1,", "v1,bm9wZQ==", SIGNATURE[3:], "v2" + SIGNATURE[2:]])
def test_a_wrong_signature_is_refused(header: str) -> None:
    assert isinstance(check({**HEADERS, "webhook-signature": header}), Refused)


@pytest.mark.parametrize("name", list(HEADERS))
def test_a_missing_header_is_named(name: str) -> None:
    without = {key: value for key, value in HEADERS.items() if key != name}
    verdict = check(without)
    assert isinstance(verdict, Refused)
    assert name in verdict.reason


def test_a_changed_body_id_or_time_is_refused() -> None:
    assert isinstance(check(HEADERS, body=BODY + b" "), Refused)
    assert isinstance(check({**HEADERS, "webhook-id": "msg_2"}), Refused)
    assert isinstance(check({**HEADERS, "webhook-timestamp": "1614265331"}), Refused)


@pytest.mark.parametrize(
    ("off", "words"),
    [(6 * MINUTE, "360 s behind our clock"), (-6 * MINUTE, "360 s ahead of our clock")],
)
def test_a_stale_time_names_the_clock(off: int, words: str) -> None:
    verdict = check(HEADERS, at=AT + off)
    assert isinstance(verdict, Refused)
    assert words in verdict.reason


@pytest.mark.parametrize("off", [5 * MINUTE, -5 * MINUTE])
def test_five_minutes_are_tolerated(off: int) -> None:
    assert isinstance(check(HEADERS, at=AT + off), Signed)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "１６１４２６５３３０", "9" * 400])
def test_a_time_that_is_no_number_is_refused(timestamp: str) -> None:
    assert isinstance(check({**HEADERS, "webhook-timestamp": timestamp}), Refused)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-signature"])
def test_headers_outside_ascii_are_refused(name: str) -> None:
    assert isinstance(check({**HEADERS, name: "ø\udcff"}), Refused)


def test_a_secret_without_prefix_is_its_own_key() -> None:
    assert parse_secret("x" * 32) == b"x" * 32


@pytest.mark.parametrize("secret", ["short", "whsec_!!!", "whsec_c2hvcnQ="])
def test_a_bad_secret_is_explained_and_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="webhook secret") as caught:
        parse_secret(secret)
    assert secret not in str(caught.value)
