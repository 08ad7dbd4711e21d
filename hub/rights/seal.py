"""Sealed rights: small, opaque and single-use, inside an encrypted push.

    seal(key, right) -> token        open_seal(key, token) -> right | None

AES-256-GCM with a fresh nonce (NIST SP 800-38D; under 2^32 rights per key), base64url without
padding. A token is accepted in one spelling only, so that the command's id, which derives from the
token, makes every use after the first one a repeat.
"""

import base64
import binascii
import os
from typing import Literal, get_args

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from routing.event import derive_id
from routing.instant import HOUR, Instant

Use = Literal["receipt", "accept", "refuse", "seen", "answer"]
USES: tuple[Use, ...] = get_args(Use)
LIFE: Instant = HOUR
"""How long a right may be used, where nothing else is said."""
LONGEST_TOKEN = 1_024
"""Characters; ours have some 250."""
_NONCE_OCTETS = 12
_CONTEXT = b"varde right 1"


class Right(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token allows: one use, by one person, from one handset, about one send."""

    use: Use
    send: str
    person: str
    handset: str
    expires: Instant


def key_of(secret: str, municipality: str) -> bytes:
    """Return the municipality's own key (32 octets) from the secret `rights`."""
    info = b"varde rights " + municipality.encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())


def seal(key: bytes, right: Right) -> str:
    """Return the right as a token, a new one each time."""
    nonce = os.urandom(_NONCE_OCTETS)
    sealed = AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(right), _CONTEXT)
    return _spell(nonce + sealed)


def open_seal(key: bytes, token: str) -> Right | None:
    """Return what a token allows, None when this key did not seal it. Says nothing of its age."""
    octets = _read(token)
    if octets is None:
        return None
    nonce, sealed = octets[:_NONCE_OCTETS], octets[_NONCE_OCTETS:]
    try:
        clear = AESGCM(key).decrypt(nonce, sealed, _CONTEXT)
        return msgspec.msgpack.decode(clear, type=Right)
    except (InvalidTag, ValueError):
        # ValueError: too short for a nonce, or a right of a version that we do not know.
        return None


def command_id(token: str) -> str:
    """Return the id of the command that a token becomes, the same whenever it is used."""
    return derive_id("right", token)


def _spell(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _read(token: str) -> bytes | None:
    """Return the octets; None for another spelling of them too."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        octets = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    return octets if _spell(octets) == token else None
