"""Without proof help still rings and nothing else has an effect; a proof counts once."""

import pytest

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
    nonce_of,
    sends,
    sip,
    starts,
)


def test_a_press_without_proof_rings_as_not_proven() -> None:
    session = make(credentials=PASSWORDS.get)
    assert events(session.receive(UDP, sip(), T0)) == []
    assert session.next_due() == T0 + 5 * SECOND
    (event,) = events(session.due(T0 + 5 * SECOND))
    assert (event.type.value, event.subject) == ("help.pressed", "scaip:10149471")
    assert (event.data.code, event.data.reference) == ("stc=10 dty=3", "1193308443")
    assert event.data.note == NOT_PROVEN
    assert event.data.caller == ()  # a number that a stranger wants called


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (mrq(cid="10149471", stc="10"), "help.pressed"),
        (mrq(cid="10149471", dty="5"), "fall.detected"),
        (mrq(cid="10149471", dty="23", stc="9"), "smoke.detected"),
        (mrq(cid="10149471", stc="10", mty="IN"), "help.pressed"),
    ],
)
def test_help_with_a_wrong_password_is_forbidden_and_rings_at_once(body: str, kind: str) -> None:
    session = make(credentials=PASSWORDS.get)
    nonce = nonce_of(sends(session.receive(UDP, sip(body), T0))[0])
    proof = authorization(nonce, "guess")
    outputs = session.receive(UDP, sip(body, cseq=2, extra=[proof]), T0)
    assert starts(outputs) == ["SIP/2.0 403 Forbidden"]
    assert kinds(outputs) == [kind]
    again = session.receive(UDP, sip(body, cseq=3, extra=[proof]), T0 + SECOND)
    assert (starts(again), events(again)) == (["SIP/2.0 403 Forbidden"], [])
    assert events(session.due(T0 + 5 * SECOND)) == []


@pytest.mark.parametrize(
    "body",
    [
        mrq(cid="10149471", stc="10", mty="RE"),
        mrq(cid="10149471", stc="92"),
        mrq(cid="10149471", stc="86"),
        mrq(cid="10149471", dty="23", mty="RE"),
        mrq(cid="10149471", mty="PI"),
        mrq(cid="10149471", stc="16"),
        "<mrq>no request</mrq>",
    ],
)
def test_what_is_no_call_changes_nothing_without_proof(body: str) -> None:
    session = make(credentials=PASSWORDS.get)
    session.receive(UDP, sip(body), T0)
    (late,) = events(session.due(T0 + 5 * SECOND))
    assert (late.type.value, late.subject) == ("device.unknown", "scaip:10149471")


def test_an_unproven_heartbeat_does_not_hide_a_press_with_its_reference() -> None:
    session = make(credentials=PASSWORDS.get)
    session.receive(UDP, sip(mrq(cid="10149471", mty="PI")), T0)
    session.receive(UDP, sip(mrq(cid="10149471", stc="10"), branch="z9hG4bK2"), T0)
    assert kinds(session.due(T0 + 5 * SECOND)) == ["device.unknown", "help.pressed"]


def test_a_forged_press_does_not_absorb_the_true_one() -> None:
    session = make(credentials=PASSWORDS.get)
    nonce = nonce_of(sends(session.receive(UDP, sip(), T0))[0])
    forged = session.receive(UDP, sip(cseq=2, extra=[authorization(nonce, "guess")]), T0)
    true = session.receive(UDP, sip(cseq=3, extra=[authorization(nonce, "correct horse")]), T0)
    assert kinds(forged) == kinds(true) == ["help.pressed"]
    assert events(forged)[0].id != events(true)[0].id


def test_a_captured_proof_does_not_carry_another_body() -> None:
    session = make(credentials=PASSWORDS.get)
    nonce = nonce_of(sends(session.receive(UDP, sip(), T0))[0])
    request = sip(cseq=2, branch="z9hG4bK2", extra=[authorization(nonce, "correct horse")])
    first = session.receive(UDP, request, T0)
    assert session.receive(UDP, request, T0) == first[:1]  # a retransmission, answered as before
    proof = authorization(nonce, "correct horse")
    cancel = mrq(cid="10149471", stc="10", mty="RE")
    replay = session.receive(UDP, sip(cancel, cseq=3, extra=[proof]), T0 + SECOND)
    assert starts(replay) == ["SIP/2.0 401 Unauthorized"]
    assert (events(replay), b"stale=true" in sends(replay)[0]) == ([], True)
    fresh = nonce_of(sends(replay)[0])
    assert fresh != nonce
    proof = authorization(fresh, "correct horse")
    assert kinds(session.receive(UDP, sip(cancel, cseq=4, extra=[proof]), T0 + SECOND)) == [
        "help.cancelled"
    ]


def test_a_nonce_serves_again_with_a_higher_count_only() -> None:
    session = make(credentials=PASSWORDS.get)
    nonce = nonce_of(sends(session.receive(UDP, sip(), T0))[0])
    starts_of = {}
    for cseq, nc in enumerate(("00000001", "0000000a", "00000002"), 2):
        proof = authorization(nonce, "correct horse", nc=nc)
        request = sip(mrq(cid="10149471", mty="PI"), cseq=cseq, extra=[proof])
        starts_of[nc] = starts(session.receive(UDP, request, T0))[0]
    assert starts_of == {
        "00000001": "SIP/2.0 202 Accepted",
        "0000000a": "SIP/2.0 202 Accepted",
        "00000002": "SIP/2.0 401 Unauthorized",
    }
