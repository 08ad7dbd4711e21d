"""Judging an ID token (OpenID Connect Core 1.0, 3.1.3.7), by the library."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
"""Signatures with a public key: never `none`, never one of a shared secret."""
LEEWAY_S = 60


class TokenRefused(Exception):
    """The ID token is not one that was made for us, now; the message names what is wrong, no
    value of it."""


def claims_of(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now_s: int
) -> dict[str, Any]:
    """Return the claims of an ID token that is good. TokenRefused."""
    wanted = jwt.JWTClaimsRegistry(
        now=now_s,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused(f"{type(error).__name__}: {getattr(error, 'claim', '')}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise TokenRefused("azp")
    return claims


def value_of(claims: dict[str, Any], claim: str) -> str:
    """Return what the claim says. TokenRefused when it says nothing, or an address that nobody has
    verified."""
    value = claims.get(claim)
    if not isinstance(value, str) or not value:
        raise TokenRefused(f"no {claim}")
    if claim == "email" and claims.get("email_verified") is not True:
        raise TokenRefused("email_verified")
    return value
