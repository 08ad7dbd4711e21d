"""A table of bad files: each problem by its code, at its line."""

from pathlib import Path

import pytest

from hub.configuration.channel_check import unserved
from hub.configuration.check import check
from hub.configuration.problem import words
from hub.settings.load import load_settings
from hub.text import LANGUAGES
from routing.municipality import HANDLERS

WAYS = 'channels: [{push: {}}, {voice: {number: "+4790000001"}}]'
SOUND = """\
municipality: {id: testby, name: Testby (eksempel), default_policy: help}
units:
  - {id: north, name: North}
teams:
  - {id: home, name: Home care, unit: north}
people:
  - {id: kari, name: Kari Eksempel, WAYS, roles: [staff], teams: [home]}
  - {id: ola, name: Ola Eksempel, WAYS, roles: [lead], teams: [home]}
  - {id: eva, name: Eva Eksempel, roles: [relative]}
residents:
  - {id: astrid, name: Astrid Prøve, unit: north, policies: {fire: help}}
devices:
  - {id: pendant, name: Pendant, subject: "scaip:1", resident: astrid}
  - {id: door, name: Door, subject: "zigbee2mqtt:door", unit: north, raises: [{kind: door.opened}]}
policies:
  - id: help
    steps:
      - {call: [{on_duty: home}], wait: 60 s}
      - {call: [{team: home}], wait: 2 min}
    fallback: [{person: ola}]
shifts:
  - {id: all, team: home, people: [kari, ola], from: "00:00", to: "00:00"}
adapters:
  - {id: scaip, protocol: scaip}
  - {id: zigbee, protocol: zigbee2mqtt}
""".replace("WAYS", WAYS)

BAD = [
    ("people:", "poeple:", [("unknown_key_near", 6)]),
    ("roles: [staff]", "rolls: [staff]", [("missing", 7), ("unknown_key_near", 7)]),
    ("roles: [staff]", "roles: [stuff]", [("not_one_of", 7)]),
    ("roles: [staff]", "roles: []", [("bad_length", 7)]),
    ("id: kari", "id: Kari N", [("bad_id", 7), ("dangling_near", 22)]),
    ("{id: ola,", "{id: kari,", [("id_twice", 8), ("dangling", 20), ("dangling", 22)]),
    ("teams: [home]}\n  - {id: ola", "teams: [hom]}\n  - {id: ola", [("dangling_near", 7)]),
    ('"zigbee2mqtt:door"', '"scaip:1"', [("subject_twice", 14)]),
    ('"scaip:1"', '"pager:1"', [("bad_subject", 13)]),
    ('"scaip:1"', '"scaip:"', [("bad_subject", 13)]),
    ("default_policy: help", "default_policy: nothing", [("dangling", 1)]),
    ("default_policy: help", "default_policy: help, timezone: Oslo", [("bad_timezone", 1)]),
    ("default_policy: help", "default_policy: help, timezone: ../../x", [("bad_timezone", 1)]),
    ('from: "00:00"', 'from: "24:00"', [("bad_time", 22)]),
    ("wait: 60 s", "wait: 60", [("bad_duration", 18)]),
    ("wait: 60 s", "wait: 0 s", [("bad_duration", 18)]),
    ("wait: 60 s", "wait: -1 s", [("bad_duration", 18)]),
    ("call: [{on_duty: home}]", "call: []", [("bad_length", 18)]),
    ("{on_duty: home}", "{on_duty: home, team: home}", [("bad_target", 18)]),
    ("{on_duty: home}", "{}", [("bad_target", 18)]),
    ("unit: north, raises", "raises", [("device_home", 14)]),
    ("resident: astrid", "resident: astrid, unit: north", [("device_home", 13)]),
    ("kind: door.opened", "kind: help.pressed", [("rule_alarm", 14)]),
    ("kind: door.opened", "kind: device.alive", [("rule_sample", 14)]),
    ("kind: door.opened", "kind: door.opend", [("not_one_of", 14)]),
    ("kind: door.opened", "kind: door.opened, severity: bad", [("not_one_of", 14)]),
    ("{fire: help}", "{fires: help}", [("not_one_of", 11)]),
    ("{fire: help}", "{fire: hlp}", [("dangling_near", 11)]),
    ("protocol: scaip}", "protocol: scip}", [("not_one_of", 24)]),
    ("{id: scaip, protocol: scaip}", "{id: scaip}", [("missing", 24)]),
    ("protocol: scaip}", "protocol: scaip, relm: x}", [("unknown_key_near", 24)]),
    ("devices:\n", "devices: {}\nx:\n", [("not_a_list", 12), ("unknown_key", 13)]),
    ("name: Kari Eksempel", "name: Kari, name: Eksempel", [("key_twice", 7)]),
    ("id: astrid", "id: !!python/name:os.system astrid", [("yaml_tag", 11)]),
    ("wait: 60 s", "wait: 1000000 s", [("bad_duration", 18)]),
    ("wait: 60 s", "wait: 8 d", [("bad_duration", 18)]),
    ("name: Ola Eksempel", "name: .nan", [("no_number", 8)]),
    ("name: Ola Eksempel", "name: -.inf", [("no_number", 8)]),
    ("name: Ola Eksempel", "name: 1e999", [("no_number", 8)]),
    ("name: Ola Eksempel", "name: !!float Ola", [("no_number", 8)]),
    ("name: Ola Eksempel", 'name: "Ola\\nEksempel"', [("bad_characters", 8)]),
    ("name: Ola Eksempel", 'name: "\\e[2JOla"', [("bad_characters", 8)]),
    ("name: Ola Eksempel", 'name: "Ola\\u202e"', [("bad_characters", 8)]),
    ("roles: [lead]", "roles: [lead", [("yaml", 8)]),
    ("roles: [lead]", "roles: *lead", [("yaml", 8)]),
    ("roles: [lead]", "roles: &a [*a]", [("yaml_aliases", 1)]),
    ("roles: [lead]", "roles: " + "[" * 5000 + "]" * 5000, [("yaml_aliases", 1)]),
    ("name: Ola Eksempel", 'name: "\\u200b"', [("bad_characters", 8)]),
    ("wait: 60 s", "wait: 73 h", [("too_long_a_wait", 18)]),
    (
        "policies:\n  - id: help",
        "policies:\n  - lease: 169 h\n    id: help",
        [("too_long_a_wait", 16)],
    ),
    (
        "policies:\n  - id: help",
        "policies:\n  - ask: 73 h\n    id: help",
        [("too_long_a_wait", 16)],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), BAD)
