"""What the simulators put on the wire, octet by octet, against payloads from outside.

Sources: EV-07B frames from Traccar's `Minifinder2ProtocolDecoderTest` (Apache-2.0), and frames
derived from them with the checksum recomputed; SCAIP bodies as captured by a public alarm receiver,
phone digits masked; digest examples from RFC 7616 section 3.9.1; the Standard Webhooks reference
vector; the check value of CRC-16/XMODEM.
"""

import struct

import pytest

from simulators import ev07b, scaip
from simulators.dispenser import key_from_text, signed_headers
from simulators.sip import digest
from simulators.sip.digest import Challenge, Credentials
from simulators.sip.text import Framer, SipText, answer, read

IMEI = "863921039983476"


def _alarm_frame(index: int, code: int) -> str:
    content = (
        ev07b.imei(IMEI) + ev07b.status(0x6347B329, 100, 0xA90330) + ev07b.alarm(code, 0x6347B327)
    )
    return ev07b.frame(index, ev07b.DATA, content).hex()


def _captured_alarm(code_hex: str, index_hex: str, crc_hex: str) -> str:
    return (
        f"ab102600{crc_hex}{index_hex}01100138363339323130333939383334373609"
        f"2429b347633003a9640902{code_hex}27b34763"
    )


@pytest.mark.parametrize(
    ("code", "index", "expected"),
    [
        (0x80000000, 20, _captured_alarm("00000080", "1400", "080f")),
        (ev07b.ALARM_FALL, 21, _captured_alarm("04000000", "1500", "b522")),
        (ev07b.zone_alarm(1, entered=False), 21, _captured_alarm("10000000", "1500", "6c10")),
        (ev07b.ALARM_POWER_OFF, 21, _captured_alarm("00010000", "1500", "b995")),
    ],
)
def test_an_alarm_frame_is_octet_for_octet_the_captured_one(
    code: int, index: int, expected: str
) -> None:
    assert _alarm_frame(index, code) == expected


def test_a_position_is_octet_for_octet_the_captured_one() -> None:
    fix = ev07b.Fix(22.4382, 114.05236, 45, 175, 12634, 8.8, 2669, 11)
    assert ev07b.position(fix).hex() == "162030cc5f0d5002fb432d00af005a3158006d0a00000b"


def test_zone_codes_are_the_documented_bits() -> None:
    assert ev07b.ALARM_SOS == 0x1000
    assert ev07b.zone_alarm(1, entered=True) == 0x04000010
    assert ev07b.zone_alarm(4, entered=False) == 0x00000080


def test_the_checksum_has_its_published_check_value() -> None:
    assert ev07b.crc16_xmodem(b"123456789") == 0x31C3


def test_an_acknowledgement_is_read_however_it_is_cut() -> None:
    data = bytes.fromhex("00ab00030008c714007f0100ab00030008c7dd017f0100")
    framer = ev07b.Framer()
    found = [frame for octet in data for frame in framer.feed(bytes([octet]))]
    assert [(frame.index, frame.kind) for frame in found] == [(20, 0x7F), (477, 0x7F)]


def test_a_frame_with_a_false_checksum_is_no_acknowledgement() -> None:
    assert ev07b.Framer().feed(bytes.fromhex("ab00030009c714007f0100")) == []


def test_the_time_of_the_server_is_read() -> None:
    content = bytes.fromhex("03") + ev07b.item(ev07b.KEY_TIME, struct.pack("<I", 1665643305))
    framed = struct.pack("<BBHHH", 0xAB, 0, len(content), ev07b.crc16_xmodem(content), 7) + content
    (frame,) = ev07b.Framer().feed(framed)
    assert frame.items == ((0x12, bytes.fromhex("29b34763")),)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "ref=00001883 cha=0 mty=ME cid=26317 dty=02 did=00 crd=gsm:+37200000000 stc=010",
            b"<mrq><ref>00001883</ref><cha>0</cha><mty>ME</mty><cid>26317</cid><dty>02</dty>"
            b"<did>00</did><crd>gsm:+37200000000</crd><stc>010</stc></mrq>",
        ),
        (
            "ref=1193308443 cid=10149471 dty=3 stc=10 crd=gsm:",
            b"<mrq><ref>1193308443</ref><cid>10149471</cid><dty>3</dty><stc>10</stc>"
            b"<crd>gsm:</crd></mrq>",
        ),
    ],
)
def test_a_scaip_request_is_octet_for_octet_the_captured_one(fields: str, expected: bytes) -> None:
    pairs = tuple(
        (tag, value) for tag, _, value in (field.partition("=") for field in fields.split())
    )
    assert scaip.encode(pairs) == expected


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b"<mrs><ref>00001A85</ref><snu>0</snu></mrs>", scaip.Verdict.DONE),
        (b"<mrs><snu>000</snu><ref> A1 </ref></mrs>", scaip.Verdict.DONE),
        (b"<mrs><ref>A1</ref><snu>4</snu></mrs>", scaip.Verdict.HOLD),
        (b"<mrs><ref>A1</ref><snu>6</snu></mrs>", scaip.Verdict.ELSEWHERE),
        (b"<mrs><ref>E1</ref><snu>7</snu></mrs>", scaip.Verdict.REFUSED),
        (b"<mrs><ref>E1</ref><snu>55</snu></mrs>", scaip.Verdict.ELSEWHERE),
    ],
)
def test_a_status_number_tells_the_unit_what_to_do(body: bytes, verdict: scaip.Verdict) -> None:
    assert scaip.decode(body).verdict is verdict


