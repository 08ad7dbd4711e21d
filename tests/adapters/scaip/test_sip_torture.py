"""Messages in the manner of RFC 4475: odd but valid ones are read, invalid ones are answered."""

import pytest

from adapters.scaip import Limits
from adapters.scaip.sip_headers import parse_name_addr, parse_uri, parse_via, user_of
from adapters.scaip.sip_message import SipError, SipRequest, parse_datagram
from adapters.session import Close, Send
from tests.adapters.scaip.unit import ALARM, T0, TCP, UDP, kinds, make, sends, sip, starts

ODD = (
    "MESSAGE   sip:vivekg@chair-dnrc.example.com;unknownparam   SIP/2.0\r\n"
    "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
    'from   : "J Rosenberg \\\\\\""       <sip:10149471@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n'
    "MaX-fOrWaRdS: 0068\r\n"
    "i: wsinv.ndaksdj@192.0.2.1\r\n"
    "l: 91\r\n"
    "cseq: 0009\r\n  MESSAGE\r\n"
    "v  : SIP  / 2.0  /UDP\r\n    192.0.2.2;branch=390skdjuw , SIP / 2.0 / TCP 192.0.2.3\r\n"
    "s :\r\n"
    "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
    "c: application/scaip+xml\r\n\r\n" + ALARM
).encode()


def test_odd_folding_and_compact_names_are_read() -> None:
    request = parse_datagram(ODD)
    assert isinstance(request, SipRequest)
    assert request.method == "MESSAGE"
    assert request.cseq == (9, "MESSAGE")
    assert request.branch == "390skdjuw"
    assert user_of(request.first("from")) == "10149471"
    assert request.first("call-id") == "wsinv.ndaksdj@192.0.2.1"
    assert request.body == ALARM.encode()
    outputs = make().receive(UDP, ODD, T0)
    assert kinds(outputs) == ["help.pressed"]
    assert starts(outputs) == ["SIP/2.0 202 Accepted"]
    assert sends(outputs)[0].count(b"Via: ") == 2


def test_bare_line_feeds_and_leading_empty_lines_are_read_in_a_datagram() -> None:
    data = b"\r\n\r\n" + sip().replace(b"\r\n", b"\n")
    assert kinds(make().receive(UDP, data, T0)) == ["help.pressed"]


def test_octets_after_the_declared_length_are_not_body() -> None:
    assert kinds(make().receive(UDP, sip() + b"trailing", T0)) == ["help.pressed"]


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        (b"Content-Length: 91", b"Content-Length: 9999", "SIP/2.0 400 Bad Request"),
        (b"Content-Length: 91", b"Content-Length: -999", "SIP/2.0 400 Bad Request"),
        (b"Content-Length: 91", b"Content-Length: 91\r\nl: 90", "SIP/2.0 400 Bad Request"),
        (b"Content-Length: 91", b"Content-Length: " + b"9" * 400, "SIP/2.0 400 Bad Request"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 1 INVITE", "SIP/2.0 400 Bad Request"),
        (b"CSeq: 1 MESSAGE", b"CSeq: 36893488147419103232 MESSAGE", "SIP/2.0 400 Bad Request"),
        (b" SIP/2.0\r\nVia", b" SIP/7.0\r\nVia", "SIP/2.0 505 Version Not Supported"),
        (b"Call-ID: asd88asd77a@192.0.2.10\r\n", b"", "SIP/2.0 400 Bad Request"),
    ],
)
def test_malformed_requests_are_answered_and_visible(old: bytes, new: bytes, start: str) -> None:
    data = sip()
    assert old in data
    outputs = make().receive(UDP, data.replace(old, new, 1), T0)
    assert starts(outputs) == [start]
    assert kinds(outputs) == ["frame.undecodable"]


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"\xff" * 2_000,
        b"MESSAGE sip:x SIP/2.0",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        sip().replace(b"Via:", b"Vai:"),
        sip().replace(b"SIP/2.0/UDP", b"nonsense"),
        sip().replace(b"Max-Forwards: 70", b"no colon here"),
    ],
)
def test_what_cannot_be_answered_is_visible(data: bytes) -> None:
    outputs = make().receive(UDP, data, T0)
    assert sends(outputs) == []
    assert kinds(outputs) == ["frame.undecodable"]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\0\0\0\0", b"\r\n"])
