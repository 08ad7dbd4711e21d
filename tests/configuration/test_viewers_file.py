"""Viewers in the municipality file: where links may lead, the decision, and what stays private."""

import json
from typing import Any

import pytest

from hub.configuration.check import check_data
from hub.configuration.compile import compile
from routing.instant import from_rfc3339
from routing.municipality import Resident
from tests.configuration.test_tasks_file import town

LINK = "https://camera.example.org:8443/flat/17?key=made-up"


def with_viewer(link: str = LINK, **more: Any) -> Any:
    data = town()
    data["municipality"]["viewers"] = ["camera.example.org"]
    home = {"viewer": link, "supervised_until": "2027-05-01T12:00", "objects": ["viewing"]}
    data["residents"][0] |= {**home, **more}
    return data


def test_the_link_is_private_and_the_decision_is_not() -> None:
    file, problems = check_data(with_viewer())
    assert file is not None, problems
    found = compile(file)
    home = found.items["resident", "rolf"]
    assert isinstance(home, Resident)
    assert home.supervised_until == from_rfc3339("2027-05-01T12:00:00+02:00")
    assert home.objects == ("viewing",)
    assert json.loads(found.documents["resident", "rolf"])["viewer"] == LINK
    assert json.loads(found.documents["municipality", "m"])["viewers"] == ["camera.example.org"]


@pytest.mark.parametrize(
    "link",
    [
        "http://camera.example.org/flat/17",
        "https:///flat/17",
        "https://somebody:secret@camera.example.org/",
        "https://camera.example.org/flat 17",
        "https://camera.example.org:port/",
        "javascript:alert(1)",
        "https://camera.example.org/" + "x" * 500,
    ],
)
def test_a_link_that_is_none_is_refused_and_not_repeated(link: str) -> None:
    file, problems = check_data(with_viewer(link))
    assert file is None
    (problem,) = [one for one in problems if not one.warning]
    assert problem.code == "bad_viewer"
    assert link not in str(problem.params)


@pytest.mark.parametrize(
    ("link", "more", "code"),
    [
        ("https://elsewhere.example.net/", {}, "viewer_host"),
        ("https://camera.example.org.example.net/", {}, "viewer_host"),
        (LINK, {"supervised_until": None}, "viewer_undecided"),
    ],
)
def test_a_link_to_elsewhere_or_without_a_decision_is_refused(
    link: str, more: dict[str, Any], code: str
) -> None:
    file, problems = check_data(with_viewer(link, **more))
    assert file is None
    assert code in [one.code for one in problems]


@pytest.mark.parametrize("host", ["https://camera.example.org", "Camera.Example.org", "a b", "-x"])
def test_a_host_is_a_name_alone(host: str) -> None:
    data = with_viewer()
    data["municipality"]["viewers"] = ["camera.example.org", host]
    file, problems = check_data(data)
    assert file is None
    assert "bad_host" in [one.code for one in problems]
