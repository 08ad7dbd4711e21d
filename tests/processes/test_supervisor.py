"""The supervisor with real child processes: order, restart, a first start that fails, the end."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from hub.processes.ready import At, Run
from hub.processes.supervised import NotReady, Supervised
from hub.processes.supervisor import Supervisor

BROKER = At("127.0.0.1", 1883)


class Told:
    """What the supervisor told, and a way to wait for the next."""

    def __init__(self) -> None:
        self.runs: asyncio.Queue[Run] = asyncio.Queue()

    def __call__(self, run: Run) -> None:
        self.runs.put_nowait(run)

    async def next(self) -> Run:
        async with asyncio.timeout(60):
            return await self.runs.get()


def child(name: str, behaviour: str, folder: Path, silent_s: float = 10) -> Supervised:
    return Supervised(name, "tests.processes.child", [behaviour, str(folder), name], silent_s)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def supervisor(children: list[Supervised], told: Told, drain_s: float = 5) -> Supervisor:
    return Supervisor("testby", BROKER, children, told, drain_s)


async def test_children_start_in_order_and_end_in_reverse(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    children = [child(name, "lives", tmp_path) for name in ("router", "web", "adapters")]
    running = asyncio.create_task(supervisor(children, told).run(stop))
    run = await told.next()
    assert set(run.pids) == {"router", "web", "adapters", "supervisor"}
    assert run.web == f"http://{run.pids['router']}"
    stop.set()
    await running
    assert (tmp_path / "story").read_text().splitlines() == [
        *("start router", "start web", "start adapters"),
        *("end adapters", "end web", "end router"),
    ]
    assert all(is_gone(pid) for name, pid in run.pids.items() if name != "supervisor")


async def test_a_killed_child_is_started_again_and_told(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    children = [child("router", "lives", tmp_path), child("web", "lives", tmp_path)]
    running = asyncio.create_task(supervisor(children, told).run(stop))
    before = await told.next()
    os.kill(before.pids["web"], signal.SIGKILL)
    after = await told.next()
    assert after.pids["web"] != before.pids["web"]
    assert after.pids["router"] == before.pids["router"]
    stop.set()
    await running


async def test_a_stopped_child_is_killed_and_started_again_and_the_others_are_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told, stop = Told(), asyncio.Event()
    children = [child(name, "lives", tmp_path, silent_s=2) for name in ("router", "web")]
    running = asyncio.create_task(supervisor(children, told).run(stop))
    before = await told.next()
    os.kill(before.pids["router"], signal.SIGSTOP)
    after = await told.next()
    assert is_gone(before.pids["router"])
    assert after.pids["router"] != before.pids["router"]
    assert after.pids["web"] == before.pids["web"]
    assert "router has not answered for 2 s: killing it" in caplog.messages
    stop.set()
    await running


async def test_a_child_in_an_endless_loop_is_killed(tmp_path: Path) -> None:
    hung = child("router", "hangs", tmp_path, silent_s=0.5)
    await hung.start()
    async with asyncio.timeout(60):
        assert await hung.wait() == -signal.SIGKILL


async def test_the_others_run_without_what_they_can_do_without(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    children = [child("router", "lives", tmp_path), child("web", "mends", tmp_path)]
    one = Supervisor("testby", BROKER, children, told, 5, optional={"web"})
    running = asyncio.create_task(one.run(stop))
    without = await told.next()
    assert set(without.pids) == {"router", "supervisor"}
    (tmp_path / "mended").touch()
    mended = await told.next()
    assert set(mended.pids) == {"router", "web", "supervisor"}
    assert mended.pids["router"] == without.pids["router"]
    stop.set()
    await running


async def test_a_first_start_that_fails_ends_all_and_says_why(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    router = child("router", "lives", tmp_path)
    children = [router, child("web", "fails", tmp_path)]
    with pytest.raises(NotReady, match="web did not get ready: exit code 2") as caught:
        await supervisor(children, told).run(stop)
    assert caught.value.code == 2
    assert told.runs.empty()
    assert router.pid is not None
    assert is_gone(router.pid)


async def test_a_child_that_does_not_listen_is_killed_after_its_time(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    running = asyncio.create_task(
        supervisor([child("web", "deaf", tmp_path)], told, drain_s=0.2).run(stop)
    )
    run = await told.next()
    stop.set()
    await running
    assert is_gone(run.pids["web"])
    assert "end web" not in (tmp_path / "story").read_text()


async def test_told_to_stop_while_starting_it_ends_what_has_started(tmp_path: Path) -> None:
    told, stop = Told(), asyncio.Event()
    router = child("router", "lives", tmp_path)
    stop.set()
    await supervisor([router, child("web", "lives", tmp_path)], told).run(stop)
    assert told.runs.empty()
    assert router.pid is None or is_gone(router.pid)
