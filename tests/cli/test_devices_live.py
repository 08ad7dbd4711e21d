"""A real device's way in, with everything real: a running hub, a broker, a simulated pendant that
nobody has registered, and the commands that a person uses."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.devicelog import DeviceLog
from simulators.gps import GpsPendant, GpsTimes
from tests.cli.test_run import ROOT, VARDE, Hub, hub, varde

__all__ = ["hub"]
pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]

IMEI = "863921030000099"
SUBJECT = f"ev07b:{IMEI}"
ROUTE = ((60.1, 5.1), (60.2, 5.2))
QUICK = GpsTimes(resend_s=0.5, give_up_s=60, reconnect_min_s=0.1, reconnect_max_s=0.5, step_s=600)


@asynccontextmanager
async def pendant(hub: Hub) -> AsyncIterator[GpsPendant]:
    host, port = hub.run_json()["listeners"]["gps"]["tcp"][:2]
    one = GpsPendant(IMEI, host, port, route=ROUTE, seed=1, log=DeviceLog(), times=QUICK)
    await one.start()
    yield one
    await one.stop()


def said(hub: Hub, *arguments: str) -> str:
    """Return what a command printed; it must have succeeded."""
    done = varde(*arguments, "--settings", str(hub.settings), "--language", "en")
    assert done.returncode == 0, done.stderr
    return done.stdout


class Command:
    """A command that runs beside the test."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    @classmethod
    async def begin(cls, hub: Hub, *arguments: str) -> "Command":
        more = ["--settings", str(hub.settings), "--language", "en"]
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                *[sys.executable, *VARDE[1:], *arguments, *more],
                cwd=ROOT,
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.STDOUT,
            )
        )

    async def until(self, *texts: str) -> str:
        """Read lines until one holds any of the texts; return that line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while raw := await self.process.stdout.readline():
                self.lines.append(raw.decode().rstrip())
                if any(text in self.lines[-1] for text in texts):
                    return self.lines[-1]
        raise AssertionError(f"{texts} not in {self.lines}")

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    async def end(self) -> int:
        """Read what is left, and return the exit code."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            self.lines += (await self.process.stdout.read()).decode().splitlines()
            return await self.process.wait()

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()


async def test_unknown_assigned_and_replayed(hub: Hub) -> None:
    hub.lines_until_ready()
    async with pendant(hub) as device:
        await device.sos()
    (line,) = said(hub, "devices", "unknown").splitlines()
    assert line.startswith(f"{SUBJECT}  by gps (ev07b)")
    assert "help.pressed" in line
    wrong = varde(
        *("devices", "assign", SUBJECT, "--id", "new-gps", "--resident", "nobody"),
        *("--settings", str(hub.settings)),
    )
    assert wrong.returncode == 1
    assert "nobody" in wrong.stderr
    said(hub, "devices", "assign", SUBJECT, "--id", "new-gps", "--resident", "edvard")
    assert "id: new-gps" in varde("export", "--settings", str(hub.settings)).stdout
    assert "Replayed: 1 frames gave 1 events; 0 " in said(hub, "devices", "replay", SUBJECT)
    assert "Replayed: 0 frames" in said(hub, "devices", "replay", SUBJECT)


async def test_listen_shows_and_record_saves_what_a_device_says(hub: Hub, tmp_path: Path) -> None:
    hub.lines_until_ready()
    out = tmp_path / "session.yaml"
    listening = await Command.begin(hub, "listen", "--listener", "gps", "--for", "20")
    recording = await Command.begin(hub, "record", SUBJECT, "--out", str(out), "--for", "20")
    try:
        await listening.until("Looking on")
        await recording.until("Recording")
        async with pendant(hub) as device:
            await device.sos()
            await listening.until("= help.pressed")
        assert await recording.end() == 0, recording.lines
        assert await listening.end() == 0
    finally:
        listening.kill()
        recording.kill()
    shown = "\n".join(listening.lines)
    assert " < ab" in shown
    assert "= safe in the hub" in shown
    assert " > ab00" in shown
    assert f"Unknown device {SUBJECT}" in shown
    text = out.read_text()
    assert IMEI not in text
    assert IMEI.encode().hex() not in text
    assert "help.pressed" in text
    played = varde("scenario", str(out), "--verbose")
    assert played.returncode == 0, played.stdout + played.stderr


async def test_acceptance_leads_through_a_test(hub: Hub, tmp_path: Path) -> None:
    hub.lines_until_ready()
    refused = varde("acceptance", "gps-edvard", "--settings", str(hub.settings))
    assert refused.returncode == 1
    assert "exercise" in refused.stderr
    assign = ("--id", "try-gps", "--resident", "edvard", "--exercise")
    said(hub, "devices", "assign", SUBJECT, *assign)
    report = tmp_path / "report"
    begin = ("acceptance", "try-gps", "--out", str(report), "--model", "Simulated")
    async with pendant(hub) as device:
        test = await Command.begin(hub, *begin)
        try:
            await test.until("Press the help button once.")
            test.type("")
            await device.sos()
            await test.until("passed")
            await test.until("Press the help button once and wait")
            test.type("")
            await test.until("Ready: press now")
            await device.sos()
            await test.until("passed")
            await test.until("Press once more and wait")
            test.type("q")
            assert await test.end() == 1
            assert any("The test is cut" in line for line in test.lines)
            test = await Command.begin(hub, *begin)
            await test.until("Press once more and wait")
            test.type("")
            await test.until("Ready: press now")
            await device.sos()
            await test.until("passed")
            await test.until("Press, and cancel")
            test.type("s")
            for step in ("Let the device send its battery", "Go outside"):
                await test.until(step)
                test.type("")
                await device.report()
                await test.until("passed")
            await test.until("Take its power away")
            test.type("s")
            await test.until("Switch it on")
            test.type("")
            await device.report()
            await test.until("passed")
            assert await test.end() == 0, test.lines
        finally:
            test.kill()
    found = json.loads(report.with_suffix(".json").read_text())
    assert found["passed"] is True
    assert {name: one["verdict"] for name, one in found["steps"].items()} == {
        "press": "passed",
        "lost_answer": "passed",
        "duplicate": "passed",
        "cancel": "skipped",
        "battery": "passed",
        "position": "passed",
        "power_cut": "skipped",
        "silence": "not_applicable",
        "link_back": "passed",
    }
    assert 0 < found["steps"]["lost_answer"]["figures"]["again_s"] < 30
    for suffix in (".json", ".md"):
        assert IMEI not in report.with_suffix(suffix).read_text()
