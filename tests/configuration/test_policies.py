"""Policies in the file: what is refused, in words, and how the rest becomes what the core reads."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hub.configuration.check import check_data, soundness
from hub.configuration.compile import compile
from hub.configuration.coverage import unanswered
from hub.configuration.model import MunicipalityFile
from hub.configuration.problem import Problem, words
from routing.kinds import Category, Kind, Severity
from routing.municipality import Policy, Role, Step, Target, When

PEOPLE = [
    {"id": "anna", "name": "Anna", "roles": ["staff"], "teams": ["home"], "competences": ["key"]},
    {"id": "carl", "name": "Carl", "roles": ["operator"], "teams": ["centre"]},
    {"id": "lea", "name": "Lea", "roles": ["lead"]},
    {"id": "eva", "name": "Eva", "roles": ["relative"]},
    {"id": "legevakt", "name": "Legevakt", "roles": ["outside"]},
]
ALWAYS = {"id": "day", "team": "home", "people": ["anna"], "from": "00:00", "to": "00:00"}
Calls = Sequence[Mapping[str, Any]]


def data(*policies: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a file with the policies; the first is the default."""
    return {
        "municipality": {
            "id": "m",
            "name": "M",
            "default_policy": policies[0]["id"],
            "numbers": {"line": "+47 00 00 00 00"},
        },
        "units": [{"id": "north", "name": "North", "drive": "20 min"}],
        "teams": [
            {"id": "home", "name": "Home"},
            {"id": "centre", "name": "Centre", "response_centre": True},
        ],
        "people": PEOPLE,
        "policies": list(policies),
        "shifts": [ALWAYS],
        **more,
    }


def policy(*steps: Calls, id: str = "help", **more: Any) -> dict[str, Any]:
    called = [{"call": list(call), "wait": "60 s"} for call in steps]
    return {"id": id, "steps": called, **more}


def errors(content: dict[str, Any]) -> list[Problem]:
    _, problems = check_data(content)
    return [problem for problem in problems if not problem.warning]


def codes(content: dict[str, Any]) -> list[str]:
    return [problem.code for problem in errors(content)]


def test_the_example_of_the_document_is_sound(root: Path) -> None:
    text = root.joinpath("docs", "policies.md").read_text("utf-8")
    example = YAML(typ="safe").load(text.partition("```yaml\n")[2].partition("```")[0])
    people = [
        *PEOPLE,
        {"id": "doctor", "name": "Legevakt", "roles": ["outside"]},
        {"id": "neighbour-phone", "name": "Nabo", "roles": ["staff"], "teams": ["neighbour"]},
    ]
    example["municipality"] |= {"id": "m", "name": "M"}
    example["policies"] += [policy([CENTRE], id="night")]
    assert errors({**example, "people": people, "shifts": [ALWAYS]}) == []


DUTY, CENTRE = {"on_duty": "home"}, {"response_centre": "centre"}


@pytest.mark.parametrize(
    "target",
    [
        {"on_duty": "home", "having": "key", "role": "staff"},
        {"team": "home"},
        {"person": "lea"},
        {"competence": "key"},
        {"lead": "*"},
        {"relative": "responsible"},
        {"response_centre": "centre"},
        {"outside": "legevakt"},
        {"relative": "informed"},
        {"on_duty": "home", "informed": True},
    ],
)
def test_every_kind_of_target_is_sound_before_a_step_that_answers(target: dict[str, Any]) -> None:
    assert codes(data(policy([target], [CENTRE]))) == []


def sound(content: dict[str, Any]) -> list[Problem]:
    return soundness(MunicipalityFile.model_validate(content))


@pytest.mark.parametrize("judge", [lambda content: check_data(content)[1], sound])
def test_a_warning_hides_no_policy_that_nobody_answers(
    judge: Callable[[dict[str, Any]], list[Problem]],
) -> None:
    """The team without people is warned of; that it is all there is by night is an error."""
    by_day = {**ALWAYS, "from": "07:00", "to": "15:00"}
    teams = [{"id": "home", "name": "Home"}, {"id": "empty", "name": "Empty"}]
    people = [one for one in PEOPLE if one["id"] not in {"carl", "lea"}]
    called = [DUTY, {"team": "empty"}]
    alone = data(policy(called), shifts=[by_day], teams=teams, people=people)
    assert "nobody" in {problem.code for problem in judge(alone) if not problem.warning}
    helped = {**alone, "policies": [policy(called, fallback=[{"person": "anna"}])]}
    assert [problem.code for problem in judge(helped) if not problem.warning] == []
    assert "empty_team" in {problem.code for problem in judge(helped)}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"on_duty": "home", "team": "home"}, "bad_target"),
        ({"informed": True}, "bad_target"),
        ({"lead": "Nobody here"}, "bad_id"),
        ({"relative": "distant"}, "not_one_of"),
        ({"competence": "fly"}, "no_such_competence"),
        ({"on_duty": "home", "having": "fly"}, "no_such_competence"),
        ({"response_centre": "home"}, "not_a_centre"),
        ({"outside": "carl"}, "not_outside"),
        ({"lead": "hom"}, "dangling_near"),
        ({"outside": "nobody"}, "dangling"),
    ],
)
def test_a_target_that_does_not_fit_is_refused(target: dict[str, Any], code: str) -> None:
    assert codes(data(policy([target], [CENTRE]))) == [code]


