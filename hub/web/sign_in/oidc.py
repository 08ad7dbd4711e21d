"""A login provider: discovery, the authorization code flow, and what its tokens say.

OpenID Connect Core 1.0 (3.1) and Discovery 1.0 (4), PKCE with S256 (RFC 7636), the issuer in the
answer (RFC 9207). Requests go out with a time limit, to the addresses that discovery names.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.settings.sign_in import LOOPBACK, OidcSettings
from hub.web.sign_in.oidc_http import Http, Once, ProviderAway, get, read
from hub.web.sign_in.oidc_token import TokenRefused, claims_of, value_of


class Begun(msgspec.Struct, frozen=True):
    """A sign-in under way at the provider: kept here, and never shown."""

    state: str
    nonce: str
    verifier: str
    next: str


class _Endpoints(msgspec.Struct, frozen=True):
    """What we need of the provider's metadata (Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


class Provider:
    """The login provider of one municipality."""

    def __init__(
        self,
        settings: OidcSettings,
        secret: str | None,
        redirect_uri: str,
        http: Http,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.settings, self._secret, self._redirect = settings, secret, redirect_uri
        self._http = http
        self._endpoints = Once(self._discover, now)
        self._keys: KeySet | None = None

    async def begin(self, next: str) -> tuple[str, Begun]:
        """Return where to send the browser, and what to keep. ProviderAway."""
        endpoints = await self._endpoints.get()
        begun = Begun(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            next=next,
        )
        hashed = hashlib.sha256(begun.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect,
            "scope": " ".join(dict.fromkeys(("openid", *self.settings.scopes))),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(endpoints.authorization_endpoint).query else "?"
        return f"{endpoints.authorization_endpoint}{joint}{urlencode(asked)}", begun

    async def finish(self, code: str, begun: Begun, now_s: int) -> str:
        """Return the person's id here, as the provider's token and our mapping say it.
        ProviderAway, TokenRefused."""
        endpoints = await self._endpoints.get()
        token = await self._exchanged(endpoints, code, begun)
        claims = await self._judged(endpoints, token, begun.nonce, now_s)
        value = value_of(claims, self.settings.claim)
        return self.settings.people.get(value, "") if self.settings.people else value

    async def _discover(self) -> _Endpoints:
        issuer = self.settings.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = read(await get(self._http, url), _Endpoints, url)
        if found.issuer != issuer:
            raise ProviderAway(f"{url} speaks for another issuer")
        for endpoint in (found.token_endpoint, found.jwks_uri, found.authorization_endpoint):
            _want_safe(endpoint)
        return found

    async def _exchanged(self, endpoints: _Endpoints, code: str, begun: Begun) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": begun.verifier,
            "client_id": self.settings.client_id,
        }
        basic: tuple[str, str] | None = None
        if self._secret is not None:
            if "client_secret_basic" in endpoints.token_endpoint_auth_methods_supported:
                basic = (self.settings.client_id, self._secret)
            else:
                form["client_secret"] = self._secret
        url = endpoints.token_endpoint
        status, body = await self._http.ask("POST", url, form, basic)
        if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise TokenRefused(f"the provider refuses the code ({status})")
        if status != HTTPStatus.OK:
            raise ProviderAway(f"{url}: {status}")
        return read(body, _Tokens, url).id_token

    async def _judged(
        self, endpoints: _Endpoints, token: str, nonce: str, now_s: int
    ) -> dict[str, Any]:
        """The keys may have been changed since they were fetched: then once more with new ones."""
        terms = {"issuer": endpoints.issuer, "client_id": self.settings.client_id, "nonce": nonce}
        if self._keys is not None:
            try:
                return claims_of(token, self._keys, **terms, now_s=now_s)
            except TokenRefused:
                self._keys = None
        self._keys = await self._fetched(endpoints.jwks_uri)
        return claims_of(token, self._keys, **terms, now_s=now_s)

    async def _fetched(self, url: str) -> KeySet:
        answer = await get(self._http, url)
        try:
            return KeySet.import_key_set(msgspec.json.decode(answer))
        except (JoseError, msgspec.DecodeError, ValueError, TypeError, KeyError) as error:
            raise ProviderAway(f"{url} holds no keys that can be read") from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()


def _want_safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ProviderAway(f"{url} is not reached by HTTPS")
