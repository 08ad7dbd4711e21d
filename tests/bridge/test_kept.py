"""What a listener keeps."""

import stat
from pathlib import Path

from adapters.bridge.kept import Kept
from adapters.session import Keep


def test_values_are_there_after_opening_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "alarm")
    kept.apply([Keep("a", "1"), Keep("b", "2"), Keep("a", "3"), Keep("c", None)])
    kept.apply([Keep("b", None)])
    assert dict(kept.values) == {"a": "3"}
    kept.close()
    assert dict(Kept(tmp_path, "alarm").values) == {"a": "3"}
    assert dict(Kept(tmp_path, "other").values) == {}


def test_values_are_durable_before_closing(tmp_path: Path) -> None:
    Kept(tmp_path, "alarm").apply([Keep("a", "1")])
    assert dict(Kept(tmp_path, "alarm").values) == {"a": "1"}


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    Kept(tmp_path, "alarm").close()
    assert stat.S_IMODE((tmp_path / "alarm.sqlite").stat().st_mode) == 0o600
