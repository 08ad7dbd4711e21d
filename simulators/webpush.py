"""The receiving end of Web Push: a subscription's own keys, and the decryption of RFC 8291.

The coding is `aes128gcm` of RFC 8188: salt (16 octets), record size (4), length of the key id (1),
the key id (here the sender's public key), then the one record that RFC 8291, section 4, allows.
"""

import base64
import secrets
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_HEADER = struct.Struct(">16sIB")
_TAG = 16
_LAST = 2
"""Delimiter octet of the last record; zeros of padding may follow it (RFC 8188, section 2)."""


class Undecryptable(Exception):
    """The message is not for these keys, or not coded by RFC 8291; the text says which."""


def encode(octets: bytes) -> str:
    """Return base64url without padding, as browsers write keys."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Return what base64url with or without padding stands for; ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as its uncompressed point, 65 octets."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser makes for one subscription and never shows."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def public(self) -> dict[str, str]:
        """Return `keys` of `PushSubscription.toJSON()`."""
        return {"p256dh": encode(point(self.private.public_key())), "auth": encode(self.auth)}

    def decrypt(self, body: bytes) -> bytes:
        """Return the plain text of one push message; Undecryptable."""
        if len(body) < _HEADER.size:
            raise Undecryptable(f"{len(body)} octets are no message of RFC 8188")
        salt, record_size, id_length = _HEADER.unpack_from(body)
        sender = body[_HEADER.size : _HEADER.size + id_length]
        record = body[_HEADER.size + id_length :]
        if len(record) > record_size:
            raise Undecryptable("more than one record: RFC 8291 allows one")
        if len(record) <= _TAG:
            raise Undecryptable(f"a record of {len(record)} octets holds nothing")
        key, nonce = self._content_key(sender, salt)
        try:
            padded = AESGCM(key).decrypt(nonce, record, None)
        except InvalidTag:
            raise Undecryptable("not encrypted for this subscription, or changed") from None
        return _without_padding(padded)

    def _content_key(self, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
        """Derive key and nonce (RFC 8291, section 3.4)."""
        try:
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        except ValueError:
            raise Undecryptable("the key id is no public key on P-256") from None
        shared = self.private.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + point(self.private.public_key()) + sender
        secret = _derived(self.auth, shared, info, 32)
        key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        return key, _derived(salt, secret, b"Content-Encoding: nonce\0", 12)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _without_padding(padded: bytes) -> bytes:
    plain = padded.rstrip(b"\0")
    if not plain or plain[-1] != _LAST:
        raise Undecryptable("the record does not end as the last one does")
    return plain[:-1]
