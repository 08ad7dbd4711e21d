"""A sender of Web Push for tests: encrypts by RFC 8291 and signs by RFC 8292, on `cryptography`."""

import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from simulators.webpush import decode, encode, point


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def encrypted(plain: bytes, keys: dict[str, str], padding: int = 0, last: bytes = b"\2") -> bytes:
    """Return the body for the `keys` of a PushSubscription."""
    receiver, auth = decode(keys["p256dh"]), decode(keys["auth"])
    own, salt = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver)
    mine = point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _hkdf(auth, shared, b"WebPush: info\0" + receiver + mine, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(key).encrypt(nonce, plain + last + bytes(padding), None)
    return struct.pack(">16sIB", salt, 4096, len(mine)) + mine + record


@dataclass
class Sender:
    """An application server with its key."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def key(self) -> str:
        return encode(point(self.private.public_key()))

    def header(self, claims: dict[str, Any], *, head: dict[str, str] | None = None) -> str:
        """Return Authorization for the claims."""
        parts = [head or {"typ": "JWT", "alg": "ES256"}, claims]
        text = ".".join(encode(json.dumps(part).encode()) for part in parts)
        r, s = decode_dss_signature(self.private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = encode(r.to_bytes(32) + s.to_bytes(32))
        return f"vapid t={text}.{signature}, k={self.key}"

    async def send(
        self,
        endpoint: str,
        body: bytes,
        now_s: float,
        claims: dict[str, Any] | None = None,
        /,
        **headers: str | None,
    ) -> tuple[int, dict[str, str]]:
        """POST one message; a header given as None is left out. Returns status and headers."""
        origin = endpoint.partition("/push/")[0]
        said = {"aud": origin, "exp": int(now_s) + 3600, "sub": "mailto:it@fjordvik.example"}
        sent: dict[str, str | None] = {
            "Authorization": self.header({**said, **(claims or {})}),
            "TTL": "60",
            "Urgency": "high",
            "Content-Encoding": "aes128gcm",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        kept = {name: value for name, value in sent.items() if value is not None}
        async with (
            aiohttp.ClientSession() as session,
            session.post(endpoint, data=body, headers=kept) as answer,
        ):
            return answer.status, dict(answer.headers)