def test_each_mistake_is_named_at_its_line(
    old: str, new: str, expected: list[tuple[str, int]]
) -> None:
    source = SOUND.replace(old, new, 1)
    assert source != SOUND
    checked = check(source)
    assert sorted((p.code, checked.line(p)) for p in checked.errors) == sorted(expected)
    assert checked.file is None
    for language in LANGUAGES:
        assert len(checked.lines("f.yaml", language)) == len(checked.problems)


def test_the_sound_file_has_nothing_to_say() -> None:
    checked = check(SOUND)
    assert checked.lines("f.yaml", "en") == []
    assert checked.file is not None


def test_a_device_for_exercise_in_somebodys_home_is_warned_of() -> None:
    """Right while it is accepted; left so, a real press would be over as an exercise."""
    checked = check(SOUND.replace("resident: astrid}", "resident: astrid, exercise: true}"))
    assert checked.errors == []
    assert [(p.code, checked.line(p)) for p in checked.problems] == [("exercise_at_home", 13)]


@pytest.mark.parametrize(
    ("steps", "loop", "warned"),
    [
        (("60 s", "31 s"), "last", False),
        (("60 s", "30 s"), "last", True),
        (("10 s", "20 s"), "all", True),
        (("60 s", "10 s"), "all", False),
    ],
)
def test_a_policy_that_calls_anew_before_a_call_counts_as_unseen_is_warned_of(
    steps: tuple[str, ...], loop: str, warned: bool
) -> None:
    source = SOUND.replace("    steps:\n", f"    loop: {loop}\n    steps:\n")
    for old, new in zip(("60 s", "2 min"), steps, strict=True):
        assert f"wait: {old}" in source
        source = source.replace(f"wait: {old}", f"wait: {new}")
    checked = check(source)
    assert checked.errors == []
    assert [p.code for p in checked.problems] == ["never_unseen"] * warned


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory"])
def test_a_zone_that_is_another_on_every_machine_is_refused(zone: str) -> None:
    source = SOUND.replace("default_policy: help", f"default_policy: help, timezone: {zone}")
    assert [p.code for p in check(source).errors] == ["bad_timezone"]


def test_a_text_where_fields_belong_is_told_by_its_section() -> None:
    checked = check(SOUND.replace("people:\n", "people:\n  - x\n", 1))
    told = checked.lines("f.yaml", "nn")[0]
    assert "`people` har `x` der det skal stå felt" in told


def test_what_is_possible_is_listed_without_words_of_another_language() -> None:
    checked = check(SOUND.replace("protocol: scaip}", "protocol: scip}"))
    assert " or " not in checked.lines("f.yaml", "nn")[0]


