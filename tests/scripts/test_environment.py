"""When `.venv` is made anew, and what is said when no Python will do."""

import os
import subprocess
from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture
def stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The mark of an environment that exists, with locks of its own."""
    stamp, python = tmp_path / "made-from", tmp_path / "python"
    python.write_text("")
    locks = {kind: tmp_path / f"{kind}.lock" for kind in ("run", "dev")}
    for lock in locks.values():
        lock.write_text("babel==2.18.0\n")
    monkeypatch.setattr(environment, "STAMP", stamp)
    monkeypatch.setattr(environment, "PYTHON", python)
    monkeypatch.setattr(environment, "LOCKS", locks)
    return stamp


def test_nothing_stands_before_the_first_time(stamp: Path) -> None:
    assert not environment.stands("run")


@pytest.mark.parametrize(
    ("made", "asked", "stands"),
    [("run", "run", True), ("dev", "dev", True), ("dev", "run", True), ("run", "dev", False)],
)
def test_what_serves_for_what(stamp: Path, made: str, asked: str, stands: bool) -> None:
    stamp.write_text(environment.wanted(made))
    assert environment.stands(asked) is stands


def test_a_changed_lock_asks_for_a_new_environment(stamp: Path) -> None:
    stamp.write_text(environment.wanted("run"))
    environment.LOCKS["run"].write_text("babel==2.19.0\n")
    assert not environment.stands("run")


def with_python(root: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(root / "scripts" / "with-python"), "-c", "print('ran')"],
        env={**variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python_is_said_in_words(root: Path, tmp_path: Path) -> None:
    done = with_python(root, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_a_python_that_is_too_old_is_named(root: Path, tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = with_python(root, PATH=os.environ["PATH"], PYTHON=str(old))
    assert done.returncode == 1
    assert f"PYTHON={old} is not a Python of version 3.11" in done.stderr


def test_a_new_enough_python_runs_the_arguments(root: Path) -> None:
    done = with_python(root, PATH=os.environ["PATH"])
    assert (done.returncode, done.stdout) == (0, "ran\n")