def test_a_policy_that_only_informs_is_refused_in_words() -> None:
    content = data(policy([{"team": "home", "informed": True}], [{"outside": "legevakt"}]))
    first = errors(content)[0]
    assert words(first, "en") == (
        "Policy help: everybody whom it calls is only informed. "
        "Ask somebody: a target without `informed`."
    )


@pytest.mark.parametrize("last", [[{"relative": "responsible"}], [{"person": "eva"}]])
def test_relatives_are_never_the_last_step_alone(last: Calls) -> None:
    assert codes(data(policy([DUTY], last, fallback=[{"person": "lea"}]))) == ["relative_last"]
    assert codes(data(policy([DUTY], [*last, {"person": "lea"}]))) == []
    assert codes(data(policy([DUTY], last, then="after"), policy([CENTRE], id="after"))) == []


def test_a_last_step_that_only_informs_ends_in_silence_without_a_fallback() -> None:
    last = [{"relative": "informed"}]
    assert codes(data(policy([DUTY], last))) == ["nobody_ever"]
    assert codes(data(policy([DUTY], last, fallback=[{"lead": "*"}]))) == []


def with_when(when: dict[str, Any], **more: Any) -> dict[str, Any]:
    step = {"call": [DUTY], "wait": "60 s", "when": when}
    return data({"id": "help", "steps": [step], **more})


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({"category": ["fire"]}, ["nobody_ever"]),
        ({"kind": ["help.pressed"]}, ["nobody_ever"]),
        ({"severity": "high"}, ["nobody_ever"]),
        ({"between": ["07:00", "22:45"]}, ["nobody"]),
        ({"weekdays": ["mon", "sun"]}, ["nobody"]),
        ({"between": ["00:00", "00:00"]}, []),
        ({}, []),
    ],
)
def test_a_last_step_that_does_not_always_count_needs_a_fallback(
    when: dict[str, Any], code: list[str]
) -> None:
    assert codes(with_when(when)) == code
    assert codes(with_when(when, fallback=[{"team": "centre"}])) == []


def test_the_gap_that_a_condition_leaves_is_told_in_words() -> None:
    file = MunicipalityFile.model_validate(with_when({"between": ["22:00", "07:00"]}))
    (problem,) = unanswered(file)
    assert words(problem, "en").startswith("Policy help: Monday 07:00 to Monday 22:00 nobody")


def test_a_window_over_midnight_goes_round_the_week() -> None:
    night = {"between": ["22:00", "07:00"], "weekdays": ["sun"]}
    (problem,) = unanswered(MunicipalityFile.model_validate(with_when(night)))
    assert words(problem, "en").startswith("Policy help: Monday 07:00 to Sunday 22:00 nobody")


def test_policies_in_a_circle_are_refused_once() -> None:
    content = data(
        policy([CENTRE], id="a", then="b"),
        policy([CENTRE], id="b", then="c"),
        policy([CENTRE], id="c", then="b"),
    )
    (problem,) = errors(content)
    assert words(problem, "en") == (
        "Policy b hands on in a circle: b -> c -> b. End the circle: remove one `then`."
    )
    assert problem.path == ("policies", 1, "then")
    assert codes(data(policy([CENTRE], id="a", then="a"))) == ["policy_circle"]


def test_the_policy_that_follows_decides_whether_somebody_answers() -> None:
    silent = policy([{"on_duty": "centre"}], id="silent")
    assert codes(data(policy([CENTRE], then="silent"), silent)) == ["nobody_ever", "nobody_ever"]
    good = policy([CENTRE], id="good")
    assert codes(data(policy([{"on_duty": "centre"}], then="good"), good)) == []


def test_a_partner_team_answers_by_the_list_that_it_has_told() -> None:
    nabo = {"id": "nabo", "name": "Nabo", "partner": "naboby"}
    known = [{"id": "home", "name": "Home"}, {"id": "centre", "name": "Centre"}]
    one = policy([{"on_duty": "nabo"}])
    assert codes(data(one, teams=[*known, nabo])) == ["nobody_ever"]
    assert codes(data(one, teams=[*known, {**nabo, "duty": ["carl"]}])) == []
    assert codes(data(one, teams=[*known, {**nabo, "duty": ["ghost"]}])) == ["dangling"]
    alone = {"id": "home", "name": "Home", "duty": ["carl"]}
    assert "duty_without_partner" in codes(data(policy([DUTY]), teams=[alone]))