def test_an_answer_that_is_no_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="without ref or snu"):
        scaip.decode(b"<mrq><ref>A1</ref><snu>0</snu></mrq>")


def test_a_request_over_1300_octets_is_not_sent() -> None:
    with pytest.raises(ValueError, match="SCAIP allows 1300"):
        scaip.encode((("ref", "A1"), ("ite", "x" * 1400)))


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ],
)
def test_digest_gives_the_responses_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = Challenge(
        "http-auth@example.org",
        "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        algorithm,
        True,
        "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    )
    value = digest.authorization(
        challenge,
        Credentials("Mufasa", "Circle of Life"),
        "GET",
        "/dir/index.html",
        count=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert f'response="{response}"' in value
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in value


def test_the_stronger_challenge_is_chosen_and_basic_never() -> None:
    offered = (
        'Basic realm="x"',
        'Digest realm="hub", nonce="a", algorithm=MD5, qop="auth,auth-int"',
        'Digest realm="hub", nonce="b", algorithm=SHA-256, qop="auth"',
    )
    assert digest.choose(offered) == Challenge("hub", "b", "SHA-256", True, None)
    assert digest.choose(offered[:1]) is None


def test_a_password_does_not_show() -> None:
    assert "hemmelig" not in repr(Credentials("26317", "hemmelig"))


def test_a_webhook_is_signed_as_the_published_vector() -> None:
    key = key_from_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_without_prefix_is_its_own_text() -> None:
    assert key_from_text("a plain text of twenty-four\n") == b"a plain text of twenty-four"


RESPONSE = (
    b"SIP/2.0 202 Accepted\r\nv: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK776sgdkse;rport=5070\r\n"
    b"f: <sip:10149471@example.org>;tag=49583\r\nt: <sip:arc@example.org>;tag=1\r\n"
    b"i: asd88asd77a@127.0.0.1\r\nCSeq: 1 MESSAGE\r\nSubject: one\r\n two\r\nl: 4\r\n\r\nbody"
)


def test_sip_is_read_with_short_names_and_folded_lines() -> None:
    message = read(RESPONSE)
    assert (message.status, message.method, message.branch) == (202, "MESSAGE", "z9hG4bK776sgdkse")
    assert (message.header("subject"), message.body) == ("one two", b"body")


def test_a_stream_is_cut_by_content_length() -> None:
    framer = Framer()
    stream = b"\r\n" + RESPONSE + RESPONSE
    found = [m for at in range(0, len(stream), 7) for m in framer.feed(stream[at : at + 7])]
    assert [message.body for message in found] == [b"body", b"body"]


def test_our_answer_copies_what_the_standard_says() -> None:
    request = read(
        b"MESSAGE sip:26317@127.0.0.1:5070 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n"
        b"From: <sip:arc@h>;tag=1\r\nTo: <sip:26317@h>\r\nCall-ID: c\r\nCSeq: 3 MESSAGE\r\n"
        b"Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    assert answer(request, 200, "OK").to_bytes() == (
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:arc@h>;tag=1\r\n"
        b"To: <sip:26317@h>\r\nCall-ID: c\r\nCSeq: 3 MESSAGE\r\nContent-Length: 0\r\n\r\n"
    )


def test_what_is_not_sip_is_named() -> None:
    with pytest.raises(ValueError, match="not SIP"):
        read(b"GET / HTTP/1.1\r\n\r\n")


def test_a_message_that_is_written_can_be_read_as_the_same() -> None:
    message = SipText("MESSAGE sip:arc@h SIP/2.0", (("via", "SIP/2.0/UDP h;branch=b"),), b"x")
    assert read(message.to_bytes()) == message
