"""File -> facts -> export -> file: nothing is lost, and applying twice changes nothing."""

from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.configuration.describe import NothingConfigured, describe
from hub.configuration.difference import Difference, difference
from hub.configuration.export import to_yaml
from hub.configuration.model import MunicipalityFile
from hub.journal.port import Record
from routing import facts
from routing.evolve import evolve
from routing.state import State
from tests.configuration.municipalities import municipalities

KEY = b"a key of the test"


@dataclass
class Hub:
    """State and documents, folded from what was recorded."""

    state: State = field(default_factory=State)
    documents: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def apply(self, file: MunicipalityFile) -> Difference:
        found = difference(self.state.registry, self.body, compile(file), KEY, "file")
        for change in found.changes:
            stored = facts.decode(facts.encode(change))
            self.state = evolve(self.state, Record(self.state.seq + 1, 0, stored))
        for document in found.documents:
            if document.body is None:
                self.documents.pop((document.kind, document.id), None)
            else:
                self.documents[document.kind, document.id] = document.body
        return found

    def described(self) -> MunicipalityFile:
        return describe(self.state.registry, self.body)

    def body(self, kind: str, id: str) -> bytes | None:
        return self.documents.get((kind, id))


def by_id(file: MunicipalityFile) -> MunicipalityFile:
    """The order of entries is no part of the configuration."""
    sections = ("units", "teams", "people", "residents", "devices", "policies", "shifts")
    ordered = {s: tuple(sorted(getattr(file, s), key=lambda e: e.id)) for s in sections}
    return file.model_copy(update=ordered)


@settings(max_examples=60, deadline=None)
@given(municipalities())
def test_export_reads_back_and_differs_in_nothing(file: MunicipalityFile) -> None:
    hub = Hub()
    hub.apply(file)
    assert hub.described() == file
    text = to_yaml(hub.described())
    checked = check(text)
    assert checked.errors == []
    assert checked.file == file
    again = difference(hub.state.registry, hub.body, compile(checked.file), KEY, "file")
    assert list(again.changes) == []
    assert list(again.lines()) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(municipalities(), min_size=2, max_size=3))
def test_one_file_after_another_leaves_what_the_last_one_says(
    files: list[MunicipalityFile],
) -> None:
    hub = Hub()
    one = files[0].municipality.id
    for file in files:
        renamed = file.municipality.model_copy(update={"id": one})
        wanted = file.model_copy(update={"municipality": renamed})
        hub.apply(wanted)
        assert by_id(hub.described()) == by_id(wanted)
        assert not hub.apply(wanted)
    kept = {key for key in hub.documents if key[0] != "adapters"}
    assert kept == set(hub.state.registry.private)
    subjects = {d.subject: d.id for d in hub.described().devices}
    assert hub.state.registry.device_of == subjects


@settings(max_examples=30, deadline=None)
@given(municipalities())
def test_no_fact_holds_a_name_an_address_a_note_or_a_number_to_ring(
    file: MunicipalityFile,
) -> None:
    secret = "Hemmelig Navn 99"
    named = [r.model_copy(update={"name": secret, "address": secret}) for r in file.residents]
    people = [p.model_copy(update={"name": secret, "phone": "99 99 99 99"}) for p in file.people]
    hidden = file.model_copy(update={"residents": tuple(named), "people": tuple(people)})
    changes = difference(State().registry, Hub().body, compile(hidden), KEY, "file").changes
    stored = b"".join(facts.encode(change) for change in changes)
    for private in (b"Hemmelig", b"99 99 99", b"phone.example", b"help.pressed"):
        assert private not in stored


def sample() -> MunicipalityFile:
    return MunicipalityFile.model_validate(
        {
            "municipality": {"id": "m", "name": "M", "default_policy": "p"},
            "teams": [{"id": "t", "name": "T"}],
            "people": [{"id": "kari", "name": "Kari", "roles": ["staff"], "teams": ["t"]}],
            "policies": [{"id": "p", "steps": [{"call": [{"team": "t"}], "wait": "60 s"}]}],
        }
    )


def test_a_difference_is_told_by_section_id_and_field() -> None:
    hub = Hub()
    file = sample()
    hub.apply(file)
    (kari,) = file.people
    renamed = kari.model_copy(update={"name": "Kari Ny"})
    moved = kari.model_copy(update={"id": "ola", "teams": ()})
    (policy,) = file.policies
    changed = file.model_copy(
        update={"people": (renamed, moved), "policies": (policy.model_copy(update={"ask": 60}),)}
    )
    assert list(hub.apply(changed).lines()) == [
        ("changed", "person", "kari", ""),
        ("added", "person", "ola", ""),
        ("changed", "policy", "p", "ask_s"),
    ]
    assert list(hub.apply(file).lines()) == [
        ("removed", "person", "ola", ""),
        ("changed", "person", "kari", ""),
        ("changed", "policy", "p", "ask_s"),
    ]
    assert ("person", "ola") not in hub.documents


def test_midnight_to_midnight_is_at_any_time() -> None:
    content = sample().model_dump(mode="json", by_alias=True)
    rule = {"kind": "door.opened", "between": ["00:00", "00:00"]}
    device = {"id": "d", "name": "D", "subject": "scaip:1", "raises": [rule]}
    hub, file = Hub(), MunicipalityFile.model_validate({**content, "devices": [device]})
    hub.apply(file)
    assert hub.described() == file
    assert file.devices[0].raises[0].between is None


def test_only_the_listeners_changing_is_a_change_of_the_municipality() -> None:
    hub = Hub()
    hub.apply(sample())
    listener = {"id": "gps", "protocol": "ev07b"}
    file = MunicipalityFile.model_validate({**sample().model_dump(), **plain(listener)})
    found = hub.apply(file)
    assert list(found.lines()) == [("added", "adapter", "gps", "")]
    assert len(found.changes) == 1
    assert [a.id for a in hub.described().adapters] == ["gps"]
    one = file.municipality.model_copy(update={"name": "Ny"})
    (gps,) = file.adapters
    slower = gps.model_copy(update={"answer_within_s": 60})
    assert list(hub.apply(file.model_copy(update={"adapters": (slower,)})).lines()) == [
        ("changed", "adapter", "gps", "answer_within_s"),
    ]
    renamed = file.model_copy(update={"municipality": one, "adapters": ()})
    assert list(hub.apply(renamed).lines()) == [
        ("changed", "municipality", "m", ""),
        ("removed", "adapter", "gps", ""),
    ]


def plain(listener: dict[str, str]) -> dict[str, object]:
    """The sample's durations as text, because a model dumps them as numbers in Python mode."""
    return {
        **sample().model_dump(mode="json", by_alias=True),
        "adapters": [listener],
    }


def test_nothing_configured_is_told_by_name() -> None:
    with pytest.raises(NothingConfigured):
        Hub().described()


def test_the_request_to_a_running_router_is_what_its_intake_reads() -> None:
    from hub.configuration.difference import request
    from hub.router.parse import configure

    found = Hub().apply(sample())
    parsed = configure(request("0123", found, "file"))
    assert msgspec.json.encode(parsed.task) == msgspec.json.encode({"changes": found.changes})
    assert list(parsed.documents) == list(found.documents)