def test_numbers_are_private_and_must_be_there() -> None:
    step = {"call": [CENTRE], "wait": "60 s", "number": "line"}
    content = data({"id": "help", "steps": [step]})
    assert codes(content) == []
    compiled = compile(MunicipalityFile.model_validate(content))
    assert b"+47 00 00 00 00" in compiled.documents["municipality", "m"]
    assert "00 00" not in repr(compiled.items)
    wrong = data({"id": "help", "steps": [{**step, "number": "other"}]})
    assert codes(wrong) == ["no_such_number"]


def test_relatives_must_be_people_with_that_role() -> None:
    def home(**relatives: str) -> dict[str, Any]:
        resident = {"id": "rolf", "name": "Rolf", "unit": "north", "relatives": relatives}
        return data(policy([CENTRE]), residents=[resident])

    assert codes(home(eva="responsible")) == []
    assert codes(home(anna="informed")) == ["not_a_relative"]
    assert codes(home(ghost="informed")) == ["dangling"]
    assert codes(home(eva="nosy")) == ["not_one_of"]


def test_a_policy_is_compiled_to_what_the_core_reads() -> None:
    step = {
        "call": [
            {"on_duty": "home", "having": "key", "role": "staff"},
            {"relative": "informed", "informed": True},
        ],
        "wait": "90 s",
        "in_turn": True,
        "number": "line",
        "when": {
            "weekdays": ["fri"],
            "between": ["22:00", "07:00"],
            "category": ["help"],
            "kind": ["fall.detected"],
            "severity": "high",
        },
    }
    entry = {
        "id": "help",
        "steps": [step, {"call": [{"lead": "*"}], "wait": "2 min"}],
        "relative_lease": "15 min",
        "target": "45 min",
        "handover": "2 min",
        "reopen": "2 h",
        "check_after": 3,
        "check_within": "4 h",
        "then": "after",
    }
    content = data(entry, policy([CENTRE], id="after"))
    compiled = compile(MunicipalityFile.model_validate(content))
    assert compiled.items["policy", "help"] == Policy(
        id="help",
        steps=(
            Step(
                (
                    Target("on_duty", "home", role=Role.STAFF, having="key"),
                    Target("relative", "informed", informed=True),
                ),
                90,
                when=When(
                    weekdays=(4,),
                    from_minute=1320,
                    to_minute=420,
                    categories=(Category.HELP,),
                    kinds=(Kind.FALL_DETECTED,),
                    severity=Severity.HIGH,
                ),
                in_turn=True,
                number="line",
            ),
            Step((Target("lead", "*"),), 120),
        ),
        fallback=(),
        relative_lease_s=900,
        target_s=2700,
        handover_s=120,
        reopen_s=7200,
        check_after=3,
        check_within_s=14_400,
        then="after",
    )


def test_a_partner_that_has_told_whom_to_call_has_no_shifts_to_add() -> None:
    content = data(policy([{"on_duty": "neighbour"}], [CENTRE]))
    phone = {"id": "p", "name": "P", "roles": ["staff"], "teams": ["neighbour"]}
    content["people"] = [*PEOPLE, phone]
    team = {"id": "neighbour", "name": "Naboen", "partner": "naboby"}

    def warned(**more: Any) -> bool:
        content["teams"] = [*data(policy([CENTRE]))["teams"], {**team, **more}]
        return "no_shifts" in [problem.code for problem in check_data(content)[1]]

    assert warned()
    assert not warned(duty=["p"])


AWAY = {"absences": [{"id": "a", "person": "anna", "from": "2026-12-24", "to": "2026-12-27"}]}
OFF = {"id": "o", "team": "home", "from": "2026-12-24", "to": "2026-12-27"}


@pytest.mark.parametrize(
    "more",
    [
        AWAY,
        {"overrides": [OFF]},
        {"overrides": [{**OFF, "people": ["eva"]}]},
        {
            "swaps": [
                {"id": "s", "team": "home", "day": "2026-12-24", "gives": "anna", "takes": "eva"}
            ]
        },
    ],
)
def test_whoever_can_be_taken_off_is_no_answer_where_nobody_leads(more: dict[str, Any]) -> None:
    content = data(policy([DUTY]), **more)
    assert codes(content) == []
    content["people"] = [person for person in PEOPLE if person["id"] != "lea"]
    assert codes(content) == ["nobody_ever"]
    content["policies"] = [policy([DUTY], fallback=[CENTRE])]
    assert codes(content) == []


def test_an_override_with_somebody_who_answers_takes_nothing_away() -> None:
    content = data(policy([DUTY]), overrides=[{**OFF, "people": ["carl"]}])
    content["people"] = [person for person in PEOPLE if person["id"] != "lea"]
    assert codes(content) == []
