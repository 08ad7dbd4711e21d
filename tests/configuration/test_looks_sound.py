"""Files that look sound and would leave somebody on a floor: what is warned of."""

from typing import Any

import pytest

from hub.configuration.check import check_data
from hub.configuration.problem import words
from hub.text import LANGUAGES
from tests.configuration.test_policies import CENTRE, DUTY, PEOPLE, data, policy

IVAR = {"id": "ivar", "name": "Ivar", "roles": ["it"], "teams": ["pool"]}


def warned(content: dict[str, Any], code: str) -> list[dict[str, Any]]:
    file, problems = check_data(content)
    assert file is not None, [problem.code for problem in problems]
    found = [problem for problem in problems if problem.code == code]
    assert all(words(problem, language) for problem in found for language in LANGUAGES)
    return [dict(problem.params) for problem in found]


def asks(target: dict[str, Any]) -> dict[str, Any]:
    content = data(policy([target], [DUTY], fallback=[CENTRE]), people=[*PEOPLE, IVAR])
    content["teams"].append({"id": "pool", "name": "Pool"})
    return content


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ({"person": "ivar"}, ["ivar"]),
        ({"team": "pool"}, ["pool"]),
        ({"person": "ivar", "informed": True}, []),
        ({"person": "eva"}, []),  # a relative may own what is about their own
        ({"person": "anna"}, []),
        ({"team": "home"}, []),
        ({"lead": "*"}, []),
    ],
)
def test_a_call_of_somebody_who_may_own_no_alarm(target: dict[str, Any], found: list[str]) -> None:
    assert [params["id"] for params in warned(asks(target), "asked_in_vain")] == found


@pytest.mark.parametrize(
    ("device", "silence", "found"),
    [
        ({"class": "life"}, {}, ["d"]),
        ({"class": "life", "silent_after": "10 min"}, {}, []),
        ({"class": "life"}, {"life": "10 min"}, []),
        ({"class": "life"}, {"sensor": "26 h"}, ["d"]),
        ({"class": "sensor"}, {}, []),
        ({}, {}, []),
    ],
)
def test_a_life_device_whose_silence_nobody_is_told_of(
    device: dict[str, Any], silence: dict[str, str], found: list[str]
) -> None:
    here = {"id": "d", "name": "D", "subject": "scaip:1", "unit": "north", **device}
    content = data(policy([DUTY], [CENTRE]), devices=[here])
    content["municipality"]["correlation"] = {"silence": silence}
    assert [params["id"] for params in warned(content, "life_unwatched")] == found
