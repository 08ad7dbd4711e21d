"""SIP digest authentication (RFC 7616, RFC 2617, RFC 8760): MD5 and SHA-256, qop=auth, never Basic.

Nonces are made of the time, a running number and a keyed hash, so a challenge costs no memory: a
nonce is ours when its hash is right, belongs to the host it was given to, and is stale after
`NONCE_LIFE`. With qop=auth the body is not signed, so a captured proof could carry another body:
each `nc` of a nonce counts once, and only upwards (RFC 7616, 3.4); what repeats one is asked for
a new proof (`stale=true`). An identical retransmission is answered by its transaction before it
comes here. `auth-int`, `userhash` and mutual authentication are not offered.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from adapters.recent import Bounded
from adapters.scaip.config import Credential
from adapters.scaip.sip_message import SipRequest
from routing.instant import MINUTE, SECOND, Instant

NONCE_LIFE: Instant = 5 * MINUTE
_MOST_USED = 20_000
"""Nonces in use; only true proofs are remembered, so a stranger cannot push one out."""
_PARAM = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_HEX = re.compile(r"[0-9A-Fa-f]{1,8}")
_NONCE = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})-[0-9a-f]{32}")
_ESCAPE = re.compile(r"\\(.)")
_HASHES: Mapping[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


class Proof(StrEnum):
    """What a request proved about its sender."""

    ABSENT = "absent"
    VALID = "valid"
    STALE = "stale"
    """The secret is right, the nonce too old or its count used: ask again, bothering nobody."""
    WRONG = "wrong"


def _h(algorithm: str, text: str) -> str:
    return _HASHES[algorithm](text.encode("latin-1", "replace"))


def digest_ha1(algorithm: str, username: str, realm: str, password: str) -> str:
    """Return H(username:realm:password), RFC 7616 section 3.4.2; the password in UTF-8."""
    text = f"{username}:{realm}:".encode("latin-1", "replace") + password.encode()
    return _HASHES[algorithm](text)


def digest_response(algorithm: str, ha1: str, method: str, params: Mapping[str, str]) -> str:
    """Return the response of RFC 7616 section 3.4.1 for qop=auth; params are the client's."""
    ha2 = _h(algorithm, f"{method}:{params.get('uri', '')}")
    parts = [params.get(name, "") for name in ("nonce", "nc", "cnonce", "qop")]
    return _h(algorithm, ":".join([ha1, *parts, ha2]))


def parse_digest(value: str) -> dict[str, str] | None:
    """Read a `Digest a="b", c=d` value; None for another scheme."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    params: dict[str, str] = {}
    for name, raw in _PARAM.findall(rest):
        text = _ESCAPE.sub(r"\1", raw[1:-1]) if raw.startswith('"') else raw
        params.setdefault(name.lower(), text)
    return params


class Guard:
    """Makes challenges for one realm and checks the answers to them."""

    def __init__(self, realm: str, secret: bytes, algorithms: Sequence[str]) -> None:
        self._realm = realm
        self._secret = secret
        self._algorithms = tuple(algorithms)
        self._given = 0
        self._used: Bounded[tuple[str, str], int] = Bounded(_MOST_USED)
        """The highest `nc` by nonce and user name."""

    def challenges(self, host: str, at: Instant, stale: bool) -> list[tuple[str, str]]:
        """Return the WWW-Authenticate headers, the preferred algorithm first."""
        self._given += 1
        nonce = self._nonce(at // SECOND, self._given, host)
        end = ", stale=true" if stale else ""
        return [
            (
                "WWW-Authenticate",
                f'Digest realm="{self._realm}", qop="auth", nonce="{nonce}", '
                f"algorithm={algorithm}{end}",
            )
            for algorithm in self._algorithms
        ]

    def check(
        self, request: SipRequest, credential: Credential | None, host: str, at: Instant
    ) -> Proof:
        """Check a request against the credential of the device it says it is."""
        values = [parse_digest(value) for value in request.all("authorization")]
        answers = [value for value in values if value and value.get("realm") == self._realm]
        if not answers:
            return Proof.ABSENT
        right = [
            answer
            for answer in answers
            if credential is not None and self._right(answer, request.method, credential)
        ]
        if not right:
            return Proof.WRONG
        fresh = [answer for answer in right if self._is_fresh(answer.get("nonce", ""), host, at)]
        return Proof.VALID if any(map(self._is_first_use, fresh)) else Proof.STALE

    def _is_first_use(self, answer: Mapping[str, str]) -> bool:
        """Take the count of a right answer; False when it, or a higher one, was used before."""
        key = answer.get("nonce", ""), answer.get("username", "")
        text = answer.get("nc", "")
        count = int(text, 16) if _HEX.fullmatch(text) else 0
        if count <= self._used.get(key, -1):
            return False
        self._used.put(key, count)
        return True

    def _right(self, answer: Mapping[str, str], method: str, credential: Credential) -> bool:
        algorithm = answer.get("algorithm", "MD5").upper()
        if algorithm not in self._algorithms or answer.get("qop", "").lower() != "auth":
            return False
        stored = credential.ha1_md5 if algorithm == "MD5" else credential.ha1_sha256
        if stored is None and credential.password is not None:
            username = answer.get("username", "")
            stored = digest_ha1(algorithm, username, self._realm, credential.password)
        if stored is None:
            return False
        wanted = digest_response(algorithm, stored, method, answer)
        given = answer.get("response", "").lower()
        return hmac.compare_digest(wanted.encode(), given.encode("latin-1", "replace"))

    def _nonce(self, second: int, number: int, host: str) -> str:
        text = f"nonce|{second}|{number}|{host}".encode()
        return f"{second:x}-{number:x}-{hmac.new(self._secret, text, 'sha256').hexdigest()[:32]}"

    def _is_fresh(self, nonce: str, host: str, at: Instant) -> bool:
        match = _NONCE.fullmatch(nonce)
        if match is None:
            return False
        second, number = int(match[1], 16), int(match[2], 16)
        ours = hmac.compare_digest(self._nonce(second, number, host), nonce)
        return ours and 0 <= at - second * SECOND <= NONCE_LIFE
