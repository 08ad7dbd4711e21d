"""A browser's side of Web Push, written from the RFCs and with nothing of ours: keys, and reading
what a push service was given (RFC 8188, 2; RFC 8291, 3)."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def octets(text: str) -> bytes:
    """Read base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(value: bytes) -> str:
    """Write base64url."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def scalar(value: str) -> ec.EllipticCurvePrivateKey:
    """Return the private key of a number in base64url."""
    return ec.derive_private_key(int.from_bytes(octets(value), "big"), ec.SECP256R1())


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]


def _extract(salt: bytes, keying: bytes) -> bytes:
    return hmac.new(salt, keying, hashlib.sha256).digest()


@dataclass
class Browser:
    """One subscription's secrets."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        """As `PushSubscription.toJSON()` gives them."""
        return {"p256dh": text(self.point), "auth": text(self.auth)}

    def decrypt(self, body: bytes) -> bytes:
        """Return the text of a message with one record, without its padding."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)
        info = b"WebPush: info\x00" + self.point + sender
        keying = _expand(_extract(self.auth, shared), info, 32)
        prk = _extract(salt, keying)
        key = _expand(prk, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _expand(prk, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert padded[-1] == 2, "the last record ends with the delimiter 2"
        return padded[:-1]

    def read(self, body: bytes) -> dict[str, Any]:
        """Return the JSON that a message carries."""
        read: dict[str, Any] = msgspec.json.decode(self.decrypt(body))
        return read
