"""REGISTER, and where the answer goes."""

from collections.abc import Sequence

import pytest

from adapters.scaip import (
    Credential,
    DeviceSettings,
    Limits,
    RequireAuth,
    ScaipConfig,
    ScaipSession,
)
from adapters.scaip.registrar import Registrar
from adapters.scaip.sip_message import SipRequest, parse_datagram
from adapters.session import Keep, Outcome, Output, Send
from tests.adapters.scaip.unit import (
    SECOND,
    SECRET,
    T0,
    TCP,
    UDP,
    events,
    make,
    sends,
    sip,
    starts,
)

CONTACT = "Contact: <sip:10149471@192.0.2.10:5062>"


def _register(*extra: str, cseq: int = 1, user: str = "10149471", transport: str = "UDP") -> bytes:
    return sip(
        "", method="REGISTER", cseq=cseq, to=user, user=user, extra=extra, transport=transport,
        branch=f"z9hG4bKr{cseq}",
    )  # fmt: skip


def _kept(outputs: Sequence[Output]) -> dict[str, str | None]:
    return {output.key: output.value for output in outputs if isinstance(output, Keep)}


def _answer(session: ScaipSession, peer: str = UDP, at: int = T0, branch: str = "m") -> list[Send]:
    transport = peer[:3].upper()
    outputs = session.receive(peer, sip(transport=transport, branch=f"z9hG4bK{branch}"), at)
    (event,) = events(outputs)
    answer = session.confirm(event.id, Outcome.DURABLE, at)
    return [output for output in answer if isinstance(output, Send)]


def test_the_answer_goes_to_the_registered_contact() -> None:
    session = make()
    outputs = session.receive(UDP, _register(CONTACT, "Expires: 600"), T0)
    assert starts(outputs) == ["SIP/2.0 200 OK"]
    assert b"Contact: <sip:10149471@192.0.2.10:5062>;expires=600\r\n" in sends(outputs)[0]
    (answer,) = _answer(session)
    assert answer.peer == "udp:192.0.2.10:5062"
    assert answer.data.startswith(b"MESSAGE sip:10149471@192.0.2.10:5062 SIP/2.0\r\n")


def test_a_contact_behind_a_nat_is_reached_where_it_registered() -> None:
    session = make()
    nat = "udp:198.51.100.7:61000"
    session.receive(nat, _register("Contact: <sip:10149471@10.0.0.5:5060>"), T0)
    (answer,) = _answer(session, nat)
    assert answer.peer == nat
    assert answer.data.startswith(b"MESSAGE sip:10149471@10.0.0.5:5060 SIP/2.0\r\n")


def test_an_unproven_contact_takes_no_answer_from_another_host() -> None:
    session = make()
    session.receive("udp:203.0.113.66:5060", _register("Contact: <sip:x@203.0.113.66>"), T0)
    (answer,) = _answer(session)
    assert answer.peer == UDP


def test_expiry_ends_the_contact() -> None:
    session = make()
    session.receive(UDP, _register(CONTACT, "Expires: 60"), T0)
    (answer,) = _answer(session, at=T0 + 60 * SECOND)
    assert answer.peer == UDP


CONFIGURED = {"10149471": DeviceSettings()}


def test_contacts_of_configured_devices_survive_a_restart() -> None:
    kept = _kept(make(devices=CONFIGURED).receive(UDP, _register(CONTACT), T0))
    assert list(kept) == ["contact/10149471"]
    restored = {key: value for key, value in kept.items() if value is not None}
    session = ScaipSession(ScaipConfig(secret=SECRET), restored)
    (answer,) = _answer(session, at=T0 + SECOND)
    assert answer.peer == "udp:192.0.2.10:5062"


def test_strangers_are_only_in_memory_and_only_so_many() -> None:
    session = make(limits=Limits(strangers=2))
    for cseq, user in enumerate(("a", "b", "10149471")):
        request = _register(CONTACT, user=user, cseq=cseq)
        assert _kept(session.receive(UDP, request, T0)) == {}
    (answer,) = _answer(session)
    assert answer.peer == "udp:192.0.2.10:5062"
    assert list(session._registrar._users) == ["b", "10149471"]


def test_a_password_makes_a_device_configured() -> None:
    known = {"10149471": Credential(password="p")}.get
    session = make(credentials=known, require_auth=RequireAuth.NEVER)
    assert list(_kept(session.receive(UDP, _register(CONTACT), T0))) == ["contact/10149471"]


def test_a_refresh_within_the_hour_changes_nothing_kept() -> None:
    session = make(devices=CONFIGURED)
    first = _kept(session.receive(UDP, _register(CONTACT, "Expires: 600"), T0))
    again = _register(CONTACT, "Expires: 600", cseq=2)
    assert _kept(session.receive(UDP, again, T0 + 300 * SECOND)) == first
    assert "1795003200000000" in str(first["contact/10149471"])


