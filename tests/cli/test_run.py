"""`varde run` with everything real: it comes up, takes a change, comes back, and ends in order."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "fjordvik.yaml"
VARDE = [sys.executable, "-m", "hub.cli.main"]
READY = "Ready: "

pytestmark = pytest.mark.broker


class Hub:
    """`varde run` as a child process."""

    def __init__(self, folder: Path, *arguments: str, file: Path = SAMPLE, **settings: Any) -> None:
        self.state = folder / "state"
        self.settings = folder / "settings.yaml"
        loopback = "127.0.0.1:0"
        content = {
            "state_dir": str(self.state),
            "web": {"bind": loopback},
            "http": {"bind": loopback},
            "listeners": {"scaip": {"udp": loopback, "tcp": loopback}, "gps": {"tcp": loopback}},
            **settings,
        }
        self.settings.write_text(json.dumps(content))
        command = ["run", str(file), "--settings", str(self.settings), "--language", "en"]
        self.process = subprocess.Popen(
            [*VARDE, *command, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def lines_until_ready(self) -> list[str]:
        """Return what it said up to its ready line, or up to its end."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip())
            if line.startswith(READY):
                break
        return lines

    def run_json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / "run.json").read_text())
        return found

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path)
    yield one
    one.process.kill()
    one.process.communicate()


def varde(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*VARDE, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def all_gone(pids: dict[str, int]) -> bool:
    return all(_gone(pid) for pid in pids.values())


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_it_comes_up_takes_a_change_and_ends_in_order(hub: Hub, tmp_path: Path) -> None:
    assert hub.lines_until_ready()[-1].startswith("Ready: http://127.0.0.1:")
    run = hub.run_json()
    assert set(run["pids"]) == {"broker", "router", "web", "adapters", "supervisor"}
    assert set(run["listeners"]) == {"scaip", "gps", "medication"}
    address = run["listeners"]["gps"]["tcp"]
    socket.create_connection((address[0], address[1]), timeout=5).close()

    changed = tmp_path / "changed.yaml"
    source = SAMPLE.read_text("utf-8").replace("wait: 3 min", "wait: 4 min")
    changed.write_text(source.replace("  - {id: petter,", "  - {id: pettersen,"), "utf-8")
    apply = ["apply", str(changed), "--settings", str(hub.settings), "--language", "en"]
    assert varde(*apply).stdout.splitlines() == [
        "removed: person petter",
        "added: person pettersen",
        "changed: policy everyday (steps)",
        "3 changes recorded.",
    ]
    second = varde("run", str(SAMPLE), "--settings", str(hub.settings), "--language", "en")
    assert second.returncode == 2
    assert second.stderr.startswith("Another hub already uses")

    assert hub.end(signal.SIGTERM) == 0
    assert all_gone(run["pids"])
    assert not (hub.state / "run.json").exists()
    exported = varde("export", "--settings", str(hub.settings)).stdout
    assert "id: pettersen" in exported
    assert "wait: 4 min" in exported


def test_nothing_outlives_a_killed_supervisor_and_it_starts_again(hub: Hub, tmp_path: Path) -> None:
    hub.lines_until_ready()
    run = hub.run_json()
    watched = [os.pidfd_open(pid) for name, pid in run["pids"].items() if name != "supervisor"]
    hub.end(signal.SIGKILL)
    for descriptor in watched:
        _wait_for_end(descriptor)
    again = Hub(tmp_path)
    try:
        lines = again.lines_until_ready()
        assert lines[-1].startswith(READY)
        assert not any(line.startswith("added:") for line in lines)
    finally:
        again.end(signal.SIGINT)


def _wait_for_end(descriptor: int) -> None:
    """Wait for a process that is not our child; a pidfd is readable when it has ended."""
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(10_000)
    os.close(descriptor)


def test_a_taken_port_is_named_and_ends_with_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hub = Hub(tmp_path, web={"bind": f"127.0.0.1:{port}"})
        lines = hub.lines_until_ready()
        assert hub.process.wait(20) == 2
    assert lines[-1] == (
        f"127.0.0.1:{port} cannot be used: another program has it, or it is no address of this "
        "machine. `ss -lntup` shows who has it; or set another address at `web.bind` in the "
        "settings."
    )


def test_one_part_alone_needs_a_broker_that_others_run(tmp_path: Path) -> None:
    hub = Hub(tmp_path, "--only", "adapters")
    assert hub.lines_until_ready()[-1] == (
        "adapters alone needs a broker that others run: "
        "set `broker: {url: mqtt://host:port}` in the settings."
    )
    assert hub.process.wait(20) == 2


def test_a_wrong_file_starts_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SAMPLE.read_text("utf-8").replace("wait: 90 s", "wait: 90"), "utf-8")
    hub = Hub(tmp_path, file=bad)
    assert "`90` is no duration" in "\n".join(hub.lines_until_ready())
    assert hub.process.wait(20) == 1
    assert not hub.state.exists()
