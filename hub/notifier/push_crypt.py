"""A push message as its browser alone can read it: RFC 8291 over the coding aes128gcm (RFC 8188).

    encrypt(text, receiver, salt, sender) -> body of the POST to the push service

The service sees the length, the time and the endpoint. So every message of ours is padded to the
same length, and nothing in its headers is about an alarm.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_OCTETS = 16
AUTH_OCTETS = 16
POINT_OCTETS = 65
RECORD_OCTETS = 4_096
"""One record holds the whole message: RFC 8291, 4."""
LONGEST_TEXT = RECORD_OCTETS - 86 - 17
"""Octets: what RFC 8030, 7.2 lets every service take, less header, delimiter and tag."""
_LAST_RECORD = b"\x02"


class KeysWrong(ValueError):
    """A browser's keys cannot be used; the message says which."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The browser's side of a subscription."""

    point: bytes
    """Its public key `p256dh`, an uncompressed point of P-256."""
    auth: bytes
    """The secret it shares with us, 16 octets."""

    @property
    def key(self) -> ec.EllipticCurvePublicKey:
        """The public key. KeysWrong when the point is none of P-256."""
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.point)
        except ValueError as error:
            raise KeysWrong("p256dh is no point of P-256") from error

    def check(self) -> None:
        """KeysWrong when nothing could be encrypted for this receiver."""
        if len(self.auth) != AUTH_OCTETS:
            raise KeysWrong(f"auth has {len(self.auth)} octets, not {AUTH_OCTETS}")
        if len(self.point) != POINT_OCTETS:
            raise KeysWrong("p256dh is not an uncompressed point")
        _ = self.key


def encrypt(
    text: bytes,
    receiver: Receiver,
    salt: bytes,
    sender: ec.EllipticCurvePrivateKey,
    *,
    padded_to: int = 0,
) -> bytes:
    """Return header and one record; `salt` and `sender` are new for every message.

    `padded_to` octets of text and padding together; a longer text is not padded. KeysWrong.
    """
    own = point_of(sender.public_key())
    shared = sender.exchange(ec.ECDH(), receiver.key)
    info = b"WebPush: info\0" + receiver.point + own
    keying = _hkdf(receiver.auth, info, 32).derive(shared)
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16).derive(keying)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\0", 12).derive(keying)
    record = text + _LAST_RECORD + bytes(max(0, padded_to - len(text)))
    header = salt + RECORD_OCTETS.to_bytes(4, "big") + bytes((len(own),)) + own
    return header + AESGCM(key).encrypt(nonce, record, None)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point, 65 octets."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, info: bytes, length: int) -> HKDF:
    return HKDF(SHA256(), length, salt=salt, info=info)