def test_datagram_keep_alives_are_nothing(data: bytes) -> None:
    assert make().receive(UDP, data, T0) == []


def test_a_header_cannot_be_smuggled_into_a_response() -> None:
    data = sip().replace(b"tag=49583", b"tag=49583\rX-Evil: 1")
    (sent,) = sends(make().receive(UDP, data, T0))
    assert b"\rX-Evil" not in sent


@pytest.mark.parametrize(
    ("method", "start"),
    [
        ("OPTIONS", "SIP/2.0 200 OK"),
        ("INVITE", "SIP/2.0 405 Method Not Allowed"),
        ("SUBSCRIBE", "SIP/2.0 405 Method Not Allowed"),
        ("NEWMETHOD", "SIP/2.0 501 Not Implemented"),
    ],
)
def test_other_methods(method: str, start: str) -> None:
    outputs = make().receive(UDP, sip("", method=method), T0)
    assert starts(outputs) == [start]
    assert b"Allow: MESSAGE, REGISTER, OPTIONS" in sends(outputs)[0]
    assert kinds(outputs) == []


def test_an_ack_is_never_answered() -> None:
    assert make().receive(UDP, sip("", method="ACK"), T0) == []


def test_an_error_keeps_no_blame_to_guess() -> None:
    with pytest.raises(SipError, match="sender's fault: mandatory header missing: to, call-id"):
        parse_datagram(
            b"OPTIONS sip:x SIP/2.0\r\nv: SIP/2.0/UDP h\r\nf: <sip:a@b>\r\nCSeq: 1 OPTIONS"
        )


def test_values() -> None:
    assert parse_via("SIP/2.0/UDP [2001:db8::1]:5070;rport") is not None
    assert parse_via("SIP/2.0/UDP") is None
    uri = parse_uri("sip:1%30:secret@host.example:99999;transport=udp")
    assert uri is not None
    assert (uri.user, uri.host, uri.port) == ("10", "host.example", None)
    assert parse_uri("tel:+4720000000") is None
    assert parse_name_addr('"a;b<c>" <sip:x@y;lr>;tag=7')[1] == {"tag": "7"}


def test_a_stream_without_length_is_closed() -> None:
    session = make()
    session.opened(TCP, T0)
    data = sip(transport="TCP").replace(b"Content-Length: 91\r\n", b"")
    outputs = session.receive(TCP, data, T0)
    assert starts(outputs) == ["SIP/2.0 400 Bad Request"]
    assert kinds(outputs) == ["frame.undecodable"]
    assert outputs[-1] == Close(TCP)
    assert session.receive(TCP, sip(transport="TCP"), T0) == []


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"X-Long: " + b"a" * 20_000, []),
        (
            sip(transport="TCP").replace(b"Content-Length: 91", b"Content-Length: 9000000"),
            ["SIP/2.0 513 Message Too Large"],
        ),
    ],
)
def test_over_long_streams_are_closed(data: bytes, start: list[str]) -> None:
    session = make()
    session.opened(TCP, T0)
    outputs = session.receive(TCP, data, T0)
    assert starts(outputs) == start
    assert kinds(outputs) == ["frame.undecodable"]
    assert outputs[-1] == Close(TCP)


def test_the_stream_goes_on_after_a_bad_message() -> None:
    session = make()
    session.opened(TCP, T0)
    bad = sip(transport="TCP").replace(b"CSeq: 1 MESSAGE", b"CSeq: 1 INVITE")
    outputs = session.receive(TCP, bad + sip(transport="TCP"), T0)
    assert kinds(outputs) == ["frame.undecodable", "help.pressed"]


def test_pings_are_answered() -> None:
    session = make()
    session.opened(TCP, T0)
    assert session.receive(TCP, b"\r\n\r\n", T0) == [Send(TCP, b"\r\n")]
    assert session.receive(TCP, b"\r\n", T0) == []
    assert session.receive(TCP, b"\r\n", T0) == [Send(TCP, b"\r\n")]


def test_the_idlest_connection_gives_way() -> None:
    session = make(limits=Limits(connections=2))
    first, second, third = (f"tcp:192.0.2.1:4000{n}#{n}" for n in range(3))
    session.opened(first, T0)
    session.opened(second, T0)
    session.receive(first, b"\r\n\r\n", T0)
    assert session.opened(third, T0) == [Close(second)]
