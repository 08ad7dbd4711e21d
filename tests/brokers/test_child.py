"""Child processes: their end, their output, and that only the main thread may start them."""

import asyncio
import signal
import sys
import threading
from pathlib import Path

import pytest

from hub import child


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


async def test_the_exit_code_and_output_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "out.log"
    program = "import sys; print('said'); print('complained', file=sys.stderr); sys.exit(3)"
    running = child.start(python(program), log=log)
    assert await running.wait() == 3
    assert running.returncode == 3
    assert sorted(log.read_text().split()) == ["complained", "said"]
    assert await running.stop() == 3


async def test_one_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(1000)"
    )
    log = tmp_path / "out.log"
    running = child.start(python(program), log=log)
    while not log.exists():  # noqa: ASYNC110 a file cannot wake us
        await asyncio.sleep(0.01)
    assert running.returncode is None
    assert await running.stop(grace_s=0.1) == -signal.SIGKILL


async def test_a_log_does_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LOG_BYTES", 70_000)
    log = tmp_path / "out.log"
    running = child.start(python("for n in range(100000): print(n)"), log=log)
    assert await running.wait() == 0
    assert log.read_text().endswith("99998\n99999\n")
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["out.log", "out.log.1"]
    assert all(file.stat().st_size <= 70_000 for file in tmp_path.iterdir())


async def test_a_program_that_is_not_there_says_so(tmp_path: Path) -> None:
    running = child.start([str(tmp_path / "nothing")], log=tmp_path / "out.log")
    assert await running.wait() == 1
    assert (
        "nothing cannot be started: No such file or directory" in (tmp_path / "out.log").read_text()
    )


def test_a_worker_thread_may_not_start_one() -> None:
    refused: list[str] = []

    def attempt() -> None:
        try:
            child.start(python("pass"))
        except RuntimeError as error:
            refused.append(str(error))

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert refused == ["start children from the main thread: they end with their thread"]


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (-9, "signal SIGKILL")])
def test_an_end_in_words(code: int, words: str) -> None:
    assert child.ended_by(code) == words
