"""The import contracts of pyproject.toml hold, and each of them would notice being broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = ("hub", "hub/web", "hub/router", "adapters", "routing", "simulators")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(tool), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture
def skeleton(root: Path, tmp_path: Path) -> Path:
    """An empty project of the same shape under the same contracts."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    for module in MODULES:
        (tmp_path / module).mkdir()
        (tmp_path / module / "__init__.py").write_text("")
    return tmp_path


def test_the_contracts_hold(root: Path) -> None:
    done = lint_imports(root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_empty_project_breaks_none(skeleton: Path) -> None:
    done = lint_imports(skeleton)
    assert "4 kept, 0 broken" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("adapters", "import hub", "hub -> adapters -> routing"),
        ("routing", "import adapters", "hub -> adapters -> routing"),
        ("routing", "def late():\n    import hub", "hub -> adapters -> routing"),
        ("simulators", "import routing", "simulators know the hub by its wire protocols only"),
        ("simulators", "import adapters", "simulators know the hub by its wire protocols only"),
        ("hub", "import simulators", "the hub does not lean on its simulators"),
        ("hub/web", "import hub.router", "web never imports the runner"),
    ],
)
def test_a_planted_import_is_found(
    skeleton: Path, module: str, statement: str, contract: str
) -> None:
    (skeleton / module / "planted.py").write_text(statement + "\n")
    done = lint_imports(skeleton)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
    assert "3 kept, 1 broken" in done.stdout
