"""Short proofs for an SMS, a call and ntfy: nothing is kept, everything derives from the send.

HMAC-SHA256 (RFC 2104) under the municipality's key of `hub.rights.seal.key_of`, one context for
each use, so that what a gateway sees of one says nothing of another:

reply_code   4 digits to be typed; counts from the person's own number and among their own calls
link_token   128 bits in the address of the page that answers without signing in
reference    128 bits that the gateway gives back with its reports
answer_id    id of the command that an answer becomes, which nobody can use up beforehand
"""

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from routing.event import derive_id

CODE_DIGITS = 4
_TOKEN_OCTETS = 16
"""Of a link token and of a reference: 22 characters of base64url without padding."""


def reply_code(key: bytes, send: str) -> str:
    """Return the code that a reply to the send names, `0417`."""
    number = int.from_bytes(_mac(key, b"code", send)[:8], "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def link_token(key: bytes, send: str) -> str:
    """Return the token of the send's own page."""
    return _spell(_mac(key, b"link", send))


def reference(key: bytes, send: str) -> str:
    """Return what a gateway calls the send: it names neither person nor alarm."""
    return _spell(_mac(key, b"reference", send))


def answer_id(key: bytes, send: str, *, yes: bool) -> str:
    """Return the id of the command that an answer becomes, the same however often it comes. A
    send's id can be guessed by whoever knows the alarm, and an id that somebody else has used is
    spent: so this one takes the key."""
    return derive_id("short", link_token(key, send), yes)


@lru_cache(maxsize=16_384)
def _mac(key: bytes, use: bytes, send: str) -> bytes:
    return hmac.digest(key, b"varde short 1\0" + use + b"\0" + send.encode(), sha256)


def _spell(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac[:_TOKEN_OCTETS]).rstrip(b"=").decode()
