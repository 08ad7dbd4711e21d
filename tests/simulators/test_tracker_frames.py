"""What the GT06 and Teltonika simulators put on the wire, against payloads from outside.

Sources: frames from Traccar's GT06 and Teltonika decoder tests (Apache-2.0), one GT06 alarm built
by the rules of the protocol; the check values of CRC-16/X-25 and CRC-16/ARC.
"""

from simulators import gt06, teltonika

IMEI = "353419036066061"
NOW_S = 1_795_348_800


def test_a_gt06_alarm_is_octet_for_octet_the_documented_one() -> None:
    where = gt06.gps(NOW_S, 59.9139, 10.7522)
    content = gt06.alarm(where, gt06.POWER_CUT, battery_level=4)
    assert gt06.frame(gt06.ALARM, 0x22, content).hex() == (
        "787825261a0b160c0000ca066d959c0127516803145a0900f201271100abcd4604030202002256b90d0a"
    )


def test_a_gt06_login_is_octet_for_octet_the_captured_one() -> None:
    assert gt06.login(IMEI, 3).hex() == "78780d0103534190360660610003c3df0d0a"
    assert gt06.crc16_x25(b"123456789") == 0x906E


def test_a_gt06_answer_is_read_however_it_is_cut() -> None:
    framer = gt06.Framer()
    data = bytes.fromhex("00787805010003face0d0a78780516004b3d120d0a787805010003ffff0d0a")
    found = [frame for octet in data for frame in framer.feed(bytes([octet]))]
    assert [(frame.kind, frame.serial) for frame in found] == [(0x01, 3), (0x16, 75)]


def test_a_teltonika_login_is_octet_for_octet_the_captured_one() -> None:
    assert teltonika.login("123456789012345").hex() == "000f313233343536373839303132333435"
    assert teltonika.crc16_arc(b"123456789") == 0xBB3D


def test_a_teltonika_frame_is_octet_for_octet_the_captured_one() -> None:
    io = {1: (1, 0), 179: (1, 0), 180: (1, 0), 239: (1, 0), 9: (2, 32), 78: (8, 0)}
    record = teltonika.Record(
        1520208466000,
        25.06804,
        55.1443366,
        io=io,
        speed_kmh=0,
        satellites=0,
        altitude_m=0,
        course_deg=0,
    )
    assert teltonika.frame([record], teltonika.CODEC_8).hex() == (
        "0000000000000035080100000161f37c50500020de5ba60ef11450000000000000000006040100b300b400"
        "ef000109002000014e0000000000000000010000be52"
    )
