"""A passkey in software, after WebAuthn Level 3 (5.8.1, 6.1, 6.5) and RFC 9053: an oracle apart
from the library that judges it. What is wrong with what it shows can be chosen."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40
BACKUP_ELIGIBLE, BACKED_UP = 0x08, 0x10


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(octets: bytes) -> bytes:
    """A CBOR byte string (RFC 8949, 3.1) of up to 65,535 octets."""
    return b"\x59" + len(octets).to_bytes(2, "big") + octets


@dataclass
class Passkey:
    """One credential on one device."""

    rp_id: str
    origin: str
    flags: int = USER_PRESENT | USER_VERIFIED
    count: int = 0
    user_handle: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options for a new passkey."""
        self.user_handle = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        data = self._data(ATTESTED) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        attestation = (
            b"\xa3" + b"\x63fmt" + b"\x64none" + b"\x67attStmt" + b"\xa0" + b"\x68authData"
        ) + _octets(data + self._cose())
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(
            {"clientDataJSON": base64url(client), "attestationObject": base64url(attestation)}
        )

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options for a sign-in."""
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(0)
        signed = data + hashlib.sha256(client).digest()
        return self._credential(
            {
                "clientDataJSON": base64url(client),
                "authenticatorData": base64url(data),
                "signature": base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": base64url(self.user_handle),
            }
        )

    def _data(self, more: int) -> bytes:
        """Authenticator data (6.1)."""
        rp = hashlib.sha256(self.rp_id.encode()).digest()
        return rp + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        """The public key as COSE_Key: EC2, ES256, P-256 (RFC 9053, 7.1.1)."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        id = base64url(self.id)
        return {"id": id, "rawId": id, "type": "public-key", "response": response}
