"""Answering a digest challenge (RFC 7616; in SIP RFC 8760: MD5 and SHA-256)."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "SHA-256": hashlib.sha256,
    "MD5": hashlib.md5,
}
_PAIR = re.compile(r'([a-zA-Z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who the unit is to the receiver; the password never appears in a log."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.username!r}, ...)"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One WWW-Authenticate or Proxy-Authenticate header."""

    realm: str
    nonce: str
    algorithm: str
    qop: bool
    opaque: str | None


def choose(headers: Iterable[str]) -> Challenge | None:
    """The strongest challenge we can answer; Basic is never answered (SS 91100 asks for digest)."""
    readable = [parse for header in headers if (parse := _challenge(header)) is not None]
    return min(readable, key=lambda one: list(_HASHES).index(one.algorithm), default=None)


def authorization(
    challenge: Challenge, who: Credentials, method: str, uri: str, *, count: int, cnonce: str
) -> str:
    """The value of the Authorization header for one request."""
    secret = _hex(challenge.algorithm, f"{who.username}:{challenge.realm}:{who.password}")
    request = _hex(challenge.algorithm, f"{method}:{uri}")
    middle = f"{challenge.nonce}:{count:08x}:{cnonce}:auth" if challenge.qop else challenge.nonce
    fields = {
        "username": f'"{who.username}"',
        "realm": f'"{challenge.realm}"',
        "nonce": f'"{challenge.nonce}"',
        "uri": f'"{uri}"',
        "response": f'"{_hex(challenge.algorithm, f"{secret}:{middle}:{request}")}"',
        "algorithm": challenge.algorithm,
    }
    if challenge.opaque is not None:
        fields["opaque"] = f'"{challenge.opaque}"'
    if challenge.qop:
        fields |= {"qop": "auth", "nc": f"{count:08x}", "cnonce": f'"{cnonce}"'}
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def _challenge(header: str) -> Challenge | None:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return None
    pairs = {name.lower(): quoted or plain for name, quoted, plain in _PAIR.findall(rest)}
    return _known(pairs)


def _known(pairs: Mapping[str, str]) -> Challenge | None:
    algorithm = pairs.get("algorithm", "MD5").upper()
    if algorithm not in _HASHES or "nonce" not in pairs:
        return None
    qop = "auth" in {part.strip() for part in pairs.get("qop", "").split(",")}
    return Challenge(pairs.get("realm", ""), pairs["nonce"], algorithm, qop, pairs.get("opaque"))


def _hex(algorithm: str, text: str) -> str:
    return _HASHES[algorithm](text.encode()).hexdigest()
