"""The project stands alone: no path of one machine, no package index, locks that hold together."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

MADE = {
    ".git",
    ".venv",
    ".test-results",
    "node_modules",
    "__pycache__",
    ".hypothesis",
    "varde-state",
}
CACHES = re.compile(r"^\..*cache$")
# Put together here, so that this file does not name them either.
STRANGERS = tuple(
    "/".join(parts) for parts in (("..", "shared"), ("", "work", ""), ("", "root", ""))
)
REQUIREMENT = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def sources(root: Path) -> Iterator[Path]:
    """Walk the files of the project, leaving out what its own targets make."""
    for entry in sorted(root.iterdir()):
        if entry.name in MADE or CACHES.match(entry.name):
            continue
        if entry.is_dir():
            yield from sources(entry)
        elif entry.is_file():
            yield entry


def strangers(text: str) -> list[str]:
    """Return the places outside the project that the text names."""
    home = f"{Path.home()}/"
    return [place for place in {*STRANGERS, home} if place != "//" and place in text]


def test_no_file_names_a_place_outside_the_project(root: Path) -> None:
    found = {
        str(file.relative_to(root)): places
        for file in sources(root)
        if (places := strangers(file.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


def test_a_planted_place_is_found() -> None:
    assert strangers("see " + "/".join(("..", "shared", "x.md"))) == ["/".join(("..", "shared"))]
    assert strangers("a path of the project such as docs/architecture.md") == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_index(root: Path, lock: str) -> None:
    text = (root / lock).read_text()
    assert "://" not in text
    options = [line for line in text.splitlines() if line.startswith("-")]
    assert options == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(root: Path, lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", (root / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) > 20
    assert [block.split("=")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_locks_agree(root: Path) -> None:
    run, dev = (dict(REQUIREMENT.findall((root / lock).read_text())) for lock in LOCKS)
    assert {name: dev.get(name) for name in run} == run


def test_every_dependency_is_locked(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    dev = dict(REQUIREMENT.findall((root / "requirements-dev.lock").read_text()))
    asked = project["dependencies"] + project["optional-dependencies"]["dev"] + ["hatchling"]
    names = {re.split(r"[<>=;\[ ]", line)[0].replace(".", "-") for line in asked}
    assert names - set(dev) == set()


def test_the_continuous_integration_runs_the_tests(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.read_text().splitlines()[-1] == "exec make test"
    assert script.stat().st_mode & 0o111
