"""The journals that every contract test runs against."""

from pathlib import Path

import pytest

from tests.journal.labs import Lab, MemoryLab, SqliteLab


@pytest.fixture(params=["memory", "sqlite"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Lab:
    return MemoryLab() if request.param == "memory" else SqliteLab(tmp_path)
