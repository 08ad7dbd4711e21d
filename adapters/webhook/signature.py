"""Standard Webhooks signatures: HMAC-SHA256 over `<id>.<timestamp>.<body>`."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.instant import SECOND, Instant

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_SECRET_PREFIX = "whsec_"
_SHORTEST_SECRET = 24
"""Octets; the specification asks for 24 to 64."""
_LONGEST_ID = 256


@dataclass(frozen=True, slots=True)
class Signed:
    """The id of a message whose signature is right."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a message is not believed; shown to the sender."""

    reason: str


def parse_secret(text: str) -> bytes:
    """Return the key of a secret: base64 after `whsec_`, or the text itself.

    ValueError says what is wrong and never repeats the secret.
    """
    key = text.encode()
    if text.startswith(_SECRET_PREFIX):
        try:
            key = base64.b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
        except binascii.Error as error:
            raise ValueError("the webhook secret after whsec_ is not base64") from error
    if len(key) < _SHORTEST_SECRET:
        raise ValueError(f"the webhook secret has {len(key)} octets; use {_SHORTEST_SECRET} to 64")
    return key


def verify(
    headers: Mapping[str, str],
    body: bytes,
    keys: Sequence[bytes],
    tolerance: Instant,
    at: Instant,
) -> Signed | Refused:
    """Say whether one of the keys signed the message, lately.

    The signature is checked before the time, so that only a true sender learns about our clock.
    """
    missing = [name for name in (ID, TIMESTAMP, SIGNATURE) if not headers.get(name)]
    if missing:
        return Refused(f"missing {', '.join(missing)} (Standard Webhooks)")
    message_id, timestamp = headers[ID], headers[TIMESTAMP]
    if not _is_plain(timestamp):
        return Refused("webhook-timestamp is not Unix seconds")
    if not message_id.isascii() or len(message_id) > _LONGEST_ID:
        return Refused(f"webhook-id is not ASCII, or over {_LONGEST_ID} characters")
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    if not _any_right(headers[SIGNATURE], signed, keys):
        return Refused("the signature does not fit: check the secret, and sign the body as sent")
    off_s = int(timestamp) - at // SECOND
    if abs(off_s) * SECOND > tolerance:
        return Refused(
            f"webhook-timestamp is {abs(off_s)} s {'ahead of' if off_s > 0 else 'behind'} our "
            "clock; set the sender's clock, or sign again when sending again"
        )
    return Signed(message_id)


def _is_plain(timestamp: str) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12


def _any_right(header: str, signed: bytes, keys: Sequence[bytes]) -> bool:
    """Compare every signature with every key in constant time; several of each while a secret is
    being changed."""
    offered = [
        part.removeprefix("v1,").encode("ascii", "replace")
        for part in header.split()
        if part.startswith("v1,")
    ]
    right = False
    for key in keys:
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
        for signature in offered:
            right |= hmac.compare_digest(expected, signature)
    return right
