"""`varde run` with everything real: it comes up, takes a change, comes back, and ends in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "fjordvik.yaml"
VARDE = [sys.executable, "-m", "hub.cli.main"]
READY = "Ready: "
PATIENCE_S = 60
"""A machine that has other work is slow; what does not come at all is found all the same."""

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]


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

    def has_replaced(self, part: str, pid: int) -> bool:
        return bool(self.run_json()["pids"][part] != pid)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


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
    assert poll.poll(PATIENCE_S * 1000)
    os.close(descriptor)


def test_a_taken_port_is_named_and_ends_with_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hub = Hub(tmp_path, web={"bind": f"127.0.0.1:{port}"})
        lines = hub.lines_until_ready()
        assert hub.process.wait(PATIENCE_S) == 2
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
    assert hub.process.wait(PATIENCE_S) == 2
    assert not hub.state.exists()


def test_a_part_that_hangs_is_ended_and_started_again_and_the_rest_goes_on(hub: Hub) -> None:
    hub.lines_until_ready()
    for part in ("router", "web"):  # two rounds: each part is seen to live on while another hangs
        before = hub.run_json()["pids"]
        os.kill(before[part], signal.SIGSTOP)
        until(partial(hub.has_replaced, part, before[part]))
        after = hub.run_json()["pids"]
        assert _gone(before[part])
        assert {**after, part: 0} == {**before, part: 0}


def test_changed_listeners_start_the_adapters_again(hub: Hub, tmp_path: Path) -> None:
    hub.lines_until_ready()
    before = hub.run_json()
    changed = tmp_path / "changed.yaml"
    source = SAMPLE.read_text("utf-8")
    changed.write_text(source.replace("id: gps, protocol: ev07b", "id: gps2, protocol: ev07b"))
    assert varde("apply", str(changed), "--settings", str(hub.settings)).returncode == 0
    until(lambda: "gps2" in hub.run_json()["listeners"])
    after = hub.run_json()
    assert after["pids"]["adapters"] != before["pids"]["adapters"]
    assert after["pids"]["router"] == before["pids"]["router"]
    assert set(after["listeners"]) == {"scaip", "gps2", "medication"}


def test_a_damaged_directory_takes_the_pages_only(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "directory.sqlite").write_bytes(b"no database at all " * 100)
    hub = Hub(tmp_path)
    try:
        until((state / "run.json").exists)
        run = hub.run_json()
        assert "web" not in run["pids"]
        assert set(run["listeners"]) == {"scaip", "gps", "medication"}
        (state / "directory.sqlite").unlink()
        said = "\n".join(hub.lines_until_ready())
        assert "directory.sqlite cannot be used" in said
        assert "its pages do not start" in said
        assert "Ready: http://" in said
        assert hub.run_json()["pids"]["adapters"] == run["pids"]["adapters"]
    finally:
        hub.end(signal.SIGTERM)


def test_a_broker_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    # The end waits for no pause of 5 s. A machine with other work may take as long for once.
    assert any(_ends_without_a_broker(tmp_path) < 4 for _ in range(3))


def _ends_without_a_broker(folder: Path) -> float:
    """Start where no broker is; return how many seconds the end takes once that has been told."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        hub = Hub(folder, broker={"url": f"mqtt://127.0.0.1:{port}"})
        assert hub.process.stdout is not None
        said = next(line for line in hub.process.stdout if "broker" in line)
        assert said == (
            f"broker 127.0.0.1:{port} does not answer (Connect call failed ('127.0.0.1', {port})). "
            "Is it running, and is `broker.url` right? Trying again every 5 s.\n"
        )
        began = time.monotonic()
        assert hub.end(signal.SIGTERM) == 0
        return time.monotonic() - began


def test_a_misspelt_listener_in_the_settings_starts_nothing(tmp_path: Path) -> None:
    hub = Hub(tmp_path, listeners={"spaic": {"udp": "127.0.0.1:0"}})
    said = hub.lines_until_ready()[-1]
    assert said.startswith(str(hub.settings))
    assert said.endswith("`spaic` is not known here. Did you mean `scaip`?")
    assert hub.process.wait(PATIENCE_S) == 2
    assert not hub.state.exists()


def until(seen: Callable[[], bool]) -> None:
    """Wait for another process to write something down."""
    ends = time.monotonic() + PATIENCE_S
    while not seen():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_wrong_file_starts_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SAMPLE.read_text("utf-8").replace("wait: 90 s", "wait: 90"), "utf-8")
    hub = Hub(tmp_path, file=bad)
    assert "`90` is no duration" in "\n".join(hub.lines_until_ready())
    assert hub.process.wait(PATIENCE_S) == 1
    assert not hub.state.exists()
