"""Whether a person's channels are as independent as they look: two that share a cause fail
together."""

from collections.abc import Collection, Iterator, Mapping

from hub.configuration.model import MunicipalityFile, PersonEntry
from hub.configuration.problem import Path, Problem
from routing.municipality import HANDLERS

_BY_DATA = frozenset({"push", "ntfy"})
"""Need data on the phone, and the hub's own way to the internet."""
_BY_NUMBER = frozenset({"sms", "voice"})
"""Need the phone's operator."""


def contradictions(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield an error for each person whose push stands twice: once is for all phones."""
    for path, person in _people(file, at):
        if sum(one.push is not None for one in person.channels) > 1:
            yield Problem("push_twice", (*path, "channels"), {"person": person.id})


def oddities(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[Problem]:
    """Yield a warning for each person who may own alarms and whose channels share one cause, or
    who has none: only an open page reaches them."""
    for path, person in _people(file, at):
        code = _shared_cause(person)
        if code is not None and HANDLERS.intersection(person.roles):
            kinds = ", ".join(dict.fromkeys(one.kind for one in person.channels))
            params = {"person": person.id, "channels": kinds}
            yield Problem(code, (*path, "channels"), params, warning=True)


def _shared_cause(person: PersonEntry) -> str | None:
    kinds = {one.kind for one in person.channels}
    if not kinds:
        return "channel_none"
    if kinds <= _BY_DATA:
        return "channel_alone" if len(kinds) == 1 else "channels_need_data"
    numbers = {n.number for one in person.channels if (n := one.sms or one.voice) is not None}
    one_phone = kinds <= _BY_NUMBER and len(numbers) == 1 and len(person.channels) > 1
    return "channels_one_phone" if one_phone else None


def unserved(
    file: MunicipalityFile, gateways: Collection[str], *, ntfy: bool, push: bool
) -> Iterator[Problem]:
    """Yield a warning for each person with a channel that the settings do not serve, and one for
    all whose browsers get no push; `gateways` are the kinds that have one."""
    if not push:
        yield from _unpushed(file)
    for path, person in _people(file, {}):
        for number, one in enumerate(person.channels):
            params = {"person": person.id, "kind": one.kind}
            place = (*path, "channels", number)
            if one.kind in _BY_NUMBER and one.kind not in gateways:
                yield Problem("no_gateway", place, params, warning=True)
            elif one.kind == "ntfy" and not ntfy:
                yield Problem("no_ntfy", place, params, warning=True)


def _unpushed(file: MunicipalityFile) -> Iterator[Problem]:
    found = [
        (*path, "channels", number)
        for path, person in _people(file, {})
        for number, one in enumerate(person.channels)
        if one.push is not None
    ]
    if found:
        yield Problem("push_needs_https", found[0], {"count": len(found)}, warning=True)


def _people(file: MunicipalityFile, at: Mapping[Path, Path]) -> Iterator[tuple[Path, PersonEntry]]:
    for index, person in enumerate(file.people):
        yield at.get(("people", index), ("people", index)), person
