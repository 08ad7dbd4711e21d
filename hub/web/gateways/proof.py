"""Whether a callback is the gateway's: a MAC over time and body, a password, or a secret address.

All compared in constant time. What cannot be judged (no secret, no time) proves nothing.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from hub.settings.channels import HookSettings
from routing.instant import SECOND, Instant


@dataclass(frozen=True, slots=True)
class Callback:
    """A request as it came."""

    method: str
    headers: Mapping[str, str]
    """By lower-case name, or without regard to case."""
    body: bytes
    path_secret: str | None = None


def proven(hook: HookSettings, secret: str | None, call: Callback, at: Instant) -> bool:
    """Whether the callback proves that it comes from who knows the secret, and is not an old
    one."""
    if not secret:
        return False
    if hook.proof == "path":
        return _same(call.path_secret or "", secret)
    if hook.header is not None:
        return _same(call.headers.get(hook.header.lower(), ""), secret)
    if hook.proof == "basic":
        return _same(_basic(call.headers.get("authorization", "")), f"{hook.username}:{secret}")
    return _signed(hook, secret, call, at)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _basic(header: str) -> str:
    """Return `user:password` of RFC 7617, nothing for what is none."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _signed(hook: HookSettings, secret: str, call: Callback, at: Instant) -> bool:
    """A GET has nothing that is signed, so it is never proven so."""
    if call.method == "GET":
        return False
    said = call.headers.get(hook.signature.lower(), "").removeprefix("sha256=").lower()
    stamp = call.headers.get(hook.timestamp.lower(), "")
    content = call.body
    if hook.signs == "timestamp.body":
        if not _is_fresh(stamp, hook.within_s, at):
            return False
        content = stamp.encode() + b"." + call.body
    mac = hmac.digest(secret.encode(), content, sha256).hex()
    return _same(said, mac)


def _is_fresh(stamp: str, within_s: int, at: Instant) -> bool:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        return False
    return abs(at - int(stamp) * SECOND) <= within_s * SECOND
