"""What a provider's ID token must say to be believed. The provider here signs whatever it is told
to: the oracle for tokens that no honest one gives out."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hub.settings.sign_in import OidcSettings
from hub.web.sign_in.oidc import Provider
from hub.web.sign_in.oidc_http import ProviderAway
from hub.web.sign_in.oidc_token import TokenRefused

ISSUER = "https://login.example"
NOW_S = 1_795_000_000
KEY = RSAKey.generate_key(2048, {"kid": "k-1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "k-1", "use": "sig"})


class Forger:
    """A provider without a network."""

    def __init__(self, **changed: object) -> None:
        self.changed = changed
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k-1"}
        self.signs: Any = KEY
        self.published: Any = KEY
        self.metadata: dict[str, object] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        self.nonce = ""
        self.form: dict[str, str] = {}
        self.basic: tuple[str, str] | None = None
        self.discovered = self.fetched = 0
        self.well = self.status = 200
        self.now = 0.0

    async def ask(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        basic: tuple[str, str] | None = None,
    ) -> tuple[int, bytes]:
        assert url.startswith(f"{ISSUER}/")
        path = url.removeprefix(ISSUER)
        if path == "/.well-known/openid-configuration":
            self.discovered += 1
            await asyncio.sleep(0)
            return self.well, json.dumps(self.metadata).encode()
        if path == "/jwks":
            self.fetched += 1
            return 200, json.dumps({"keys": [self.published.as_dict(private=False)]}).encode()
        self.form, self.basic = form or {}, basic
        return self.status, json.dumps({"id_token": self.token(), "token_type": "Bearer"}).encode()

    async def close(self) -> None:
        pass

    def token(self) -> str:
        claims = {
            "iss": ISSUER,
            "sub": "kari",
            "aud": "varde",
            "iat": NOW_S,
            "exp": NOW_S + 300,
            "nonce": self.nonce,
            **self.changed,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(self.header, told, self.signs, algorithms=[self.header["alg"]])

    def provider(self, secret: str | None = None, **more: object) -> Provider:
        told = {"issuer": ISSUER, "client_id": "varde", "name": "ID", **more}
        terms = OidcSettings.model_validate(told)
        callback = "https://varde.example/oidc/callback"
        return Provider(terms, secret, callback, self, lambda: self.now)

    async def signed_in(self, provider: Provider | None = None) -> str:
        provider = provider or self.provider()
        _, begun = await provider.begin("/")
        self.nonce = begun.nonce
        return await provider.finish("a code", begun, NOW_S)


async def test_a_sound_token_says_who_it_is() -> None:
    assert await Forger().signed_in() == "kari"


async def test_the_code_is_traded_with_the_proof_that_it_was_we_who_asked() -> None:
    forger = Forger()
    provider = forger.provider("our secret", scopes=("openid", "profile"))
    url, begun = await provider.begin("/")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
    forger.nonce = begun.nonce
    await provider.finish("a code", begun, NOW_S)
    verifier = forger.form["code_verifier"]
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    assert asked["code_challenge"] == hashed.rstrip("=")
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["scope"] == "openid profile"
    assert 43 <= len(verifier) <= 128  # RFC 7636, 4.1
    assert forger.form["grant_type"] == "authorization_code"
    assert forger.form["redirect_uri"] == "https://varde.example/oidc/callback"
    assert "client_secret" not in forger.form
    assert forger.basic == ("varde", "our secret")


async def test_state_nonce_and_verifier_are_new_each_time_and_long() -> None:
    provider = Forger().provider()
    one, other = (await provider.begin("/"))[1], (await provider.begin("/"))[1]
    for name in ("state", "nonce", "verifier"):
        assert getattr(one, name) != getattr(other, name)
        assert len(getattr(one, name)) >= 32


FORGED: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://other.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "several audiences and no azp": {"aud": ["varde", "somebody-else"]},
    "made for another party": {"aud": ["varde", "x"], "azp": "x"},
    "made for another party alone": {"azp": "x"},
    "expired": {"exp": NOW_S - 61},
    "no end": {"exp": None},
    "an end in words": {"exp": "tomorrow"},
    "made in the future": {"iat": NOW_S + 120},
    "not yet": {"nbf": NOW_S + 120},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": None},
    "a number for a name": {"sub": 17},
    "an empty name": {"sub": ""},
}


@pytest.mark.parametrize("what", FORGED)
async def test_a_token_that_is_not_for_us_now_is_refused(what: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        await Forger(**FORGED[what]).signed_in()
    assert "kari" not in str(refused.value)


async def test_a_little_that_clocks_differ_is_forgiven() -> None:
    assert await Forger(exp=NOW_S - 59, iat=NOW_S + 59).signed_in() == "kari"
    assert await Forger(aud=["varde", "x"], azp="varde").signed_in() == "kari"


async def test_a_token_of_another_key_is_refused() -> None:
    forger = Forger()
    forger.signs = OTHER
    with pytest.raises(TokenRefused):
        await forger.signed_in()


def hand_made(header: dict[str, str], claims: dict[str, Any], secret: bytes | None) -> str:
    """A token that the library itself will not make (RFC 7515, 7.1)."""
    parts = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in (header, claims))
    signed = ".".join(part.rstrip("=") for part in parts)
    mac = b"" if secret is None else hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ({"alg": "none"}, None),
        ({"alg": "none", "kid": "k-1"}, None),
        ({"alg": "HS256", "kid": "k-1"}, KEY.as_pem(private=False)),
        ({"alg": "HS256"}, b"our secret"),
    ],
)
async def test_a_token_without_a_signature_by_the_providers_own_key_is_refused(
    header: dict[str, str], secret: bytes | None
) -> None:
    """Nor one that takes the public key for a shared secret."""
    forger = Forger()

    def forged() -> str:
        claims = {"iss": ISSUER, "sub": "kari", "aud": "varde", "exp": NOW_S + 9, "iat": NOW_S}
        return hand_made(header, {**claims, "nonce": forger.nonce}, secret)

    forger.token = forged  # type: ignore[method-assign]
    with pytest.raises(TokenRefused):
        await forger.signed_in(forger.provider("our secret"))


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "....", "ey.ey.ey", "\u0000"])
async def test_garbage_is_refused(garbage: str) -> None:
    forger = Forger()
    forger.token = lambda: garbage  # type: ignore[method-assign]
    with pytest.raises(TokenRefused):
        await forger.signed_in()


async def test_keys_that_were_changed_are_fetched_anew_once() -> None:
    forger = Forger()
    provider = forger.provider()
    for _ in range(2):
        assert await forger.signed_in(provider) == "kari"
    assert forger.fetched == 1
    forger.signs = forger.published = OTHER
    assert await forger.signed_in(provider) == "kari"
    assert forger.fetched == 2


@pytest.mark.parametrize(
    ("verified", "good"), [(True, True), (False, False), (None, False), ("true", False)]
)
async def test_an_address_names_nobody_until_it_is_verified(verified: object, good: bool) -> None:
    forger = Forger(email="kari@fjordby.example", email_verified=verified)
    people = {"kari@fjordby.example": "kari"}
    provider = forger.provider(claim="email", people=people)
    if good:
        assert await forger.signed_in(provider) == "kari"
    else:
        with pytest.raises(TokenRefused):
            await forger.signed_in(provider)


async def test_who_is_not_in_the_list_is_nobody() -> None:
    forger = Forger(sub="kari")
    assert await forger.signed_in(forger.provider(people={"u-1": "kari"})) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://login.example/"},
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": "http://login.example/jwks"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
async def test_a_provider_whose_own_words_are_wrong_is_not_used(wrong: dict[str, object]) -> None:
    forger = Forger()
    forger.metadata |= wrong
    with pytest.raises(ProviderAway):
        await forger.provider().begin("/")


@pytest.mark.parametrize(("status", "error"), [(400, TokenRefused), (500, ProviderAway)])
async def test_a_code_that_the_provider_refuses(status: int, error: type[Exception]) -> None:
    forger = Forger()
    forger.status = status
    with pytest.raises(error):
        await forger.signed_in()


async def test_a_provider_that_is_away_is_asked_once_in_ten_seconds_whoever_tries() -> None:
    forger = Forger()
    provider, forger.well = forger.provider(), 503
    ends = await asyncio.gather(*(provider.begin("/") for _ in range(20)), return_exceptions=True)
    assert [type(end) for end in ends] == [ProviderAway] * 20
    assert {str(end) for end in ends} == {f"{ISSUER}/.well-known/openid-configuration: 503"}
    forger.well, forger.now = 200, 9.9
    with pytest.raises(ProviderAway):
        await provider.begin("/")
    assert forger.discovered == 1
    forger.now = 10.0
    await provider.begin("/")
    assert forger.discovered == 2


async def test_many_who_begin_at_once_are_one_question_and_it_is_not_asked_again() -> None:
    forger = Forger()
    provider = forger.provider()
    await asyncio.gather(*(provider.begin("/") for _ in range(20)))
    await provider.begin("/")
    assert forger.discovered == 1


async def test_who_gives_up_waiting_leaves_the_question_to_the_next() -> None:
    forger, asked = Forger(), asyncio.Event()

    async def never(*_: object, **__: object) -> tuple[int, bytes]:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    provider, real = forger.provider(), forger.ask
    forger.ask = never  # type: ignore[method-assign]
    first = asyncio.create_task(provider.begin("/"))
    await asked.wait()
    second = asyncio.create_task(provider.begin("/"))
    forger.ask = real  # type: ignore[method-assign]
    first.cancel()
    url, _ = await second
    assert url.startswith(f"{ISSUER}/authorize?")
