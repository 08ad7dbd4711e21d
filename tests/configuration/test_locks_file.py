"""Locks in the municipality file: read, compiled, written out again, and refused where wrong."""

from typing import Any

import pytest

from hub.configuration.check import check_data
from hub.configuration.compile import compile
from hub.configuration.lock_items import LocksEntry, describe_locks, locks
from routing.locks.plans import LockCare
from routing.municipality import Municipality, Resident
from tests.configuration.test_tasks_file import town


def with_locks(said: dict[str, str], objects: list[str]) -> Any:
    data = town()
    data["municipality"]["locks"] = said
    data["residents"][0]["objects"] = objects
    return data


def test_the_file_says_how_long_and_who_objects() -> None:
    said = {"wait": "45 s", "before_visit": "5 min", "after_visit": "2 h"}
    file, problems = check_data(with_locks(said, ["lock"]))
    assert file is not None, problems
    found = compile(file).items
    one, home = found["municipality", "m"], found["resident", "rolf"]
    assert isinstance(one, Municipality)
    assert isinstance(home, Resident)
    assert one.locks == LockCare(wait_s=45, before_s=300, after_s=7200)
    assert home.objects == ("lock",)
    assert describe_locks(one.locks) == said


def test_what_is_left_out_is_the_proposal() -> None:
    assert locks(LocksEntry()) == LockCare(wait_s=30, before_s=900, after_s=3600)


@pytest.mark.parametrize("wait", ["9 s", "6 min", "soon"])
def test_a_wait_in_which_no_lock_moves_or_nobody_stays_is_refused(wait: str) -> None:
    file, problems = check_data(with_locks({"wait": wait}, []))
    assert file is None
    assert problems