def test_all_mistakes_are_told_at_once() -> None:
    source = SOUND.replace("wait: 60 s", "wait: soon").replace("roles: [lead]", "roles: [x]")
    source = source.replace("unit: north, raises", "unit: south, raises")
    checked = check(source)
    found = sorted((checked.line(p), p.code) for p in checked.errors)
    assert found == [(8, "not_one_of"), (14, "dangling_near"), (18, "bad_duration")]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://phone.example/{person}/{alarm}", None),
        ("http://127.0.0.1:9000/hook", None),
        ("https://phone.example/{name}", "bad_url_field"),
        ("https://phone.example/{person.name}", "bad_url_field"),
        ("https://phone.example/{person!r}", "bad_url_field"),
        ("https://phone.example/{person:>9}", "bad_url_field"),
        ("https://phone.example/{person", "bad_url"),
        ("https://{person}.example/", "bad_url"),
        ("ftp://phone.example/", "bad_url"),
        ("phone.example/x", "bad_url"),
        ("https:///x", "bad_url"),
    ],
)
def test_a_channel_may_ask_for_ids_only(url: str, code: str | None) -> None:
    channel = f'channels: [{{webhook: {{url: "{url}"}}}}]'
    source = SOUND.replace(WAYS, channel, 1)
    assert [p.code for p in check(source).errors] == ([code] if code else [])


@pytest.mark.parametrize("source", ["", "~", "- a", "text", "3"])
def test_what_is_no_municipality_file_is_told_so(source: str) -> None:
    assert [p.code for p in check(source).problems] == ["not_a_mapping"]


def test_an_alias_bomb_is_refused_before_it_unfolds() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert [p.code for p in check("\n".join(levels)).problems] == ["yaml_aliases"]


def test_a_phone_keeps_its_signs_without_quotes() -> None:
    source = SOUND.replace("roles: [staff]", "roles: [staff], phone: +4790000001", 1)
    file = check(source).file
    assert file is not None
    assert file.people[0].phone == "+4790000001"


def test_words_name_the_fault_and_the_remedy_in_each_language() -> None:
    problem = check(SOUND.replace("wait: 60 s", "wait: 60")).errors[0]
    assert words(problem, "en") == (
        "`60` is no duration above zero. Write a number of at most six digits and a unit: "
        '"60 s", "15 min" or "2 h". The units are s, min, h; a day is 24 h.'
    )
    assert words(problem, "nb") == (
        "`60` er ingen varighet over null. Skriv et tall på høyst seks siffer og en enhet: "
        '"60 s", "15 min" eller "2 h". Enhetene er s, min, h; et døgn er 24 h.'
    )
    assert words(problem, "nn") == (
        "`60` er inga tid over null. Skriv eit tal på høgst seks siffer og ei eining: "
        '"60 s", "15 min" eller "2 h". Einingane er s, min, h; eit døgn er 24 h.'
    )


def test_a_truth_is_no_number_and_the_words_say_what_to_write() -> None:
    source = SOUND + "needs:\n  - {id: n, team: home, people: true}\n"
    (problem,) = check(source).errors
    assert words(problem, "en") == (
        "`true` is no number here. Write a whole number in digits, such as 1, without quotes."
    )


def test_the_second_of_two_names_the_line_of_the_first() -> None:
    source = SOUND.replace("{id: ola,", "{id: kari,")
    assert check(source).lines("f.yaml", "en")[0] == (
        "f.yaml:8: The id `kari` stands twice in `people`; the first is on line 7. "
        "Give one of them another id."
    )


def test_the_sample_municipality_is_sound_and_quiet() -> None:
    path = Path(__file__).parents[2] / "examples" / "fjordvik.yaml"
    checked = check(path.read_text("utf-8"))
    assert checked.lines(path.name, "en") == []
    assert checked.file is not None
    opened = [d for d in checked.file.devices if d.raises and d.raises[0].between is None]
    assert [d.subject for d in opened] == ["zigbee2mqtt:ytterdor-dagny"]


@pytest.mark.parametrize("name", ["fjordvik.yaml", "training-flat.yaml"])
def test_the_examples_are_sound_together_and_show_what_there_is(name: str) -> None:
    """Whoever is called in them can be called by ways that do not share one cause."""
    folder = Path(__file__).parents[2] / "examples"
    file = check((folder / name).read_text("utf-8")).file
    settings = load_settings(folder / "settings.yaml")
    assert file is not None
    assert file.municipality.help_number is not None
    assert settings.map.tiles is not None
    assert settings.map.bounds is not None
    assert (settings.web.public_url or "").startswith("https://")
    served = {one.kind for one in settings.gateways.values()}
    assert list(unserved(file, served, ntfy=False, push=True)) == []
    called = [one for one in file.people if HANDLERS.intersection(one.roles)]
    assert len(called) >= 3
    for person in called:
        assert [one.kind for one in person.channels] == ["push", "sms", "voice"], person.id
