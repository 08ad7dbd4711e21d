"""Sound municipality files made at random, as the model and as YAML."""

from typing import Any

from hypothesis import strategies as st

from hub.configuration.model import MunicipalityFile

IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).map(
    lambda text: text[:100]
)
TIMES = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
DURATIONS = st.sampled_from(["1 s", "59 s", "60 s", "90 s", "15 min", "60 min", "2 h", "25 h"])
PHONES = st.sampled_from([None, "+47 00 00 00 00", "0042", "113"])


@st.composite
def municipalities(draw: st.DrawFn) -> MunicipalityFile:
    """A municipality whose references hold and whose policies somebody answers."""
    people = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    residents = draw(st.lists(IDS, max_size=3, unique=True))
    devices = draw(st.lists(IDS, max_size=3, unique=True))
    shifts = draw(st.lists(IDS, max_size=3, unique=True))
    policy = draw(IDS)
    content: dict[str, Any] = {
        "municipality": {
            "id": draw(IDS),
            "name": draw(TEXTS),
            "language": draw(st.sampled_from(["nb", "nn", "en"])),
            "default_policy": policy,
        },
        "managed_by": draw(st.sampled_from([{}, {"people": "file", "adapters": "file"}])),
        "units": [{"id": "u", "name": draw(TEXTS), "policies": {"*": policy}}],
        "teams": [{"id": "t", "name": draw(TEXTS), "unit": "u"}],
        "people": [_person(draw, id) for id in people],
        "residents": [_resident(draw, id) for id in residents],
        "devices": [_device(draw, id, residents) for id in devices],
        "policies": [_policy(draw, policy, people[0])],
        "shifts": [_shift(draw, id, people) for id in shifts],
        "adapters": draw(st.lists(st.sampled_from(LISTENERS), unique_by=lambda a: a["id"])),
    }
    return MunicipalityFile.model_validate(content)


LISTENERS: list[dict[str, Any]] = [
    {"id": "s", "protocol": "scaip", "require_auth": "all", "heartbeat_min": None},
    {"id": "g", "protocol": "ev07b"},
    {"id": "z", "protocol": "zigbee2mqtt", "actions": {"single": "help.pressed"}},
    {
        "id": "m",
        "protocol": "generic",
        "topics": [
            {
                "topic": "care/{device}/button",
                "says": "edge",
                "mapping": {"kind": "help.pressed", "battery": "battery"},
            }
        ],
    },
]


def _person(draw: st.DrawFn, id: str) -> dict[str, Any]:
    url = "https://phone.example/{person}?alarm={alarm}"
    return {
        "id": id,
        "name": draw(TEXTS),
        "roles": ["staff", *draw(st.sampled_from([[], ["lead"], ["it", "relative"]]))],
        "teams": draw(st.sampled_from([[], ["t"]])),
        "phone": draw(PHONES),
        "channels": [{"webhook": {"url": url}}] * draw(st.integers(0, 2)),
    }


def _resident(draw: st.DrawFn, id: str) -> dict[str, Any]:
    notes = st.one_of(st.none(), TEXTS)
    return {
        "id": id,
        "name": draw(TEXTS),
        "unit": "u",
        "address": draw(notes),
        "entry_note": draw(notes),
        "care_note": draw(notes),
        "phone": draw(PHONES),
    }


def _device(draw: st.DrawFn, id: str, residents: list[str]) -> dict[str, Any]:
    home = {"resident": draw(st.sampled_from(residents))} if residents else {"unit": "u"}
    rule = {"kind": "door.opened", "severity": draw(st.sampled_from(["low", "critical"]))}
    window = {"between": [draw(TIMES), draw(TIMES)]}
    return {
        "id": id,
        "name": draw(TEXTS),
        "subject": f"scaip:{id}",
        "raises": draw(st.sampled_from([[], [rule], [{**rule, **window}]])),
        "silent_after": draw(st.one_of(st.none(), DURATIONS)),
        **home,
    }


def _policy(draw: st.DrawFn, id: str, person: str) -> dict[str, Any]:
    wait = DURATIONS
    return {
        "id": id,
        "steps": [
            {"call": [{"on_duty": "t"}, {"team": "t"}], "wait": draw(wait)},
            {"call": [{"person": person}], "wait": draw(wait)},
        ],
        "loop": draw(st.sampled_from(["last", "all"])),
        "lease": draw(wait),
        "ask": draw(wait),
    }


def _shift(draw: st.DrawFn, id: str, people: list[str]) -> dict[str, Any]:
    weekdays = st.lists(st.sampled_from(["mon", "wed", "sun"]), min_size=1, unique=True)
    return {
        "id": id,
        "team": "t",
        "people": draw(st.lists(st.sampled_from(people), min_size=1, unique=True)),
        "weekdays": draw(weekdays),
        "from": draw(TIMES),
        "to": draw(TIMES),
    }
