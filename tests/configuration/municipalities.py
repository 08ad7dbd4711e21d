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
            "policies": draw(st.sampled_from([{}, {"fire": policy}])),
            "policies_at": _windows(draw, policy),
            "numbers": {"line": "+47 00 00 00 00"},
            "viewers": ["camera.example.org"],
            "help_number": draw(PHONES),
            "correlation": draw(
                st.sampled_from([{}, {"repeat": "60 s", "storm_events": 5, "silence": SILENCE}])
            ),
        },
        "managed_by": draw(st.sampled_from([{}, {"people": "file", "adapters": "file"}])),
        "units": [
            {
                "id": "u",
                "name": draw(TEXTS),
                "policies": {"*": policy},
                **_zone(draw, policy),
                "maintenance": draw(st.sampled_from([[], [WORK]])),
            }
        ],
        "teams": [
            {"id": "t", "name": draw(TEXTS), "unit": "u", "response_centre": draw(st.booleans())},
            {"id": "p", "name": draw(TEXTS), "partner": "nabo", "duty": people[:1]},
        ],
        "people": [_person(draw, id) for id in people],
        "residents": [
            {**_resident(draw, id), "policies_at": _windows(draw, policy), **_kin(draw, people)}
            for id in residents
        ],
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


SILENCE = {"life": "5 min", "other": "25 h"}
WORK = {"from": "2026-11-23T12:00", "to": "2026-11-23T14:00"}
PLANS_OF_RESIDENTS: list[dict[str, Any]] = [
    {},
    {"pause": {"until": "2026-12-01", "why": "hospital"}, "objects": ["location"]},
    {
        "frequent_caller": {"until": "2026-12-24T15:00"},
        "looks": [{"at": "03:00", "within": "15 min", "weekdays": ["mon", "sun"]}],
        "quiet": [{"between": ["07:00", "10:00"]}, {"for": "12 h"}],
    },
    {
        "looks": [{"at": "22:00"}],
        "viewer": "https://camera.example.org/flat/17",
        "supervised_until": "2027-05-01T12:00",
    },
]
PLANS_OF_DEVICES: list[dict[str, Any]] = [
    {},
    {"class": "life", "maker": "acme", "exercise": True, "maintenance": [WORK]},
    {
        "lasting": [{"kind": "bed.left", "after": "20 min", "between": ["23:00", "06:00"]}],
        "doses": [{"at": "08:00"}, {"at": "20:00", "missed_after": "30 min", "weekdays": ["tue"]}],
        "late_taken_closes": True,
        "reset_closes": "care",
        "zone_return_lowers": True,
    },
]


_CENTRES: list[list[dict[str, Any]]] = [
    [],
    [{"dc09": {"address": "arc.example:9090", "account": "77AA"}}],
    [
        {
            "dc09": {
                "address": "[2001:db8::7]:9090",
                "transport": "udp",
                "format": "ADM-CID",
                "account": "1234",
                "accounts": {"astrid": "1001"},
                "line": "R1LA",
                "encrypted": False,
            }
        }
    ],
]

_PHONE_WAYS: list[dict[str, Any]] = [
    {"push": {}, "seen_s": 45},
    {"sms": {"number": "+47 900 00 000"}, "receipt_s": 20, "seen_s": 30},
    {"voice": {"number": "+4790000000"}, "receipt_s": 60},
    {"ntfy": {"topic": "Varde_0f1e2d-3c"}},
]


def _person(draw: st.DrawFn, id: str) -> dict[str, Any]:
    url = "https://phone.example/{person}?alarm={alarm}"
    return {
        "id": id,
        "name": draw(TEXTS),
        "roles": ["staff", "relative", *draw(st.sampled_from([[], ["lead"], ["it"]]))],
        "teams": draw(st.sampled_from([[], ["t"]])),
        "phone": draw(PHONES),
        "competences": ["key"],
        "arrive": draw(DURATIONS),
        "channels": [
            *[{"webhook": {"url": url}}] * draw(st.integers(0, 2)),
            *draw(st.sampled_from(_CENTRES)),
            *draw(st.permutations(_PHONE_WAYS)),
        ],
    }


def _resident(draw: st.DrawFn, id: str) -> dict[str, Any]:
    notes = st.one_of(st.none(), TEXTS)
    return {
        "id": id,
        "name": draw(TEXTS),
        "unit": "u",
        "address": draw(notes),
        "protected": draw(st.booleans()),
        "entry_note": draw(notes),
        "care_note": draw(notes),
        "phone": draw(PHONES),
        **draw(st.sampled_from(PLANS_OF_RESIDENTS)),
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
        **draw(st.sampled_from(PLANS_OF_DEVICES)),
        **home,
    }


def _policy(draw: st.DrawFn, id: str, person: str) -> dict[str, Any]:
    wait = DURATIONS
    return {
        "id": id,
        "steps": [
            {"call": [{"on_duty": "t"}, {"team": "t"}], "wait": draw(wait)},
            _rich_step(draw, person),
            {"call": [{"person": person}], "wait": draw(wait)},
        ],
        **draw(st.sampled_from([{}, {"relative_lease": "15 min", "target": "45 min"}])),
        **draw(st.sampled_from([{}, {"check_after": 3, "check_within": "2 h"}])),
        **draw(st.sampled_from([{}, {"handover": "2 min", "reopen": "12 h"}])),
        "loop": draw(st.sampled_from(["last", "all"])),
        "lease": draw(wait),
        "ask": draw(wait),
    }


def _rich_step(draw: st.DrawFn, person: str) -> dict[str, Any]:
    targets = [
        {"lead": "*"},
        {"lead": "t"},
        {"relative": "responsible"},
        {"relative": "informed"},
        {"competence": "key"},
        {"on_duty": "p", "having": "key", "role": "staff"},
        {"person": person, "informed": True},
    ]
    when = {
        "weekdays": ["fri", "sat"],
        "between": [draw(TIMES), draw(TIMES)],
        "category": ["help", "fire"],
        "kind": ["fall.detected"],
        "severity": "high",
    }
    return {
        "call": draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3)),
        "wait": draw(DURATIONS),
        "when": draw(st.sampled_from([None, when, {"severity": "low"}])),
        "in_turn": draw(st.booleans()),
        "number": draw(st.sampled_from([None, "line"])),
    }


def _windows(draw: st.DrawFn, policy: str) -> list[dict[str, Any]]:
    night = {"policy": policy, "category": "help", "between": ["22:00", "07:00"]}
    return draw(st.sampled_from([[], [night], [{"policy": policy, "weekdays": ["sun"]}]]))


def _zone(draw: st.DrawFn, policy: str) -> dict[str, Any]:
    return {"drive": draw(DURATIONS), "policies_at": _windows(draw, policy)}


def _kin(draw: st.DrawFn, people: list[str]) -> dict[str, Any]:
    part = draw(st.sampled_from(["responsible", "informed"]))
    return {"relatives": draw(st.sampled_from([{}, {people[0]: part}]))}


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
