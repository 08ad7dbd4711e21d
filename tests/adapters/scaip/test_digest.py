"""Digest: the published example values, and a unit that computes its answers by itself."""

import hashlib

import pytest

from adapters.scaip import Credential, RequireAuth
from adapters.scaip.digest import digest_ha1, digest_response, parse_digest
from adapters.session import Outcome
from tests.adapters.scaip.unit import (
    NOT_PROVEN,
    PASSWORDS,
    SECOND,
    T0,
    UDP,
    authorization,
    events,
    kinds,
    make,
    mrq,
    mrs,
    nonce_of,
    sends,
    sip,
    starts,
)

# RFC 7616, section 3.9.1
EXAMPLE = {
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "nc": "00000001",
    "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    "qop": "auth",
    "uri": "/dir/index.html",
}


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_the_standard(algorithm: str, response: str) -> None:
    ha1 = digest_ha1(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life")
    assert digest_response(algorithm, ha1, "GET", EXAMPLE) == response


def test_basic_is_no_digest() -> None:
    assert parse_digest("Basic dXNlcjpwYXNz") is None


@pytest.mark.parametrize("name", ["sha256", "md5"])
def test_a_challenged_press_with_proof_is_served(name: str) -> None:
    session = make(credentials=PASSWORDS.get)
    first = session.receive(UDP, sip(), T0)
    assert starts(first) == ["SIP/2.0 401 Unauthorized"]
    assert events(first) == []
    challenge = sends(first)[0]
    assert challenge.index(b"algorithm=SHA-256") < challenge.index(b"algorithm=MD5")
    proof = authorization(nonce_of(challenge), "correct horse", name)
    outputs = session.receive(UDP, sip(cseq=2, branch="z9hG4bK2", extra=[proof]), T0 + SECOND)
    assert kinds(outputs) == ["help.pressed"]
    assert session.confirm(events(outputs)[0].id, Outcome.DURABLE, T0 + SECOND)
    session.due(T0 + 600 * SECOND)
    assert session.next_due() is None


def test_a_stored_hash_serves_as_well_as_the_password() -> None:
    ha1 = hashlib.md5(b"10149471:varde:correct horse", usedforsecurity=False).hexdigest()
    session = make(
        credentials={"10149471": Credential(ha1_md5=ha1)}.get, digest_algorithms=("MD5",)
    )
    nonce = nonce_of(sends(session.receive(UDP, sip(), T0))[0])
    proof = authorization(nonce, "correct horse", "md5")
    assert kinds(session.receive(UDP, sip(cseq=2, extra=[proof]), T0)) == ["help.pressed"]


@pytest.mark.parametrize(
    ("peer", "wait"), [(UDP, 301 * SECOND), ("udp:203.0.113.9:5070", 0)], ids=["old", "other host"]
)
def test_a_nonce_is_for_one_host_and_five_minutes(peer: str, wait: int) -> None:
    session = make(credentials=PASSWORDS.get)
    nonce = nonce_of(sends(session.receive(UDP, sip(), T0))[0])
    proof = authorization(nonce, "correct horse")
    outputs = session.receive(peer, sip(cseq=2, extra=[proof]), T0 + wait)
    assert starts(outputs) == ["SIP/2.0 401 Unauthorized"]
    assert b"stale=true" in sends(outputs)[0]


def test_another_name_in_from_does_not_speak_for_the_device() -> None:
    session = make(credentials=PASSWORDS.get)
    outputs = session.receive(UDP, sip(user="somebody"), T0)
    assert starts(outputs) == ["SIP/2.0 401 Unauthorized"]


def test_an_unknown_device_is_heard_by_default() -> None:
    session = make(credentials={}.get)
    assert kinds(session.receive(UDP, sip(), T0)) == ["help.pressed"]


def test_an_unknown_device_is_refused_but_for_help_where_all_must_prove() -> None:
    session = make(credentials={}.get, require_auth=RequireAuth.ALL)
    outputs = session.receive(UDP, sip(), T0)
    assert starts(outputs) == ["SIP/2.0 401 Unauthorized"]
    assert mrs(outputs) == []
    session.receive(UDP, sip(mrq(cid="2", mty="PI"), branch="z9hG4bK2"), T0)
    assert kinds(session.due(T0 + 5 * SECOND)) == ["help.pressed", "device.unknown"]


def test_a_closed_network_asks_nobody() -> None:
    session = make(credentials=PASSWORDS.get, require_auth=RequireAuth.NEVER)
    assert kinds(session.receive(UDP, sip(), T0)) == ["help.pressed"]


@pytest.mark.parametrize(
    "value",
    [
        "Digest",
        'Digest realm="varde"',
        'Digest realm="varde", nonce="zz", qop=auth, algorithm=SHA-512, response="\xe5"',
        'Digest realm="varde", nonce="ffffffffffffffffffff-1", qop=auth, response="0"',
    ],
)
def test_broken_proofs_are_refused(value: str) -> None:
    session = make(credentials=PASSWORDS.get)
    outputs = session.receive(UDP, sip(extra=[f"Authorization: {value}"]), T0)
    wrong = starts(outputs) == ["SIP/2.0 403 Forbidden"]
    assert wrong or starts(outputs) == ["SIP/2.0 401 Unauthorized"]
    assert [event.data.note for event in events(outputs)] == ([NOT_PROVEN] if wrong else [])
