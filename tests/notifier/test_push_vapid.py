"""Who we say we are to push services: tokens that another library verifies, kept for an hour."""

import base64

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from hub.notifier.push_vapid import Vapid, key_from, origin_of, public_of
from hub.secrets import SecretUnsafe
from routing.instant import HOUR, MINUTE, SECOND, Instant, from_rfc3339
from tests.notifier.browser import octets

NOW = from_rfc3339("2026-11-23T12:00:00Z")
SECRET = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
"""The pair of RFC 8291, 5."""


class Clock:
    def __init__(self) -> None:
        self.now: Instant = NOW

    def __call__(self) -> Instant:
        return self.now


def vapid(clock: Clock, contact: str | None = "mailto:it@fjordby.example") -> Vapid:
    return Vapid(key_from(SECRET), contact, clock)


def token_of(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert parts.keys() == {"t", "k"}
    assert parts["k"] == PUBLIC
    return parts["t"]


def claims_of(token: str) -> dict[str, object]:
    """Verify with a library of others, and return what is claimed."""
    point = octets(PUBLIC)
    key = ECKey.import_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": base64.urlsafe_b64encode(point[1:33]).rstrip(b"=").decode(),
            "y": base64.urlsafe_b64encode(point[33:]).rstrip(b"=").decode(),
        }
    )
    read = jwt.decode(token, key, algorithms=["ES256"])
    assert read.header == {"typ": "JWT", "alg": "ES256"}
    return dict(read.claims)


def test_the_public_half_is_that_of_the_rfc() -> None:
    assert public_of(key_from(SECRET)) == PUBLIC


def test_a_token_says_whom_for_until_when_and_who_we_are() -> None:
    header = vapid(Clock()).authorization("https://push.example.net/wpush/v2/abc?x=1")
    assert claims_of(token_of(header)) == {
        "aud": "https://push.example.net",
        "exp": NOW // SECOND + 12 * 3600,
        "sub": "mailto:it@fjordby.example",
    }


def test_without_a_contact_nothing_is_made_up() -> None:
    token = token_of(vapid(Clock(), None).authorization("https://push.example.net/1"))
    assert claims_of(token).keys() == {"aud", "exp"}


def test_a_token_is_kept_for_an_hour_for_each_origin() -> None:
    clock = Clock()
    one = vapid(clock)
    first = one.authorization("https://a.example/1")
    assert one.authorization("https://a.example/2") == first
    other = one.authorization("https://b.example/1")
    assert claims_of(token_of(other))["aud"] == "https://b.example"
    clock.now += HOUR - 1
    assert one.authorization("https://a.example/3") == first
    clock.now += 1
    later = token_of(one.authorization("https://a.example/3"))
    assert claims_of(later)["exp"] == NOW // SECOND + 13 * 3600


def test_a_clock_that_is_set_back_makes_a_new_token() -> None:
    clock = Clock()
    one = vapid(clock)
    one.authorization("https://a.example/1")
    clock.now -= 20 * MINUTE
    token = token_of(one.authorization("https://a.example/1"))
    assert claims_of(token)["exp"] == NOW // SECOND + 12 * 3600 - 1200


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("https://a.example/x", "https://a.example"),
        ("https://a.example:443/x", "https://a.example"),
        ("https://A.Example/x", "https://a.example"),
        ("http://127.0.0.1:8090/x", "http://127.0.0.1:8090"),
        ("http://[::1]:8090/x", "http://[::1]:8090"),
    ],
)
def test_an_origin_is_scheme_host_and_port(endpoint: str, origin: str) -> None:
    assert origin_of(endpoint) == origin


@pytest.mark.parametrize(
    "secret",
    ["", "short", SECRET + "AA", "A" * 43, "_" * 43, "not base64url at all, but a sentence"],
    ids=["empty", "short", "long", "zero", "beyond the order", "sentence"],
)
def test_a_secret_that_is_no_key_is_refused_in_words(secret: str) -> None:
    with pytest.raises(SecretUnsafe, match="no VAPID key"):
        key_from(secret)
