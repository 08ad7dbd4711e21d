"""The GPS pendant against a stub server that acknowledges by hand."""

import asyncio
import binascii
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from simulators.devicelog import DeviceLog
from simulators.faults import Faults
from simulators.gps import GpsPendant, GpsTimes

IMEI = "863921039983476"
ROUTE = ((60.1, 5.1), (60.2, 5.2), (60.3, 5.3))
QUICK = GpsTimes(
    resend_s=0.03, give_up_s=3.0, reconnect_min_s=0.01, reconnect_max_s=0.02, step_s=60
)


class Server:
    """A stub server: `acknowledges(n)` says what becomes of the n-th frame."""

    def __init__(self, acknowledges: Callable[[int], bool | None]) -> None:
        self.acknowledges = acknowledges
        self.frames: list[bytes] = []
        self.connections = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readexactly(8)
                frame = head + await reader.readexactly(struct.unpack_from("<H", head, 2)[0])
                self.frames.append(frame)
                wish = self.acknowledges(len(self.frames))
                if wish is None:
                    break
                if wish:
                    writer.write(self.answer_to(frame))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    def answer_to(frame: bytes) -> bytes:
        index = frame[6:8]
        if frame[8] == 0x03:
            content = bytes.fromhex("0305122ab34763")
            # binascii's CRC-HQX is CRC-16/XMODEM: an oracle that is not the simulator's own.
            crc = struct.pack("<H", binascii.crc_hqx(content, 0))
            return b"\xab\x00\x07\x00" + crc + index + content
        return bytes.fromhex("ab00030008c7") + index + bytes.fromhex("7f0100")

    def alarms(self) -> list[int]:
        """The alarm codes, read at the place where such a frame has them."""
        found = [frame.find(bytes.fromhex("0902"), 47) for frame in self.frames]
        return [
            struct.unpack_from("<I", frame, at + 2)[0]
            for frame, at in zip(self.frames, found, strict=True)
            if at >= 0
        ]


@asynccontextmanager
async def playing(
    acknowledges: Callable[[int], bool | None], *, faults: Faults | None = None, seed: int = 1
) -> AsyncIterator[tuple[Server, GpsPendant, DeviceLog]]:
    server, log = Server(acknowledges), DeviceLog()
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    device = GpsPendant(
        IMEI,
        "127.0.0.1",
        server.port,
        route=ROUTE,
        seed=seed,
        log=log,
        faults=faults or Faults(),
        times=QUICK,
        clock=lambda: 1665643305.0,
    )
    await device.start()
    try:
        yield server, device, log
    finally:
        await device.stop()
        listener.close()


async def test_each_alarm_has_its_bit_and_is_acknowledged() -> None:
    async with playing(lambda n: True) as (server, device, _):
        answers = [
            await device.sos(),
            await device.fall(),
            await device.leave_zone(),
            await device.enter_zone(),
            await device.battery_low(),
        ]
        assert all(answer.accepted for answer in answers)
        assert server.alarms() == [0x1000, 0x4, 0x10, 0x04000010, 0x1]
        assert all(IMEI.encode() in frame for frame in server.frames)


async def test_every_frame_has_a_true_checksum_and_asks_for_an_answer() -> None:
    async with playing(lambda n: True) as (server, device, _):
        await device.sos()
        assert {frame[1] for frame in server.frames} == {0x10}
        for frame in server.frames:
            assert struct.unpack_from("<H", frame, 4)[0] == binascii.crc_hqx(frame[8:], 0)


async def test_the_server_is_asked_for_the_time() -> None:
    async with playing(lambda n: True) as (_, device, _):
        assert (await device.sync_clock()).accepted
        assert device.server_time_s == 0x6347B32A


async def test_a_frame_is_sent_again_octet_by_octet_until_it_is_acknowledged() -> None:
    async with playing(lambda n: n > 6) as (server, device, log):
        answer = await device.sos()
        assert answer.accepted
        sent = [frame for frame in server.frames if bytes.fromhex("090200100000") in frame]
        assert len(sent) >= 2
        assert len(set(sent)) == 1
        whats = [entry.what for entry in log.entries if entry.action == "sos"]
        assert whats[0] == "sent"
        assert whats[1] == "resent"
        assert whats[-1] == "answered"


async def test_a_lost_connection_is_made_again_and_the_frame_sent_again() -> None:
    async with playing(lambda n: None if n < 4 else True) as (server, device, _):
        assert (await device.sos()).accepted
        assert server.connections >= 4


async def test_nobody_answers_and_the_device_says_so() -> None:
    log = DeviceLog()
    times = GpsTimes(resend_s=0.01, give_up_s=0.05, reconnect_min_s=0.01)
    device = GpsPendant(IMEI, "127.0.0.1", 1, route=ROUTE, seed=1, log=log, times=times)
    await device.start()
    answer = await device.sos()
    await device.stop()
    assert not answer.accepted
    assert "no acknowledgement" in answer.detail


async def test_one_seed_gives_one_row_of_frames() -> None:
    told = []
    for _ in range(2):
        async with playing(lambda n: True, seed=5) as (server, device, _):
            await device.sos()
            await device.report()
            told.append(sorted(server.frames))
    assert told[0] == told[1]


async def test_faults_end_in_an_answer_and_repeats_keep_their_index() -> None:
    faults = Faults(
        repeat=0.5, delay=0.5, reorder=0.3, lose_answer=0.4, delay_max_s=0.02, hold_s=0.03
    )
    async with playing(lambda n: True, faults=faults, seed=9) as (server, device, _):
        answers = await asyncio.gather(*(device.sos() for _ in range(8)))
        assert all(answer.accepted for answer in answers)
        pressed = [frame for frame in server.frames if bytes.fromhex("090200100000") in frame]
        assert len(pressed) > 8
        assert len({frame[6:8] for frame in pressed}) == 8
