"""The simulators are a second reading of the protocols: they import nothing of the hub's."""

import ast
from pathlib import Path

import pytest

import simulators

FOLDER = Path(simulators.__file__).parent
OURS = {"hub", "adapters", "routing", "tests"}


def imported(source: str) -> set[str]:
    """The top-level packages that a module imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER))
)
def test_a_simulator_imports_none_of_ours(path: Path) -> None:
    assert imported(path.read_text(encoding="utf-8")) & OURS == set()


def test_a_planted_import_is_found() -> None:
    planted = "def late():\n    from adapters.session import Peer\n    import hub.cli.main\n"
    assert imported(planted) & OURS == {"adapters", "hub"}
