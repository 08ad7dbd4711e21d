"""What `varde check` says of plans and windows that cannot be meant."""

from typing import Any

import pytest

from hub.configuration.check import check_data

SOUND: dict[str, Any] = {
    "municipality": {"id": "m", "name": "M", "default_policy": "p"},
    "units": [{"id": "u", "name": "U"}],
    "people": [{"id": "kari", "name": "Kari", "roles": ["staff"]}],
    "residents": [{"id": "rolf", "name": "Rolf", "unit": "u"}],
    "devices": [{"id": "d", "name": "D", "subject": "scaip:1", "resident": "rolf"}],
    "policies": [{"id": "p", "steps": [{"call": [{"person": "kari"}], "wait": "60 s"}]}],
}


def problems(section: str, **changes: object) -> list[str]:
    (entry,) = SOUND[section]
    _, found = check_data({**SOUND, section: [{**entry, **changes}]})
    return [problem.code for problem in found if not problem.warning]


def test_the_file_without_plans_is_sound() -> None:
    assert problems("devices") == []


@pytest.mark.parametrize(
    ("section", "changes", "code"),
    [
        (
            "units",
            {"maintenance": [{"from": "2026-11-23T14:00", "to": "2026-11-23T12:00"}]},
            "bad_order",
        ),
        ("units", {"maintenance": [{"from": "noon", "to": "2026-11-23T12:00"}]}, "bad_local"),
        ("residents", {"pause": {"until": "2026-12-01", "why": "tired"}}, "not_one_of"),
        ("residents", {"pause": {"why": "hospital"}}, "missing"),
        ("residents", {"quiet": [{}]}, "missing"),
        (
            "residents",
            {"frequent_caller": {"until": "2026-12-01", "call": "kary"}},
            "dangling_near",
        ),
        ("residents", {"objects": ["help"]}, "not_one_of"),
        ("devices", {"doses": [{"at": "25:00"}]}, "bad_time"),
        ("devices", {"doses": [{"at": "08:00", "weekdays": []}]}, "bad_length"),
        ("devices", {"lasting": [{"kind": "bed.left"}]}, "missing"),
        ("devices", {"class": "toy"}, "not_one_of"),
    ],
)
def test_what_cannot_be_meant_is_told(section: str, changes: dict[str, Any], code: str) -> None:
    assert problems(section, **changes) == [code]
