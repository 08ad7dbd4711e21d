from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.directory.sqlite import SqliteDirectory


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[SqliteDirectory]:
    directory = SqliteDirectory(tmp_path / "directory.sqlite", "fjordby")
    yield directory
    directory.close()
