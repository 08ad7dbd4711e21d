"""VAPID as a push service judges it: who sends, signed, for this service, for a day at most.

RFC 8292: `Authorization: vapid t=<JWT by ES256>, k=<public key>`; claims `aud`, `exp` and `sub`.
"""

import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from simulators.webpush import decode

LONGEST_S = 24 * 3600
"""How far ahead `exp` may be (RFC 8292, section 2)."""
_SCHEME = "vapid "


class NotVapid(Exception):
    """The sender is refused; `status` is what the service answers, the text says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def check(header: str, audience: str, wanted: bytes | None, now_s: float) -> str:
    """Return the sender's contact (`sub`); NotVapid.

    `audience` is the service's origin, `wanted` the public key that the subscription was made for.
    """
    if not header.lower().startswith(_SCHEME):
        raise NotVapid(401, "no VAPID in Authorization")
    token, key = _parts(header[len(_SCHEME) :])
    if wanted is not None and key != wanted:
        raise NotVapid(403, "the subscription was made for another key")
    claims = _verified(token, key)
    _check_claims(claims, audience, now_s)
    return str(claims["sub"])


def _parts(text: str) -> tuple[str, bytes]:
    found = dict(part.strip().partition("=")[::2] for part in text.split(","))
    try:
        return found["t"], decode(found["k"])
    except (KeyError, ValueError):
        raise NotVapid(403, "VAPID needs t and k") from None


def _verified(token: str, key: bytes) -> dict[str, Any]:
    try:
        head, body, signature = token.split(".")
        raw = decode(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        described, claims = json.loads(decode(head)), json.loads(decode(body))
    except ValueError:
        raise NotVapid(403, "t is no JWT, or k is no key on P-256") from None
    if not isinstance(described, dict) or described.get("alg") != "ES256" or len(raw) != 64:
        raise NotVapid(403, "the JWT is not signed by ES256")
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        public.verify(both, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise NotVapid(403, "the signature is not by k") from None
    if not isinstance(claims, dict):
        raise NotVapid(403, "the JWT has no claims")
    return claims


def _check_claims(claims: dict[str, Any], audience: str, now_s: float) -> None:
    if claims.get("aud") != audience:
        raise NotVapid(403, f"aud is {claims.get('aud')}, wanted {audience}")
    ends = claims.get("exp")
    if not isinstance(ends, int) or not now_s < ends <= now_s + LONGEST_S:
        raise NotVapid(403, "exp is over, or more than a day ahead")
    contact = str(claims.get("sub", ""))
    if not contact.startswith(("mailto:", "https://")) or contact == "mailto:":
        raise NotVapid(403, "sub is no mailto: and no https:")