def test_unregistering_forgets() -> None:
    session = make(devices=CONFIGURED)
    session.receive(UDP, _register(CONTACT), T0)
    outputs = session.receive(UDP, _register("Contact: *", "Expires: 0", cseq=2), T0)
    assert _kept(outputs) == {"contact/10149471": None}
    session.receive(UDP, _register(CONTACT, cseq=3), T0)
    outputs = session.receive(UDP, _register(f"{CONTACT};expires=0", cseq=4), T0)
    assert _kept(outputs) == {"contact/10149471": None}
    (answer,) = _answer(session)
    assert answer.peer == UDP


@pytest.mark.parametrize(
    ("extra", "start"),
    [
        ([CONTACT, "Expires: 10"], "SIP/2.0 423 Interval Too Brief"),
        (["Contact: *"], "SIP/2.0 400 Contact * stands alone with Expires 0"),
        (
            ["Contact: *", CONTACT, "Expires: 0"],
            "SIP/2.0 400 Contact * stands alone with Expires 0",
        ),
        (["Contact: <tel:112>"], "SIP/2.0 400 Bad Contact or Expires"),
        ([CONTACT, "Expires: soon"], "SIP/2.0 400 Bad Contact or Expires"),
        ([f"Contact: <sip:{'a' * 600}@h>"], "SIP/2.0 400 To names no user, or a value is too long"),
        ([], "SIP/2.0 200 OK"),
    ],
)
def test_refusals(extra: list[str], start: str) -> None:
    outputs = make().receive(UDP, _register(*extra), T0)
    assert starts(outputs) == [start]
    assert _kept(outputs) == {}


def test_min_expires_is_named() -> None:
    outputs = make().receive(UDP, _register(CONTACT, "Expires: 10"), T0)
    assert b"\r\nMin-Expires: 60\r\n" in sends(outputs)[0]


def test_a_device_with_a_password_must_prove_itself() -> None:
    session = make(credentials={"10149471": Credential(password="p")}.get)
    outputs = session.receive(UDP, _register(CONTACT), T0)
    assert starts(outputs) == ["SIP/2.0 401 Unauthorized"]
    assert _kept(outputs) == {}


def test_tcp_answers_on_the_open_connection() -> None:
    session = make()
    session.opened(TCP, T0)
    session.receive(TCP, _register("Contact: <sip:10149471@192.0.2.10:5060>", transport="TCP"), T0)
    (answer,) = _answer(session, TCP)
    assert answer.peer == TCP


def _request(user: str) -> SipRequest:
    message = parse_datagram(_register("Contact: <sip:a@192.0.2.10>", user=user))
    assert isinstance(message, SipRequest)
    return message


def test_a_full_registrar_gives_up_the_oldest_unproven_then_refuses() -> None:
    registrar = Registrar(ScaipConfig(secret=SECRET, limits=Limits(contacts=2)), {})
    assert registrar.register(UDP, _request("a"), True, T0).status == 200
    assert registrar.register(UDP, _request("b"), False, T0).status == 200
    third = registrar.register(UDP, _request("c"), True, T0)
    assert third.status == 200
    assert list(registrar._users) == ["a", "c"]
    assert registrar.register(UDP, _request("d"), True, T0).status == 503


def test_a_proven_contact_serves_when_the_connection_has_gone() -> None:
    registrar = Registrar(ScaipConfig(secret=SECRET), {})
    registrar.register(UDP, _request("a"), True, T0)
    assert registrar.fallback("a", False, T0) == ("udp:192.0.2.10:5060", "sip:a@192.0.2.10")
    assert registrar.fallback("a", False, T0 + 3_600 * SECOND) is None
    registrar.register(UDP, _request("b"), False, T0)
    assert registrar.fallback("b", False, T0) is None


def test_what_was_asked_over_tls_is_not_answered_in_the_clear() -> None:
    registrar = Registrar(ScaipConfig(secret=SECRET), {})
    registrar.register("tls:192.0.2.10:40112#1", _request("a"), True, T0)
    registrar.register(TCP, _request("a"), True, T0)
    found = registrar.fallback("a", True, T0)
    assert found is None or found[0].startswith("tls:")
    registrar.closed("tls:192.0.2.10:40112#1")
    assert registrar.fallback("a", True, T0) is None


def test_expired_contacts_are_swept() -> None:
    registrar = Registrar(ScaipConfig(secret=SECRET), {})
    registrar.register(UDP, _request("a"), True, T0)
    later = registrar.register(UDP, _request("b"), True, T0 + 7_200 * SECOND)
    assert _kept(later.outputs)["contact/a"] is None
