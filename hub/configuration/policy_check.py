"""What is wrong in policies: circles, only informed, and whom they name that does not fit."""

from collections.abc import Iterator, Mapping

from hub.configuration.model import MunicipalityFile
from hub.configuration.policy_entries import PolicyEntry, TargetEntry
from hub.configuration.problem import Path, Problem
from hub.configuration.scalars import duration_text
from routing.municipality import HANDLERS, Role

At = Mapping[Path, Path]
_SECTIONS = {
    "on_duty": "teams",
    "team": "teams",
    "lead": "teams",
    "response_centre": "teams",
    "person": "people",
    "outside": "people",
}
"""Kind of target to the section that its id points into; others point nowhere."""
EVERY = "*"
LONGEST_WAIT_S = 72 * 3600
"""A technical fault may wait over a weekend; longer is nobody's plan but a slip of the pen."""
LONGEST_LEASE_S = 7 * 24 * 3600


def targets(policy: PolicyEntry) -> Iterator[tuple[Path, TargetEntry]]:
    """Yield every target of a policy with its place in it."""
    for n, step in enumerate(policy.steps):
        yield from ((("steps", n, "call", i), target) for i, target in enumerate(step.call))
    yield from ((("fallback", i), target) for i, target in enumerate(policy.fallback))


def references(file: MunicipalityFile) -> Iterator[tuple[Path, str, str]]:
    """Yield what policies, and what belongs to them elsewhere in the file, refer to."""
    for i, policy in enumerate(file.policies):
        for place, target in targets(policy):
            kind, id = target.named
            if kind in _SECTIONS and id != EVERY:
                yield ("policies", i, *place, kind), _SECTIONS[kind], id
        if policy.then is not None:
            yield ("policies", i, "then"), "policies", policy.then
    yield from _windows(file)
    for i, team in enumerate(file.teams):
        yield from ((("teams", i, "duty", n), "people", p) for n, p in enumerate(team.duty))
    for i, resident in enumerate(file.residents):
        yield from ((("residents", i, "relatives", p), "people", p) for p in resident.relatives)
    for i, device in enumerate(file.devices):
        shared = enumerate(device.shared_with)
        yield from ((("devices", i, "shared_with", n), "residents", r) for n, r in shared)


def _windows(file: MunicipalityFile) -> Iterator[tuple[Path, str, str]]:
    for section in ("units", "residents"):
        for i, where in enumerate(getattr(file, section)):
            for n, window in enumerate(where.policies_at):
                yield (section, i, "policies_at", n, "policy"), "policies", window.policy
    if "municipality" in file.model_fields_set:
        one = file.municipality
        for category, id in one.policies.items():
            yield ("municipality", "policies", str(category)), "policies", id
        for n, window in enumerate(one.policies_at):
            yield ("municipality", "policies_at", n, "policy"), "policies", window.policy


