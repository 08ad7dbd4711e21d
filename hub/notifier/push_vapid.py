"""Who we are to push services: VAPID (RFC 8292), a signed token for each service's origin.

The key is the secret `vapid`: 32 random octets as base64url, the form in which other tools make
VAPID keys too. Browsers bind their subscriptions to its public half, so a new key means that every
phone subscribes anew.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from hub.notifier.push_crypt import point_of
from hub.secrets import SecretUnsafe
from routing.instant import HOUR, SECOND, Instant

SECRET = "vapid"
KEPT: Instant = HOUR
"""How long a token is used."""
LIFE: Instant = 12 * HOUR
"""What it says of its own end; a service's clock may be off. At most 24 h: RFC 8292, 2."""
_SCALAR_OCTETS = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (NIST SP 800-186, 3.2.1.3)."""


def key_from(secret: str) -> ec.EllipticCurvePrivateKey:
    """Return the key. SecretUnsafe when the secret is none."""
    try:
        octets = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except (binascii.Error, ValueError):
        octets = b""
    scalar = int.from_bytes(octets, "big")
    if len(octets) != _SCALAR_OCTETS or not 0 < scalar < _ORDER:
        raise SecretUnsafe(
            f"secret {SECRET}: this is no VAPID key (32 octets as base64url). Remove it and a new "
            "one is made; every phone then asks its person to turn notifications on again"
        )
    return ec.derive_private_key(scalar, ec.SECP256R1())


class Vapid:
    """Signs for one hub; a token is kept for an hour for each origin."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, contact: str | None, now: Callable[[], Instant]
    ) -> None:
        """`contact` is the mailto: or https: address at which a service's people reach ours; Apple
        refuses tokens without one."""
        self._key, self._contact, self._now = key, contact, now
        self._kept: dict[str, tuple[Instant, str]] = {}
        self.public = public_of(key)
        """What a browser is given as its applicationServerKey: base64url."""

    def authorization(self, endpoint: str) -> str:
        """Return the header's value for a push to the endpoint."""
        origin, now = origin_of(endpoint), self._now()
        made_at, value = self._kept.get(origin, (0, ""))
        if not made_at <= now < made_at + KEPT:
            value = f"vapid t={self._token(origin, now)}, k={self.public}"
            self._kept = {one: kept for one, kept in self._kept.items() if now < kept[0] + KEPT}
            self._kept[origin] = (now, value)
        return value

    def _token(self, origin: str, now: Instant) -> str:
        claims: dict[str, object] = {"aud": origin, "exp": (now + LIFE) // SECOND}
        if self._contact is not None:
            claims["sub"] = self._contact
        content = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        signature = self._key.sign(content.encode(), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(signature)
        both = r.to_bytes(_SCALAR_OCTETS, "big") + s.to_bytes(_SCALAR_OCTETS, "big")
        return f"{content}.{spell(both)}"


def public_of(key: ec.EllipticCurvePrivateKey) -> str:
    """Return the public half as browsers take it."""
    return spell(point_of(key.public_key()))


def origin_of(endpoint: str) -> str:
    """Return scheme, host and port (RFC 6454, 6.2), without a default port."""
    parts = urlsplit(endpoint)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def spell(octets: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _part(value: Mapping[str, object]) -> str:
    return spell(msgspec.json.encode(value))