def contradictions(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield what does not fit together; `at` maps paths to the file's."""
    yield from _circles(file, at)
    roles = {person.id: person.roles for person in file.people}
    centres = {team.id for team in file.teams if team.response_centre}
    teams = {team.id for team in file.teams}
    for i, policy in enumerate(file.policies):
        top = at.get(("policies", i), ("policies", i))
        for place, target in targets(policy):
            kind, id = target.named
            if kind == "response_centre" and id in teams - centres:
                yield Problem("not_a_centre", (*top, *place), {"team": id})
            if kind == "outside" and Role.OUTSIDE not in roles.get(id, (Role.OUTSIDE,)):
                yield Problem("not_outside", (*top, *place), {"person": id})
        if all(target.only_told for _, target in targets(policy)):
            yield Problem("only_informed", top, {"policy": policy.id})
        yield from _too_long(policy, top)
    yield from _around(file, at)
    yield from _numbers(file, at)
    yield from _competences(file, at)


def oddities(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield warnings: a policy that calls anew too soon, a team that nobody is in, people who are
    asked in vain."""
    yield from _never_unseen(file, at)
    yield from _empty_teams(file, at)
    yield from _in_vain(file, at)


def _too_long(policy: PolicyEntry, top: Path) -> Iterator[Problem]:
    """Yield the waits that are silence themselves: nobody is asked meanwhile."""
    waits: list[tuple[Path, int | None, int]] = [
        (("steps", n, "wait"), step.wait, LONGEST_WAIT_S) for n, step in enumerate(policy.steps)
    ]
    waits += [((key,), getattr(policy, key), LONGEST_WAIT_S) for key in ("ask", "handover")]
    waits += [
        ((key,), getattr(policy, key), LONGEST_LEASE_S) for key in ("lease", "relative_lease")
    ]
    for place, length_s, most_s in waits:
        if length_s is not None and length_s > most_s:
            params = {"length": duration_text(length_s), "most": duration_text(most_s)}
            yield Problem("too_long_a_wait", (*top, *place), {"policy": policy.id, **params})


def _around(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    for i, team in enumerate(file.teams):
        if team.duty and team.partner is None:
            path = at.get(("teams", i), ("teams", i))
            yield Problem("duty_without_partner", path, {"team": team.id})
    relatives = {p.id for p in file.people if Role.RELATIVE in p.roles}
    known = {p.id for p in file.people}
    for i, resident in enumerate(file.residents):
        path = at.get(("residents", i), ("residents", i))
        for person in resident.relatives:
            if person in known - relatives:
                params = {"person": person, "resident": resident.id}
                yield Problem("not_a_relative", (*path, "relatives", person), params)


def _numbers(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    if "municipality" not in file.model_fields_set:
        return
    for i, policy in enumerate(file.policies):
        top = at.get(("policies", i), ("policies", i))
        for n, step in enumerate(policy.steps):
            if step.number is not None and step.number not in file.municipality.numbers:
                path = (*top, "steps", n, "number")
                yield Problem("no_such_number", path, {"number": step.number})


def _competences(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    held = {competence for person in file.people for competence in person.competences}
    for i, policy in enumerate(file.policies):
        top = at.get(("policies", i), ("policies", i))
        for place, target in targets(policy):
            for asked in (target.competence, target.having):
                if asked is not None and asked not in held:
                    params = {"competence": asked, "policy": policy.id}
                    yield Problem("no_such_competence", (*top, *place), params)


def _circles(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Each circle is told once, at its policy that stands first in the file."""
    then = {policy.id: policy.then for policy in file.policies}
    told: set[str] = set()
    for i, policy in enumerate(file.policies):
        seen = [policy.id]
        while (following := then.get(seen[-1])) is not None and following not in seen:
            seen.append(following)
        if following == policy.id and policy.id not in told:
            told.update(seen)
            path = at.get(("policies", i), ("policies", i))
            circle = " -> ".join([*seen, policy.id])
            yield Problem("policy_circle", (*path, "then"), {"policy": policy.id, "circle": circle})


def _never_unseen(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield a warning where a policy calls anew before it shows that a call was not seen."""
    if "municipality" not in file.model_fields_set:
        return
    seen_s = file.municipality.paging.seen
    for i, policy in enumerate(file.policies):
        repeated = policy.steps if policy.loop == "all" else policy.steps[-1:]
        anew_s = sum(step.wait for step in repeated)
        if anew_s <= seen_s:
            place = (*at.get(("policies", i), ("policies", i)), "steps", len(policy.steps) - 1)
            params = {"length": duration_text(anew_s), "seen": duration_text(seen_s)}
            yield Problem(
                "never_unseen", (*place, "wait"), {"policy": policy.id, **params}, warning=True
            )


def _empty_teams(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield a warning for each call of a team that nobody is in; a partner's people stand in its
    own municipality's file."""
    manned = {team for person in file.people for team in person.teams}
    manned |= {team.id for team in file.teams if team.partner is not None or team.response_centre}
    for i, policy in enumerate(file.policies):
        top = at.get(("policies", i), ("policies", i))
        for place, target in targets(policy):
            if target.team is not None and target.team not in manned:
                params = {"policy": policy.id, "team": target.team}
                yield Problem("empty_team", (*top, *place), params, warning=True)


def _in_vain(file: MunicipalityFile, at: At) -> Iterator[Problem]:
    """Yield a warning for each call of people of whom nobody may own an alarm, relatives neither:
    it is passed over, and whoever wrote it believes that they are called."""
    able = {p.id for p in file.people if not {*HANDLERS, Role.RELATIVE}.isdisjoint(p.roles)}
    members = {t.id: {p.id for p in file.people if t.id in p.teams} for t in file.teams}
    for i, policy in enumerate(file.policies):
        top = at.get(("policies", i), ("policies", i))
        for place, target in targets(policy):
            asked = members.get(target.team or "", {target.person} - {None})
            if asked and not target.only_told and able.isdisjoint(asked):
                params = {"policy": policy.id, "id": target.named[1]}
                yield Problem("asked_in_vain", (*top, *place), params, warning=True)
