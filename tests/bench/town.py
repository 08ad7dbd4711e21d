"""The municipality that is measured: its chain waits 12 min, so every alarm keeps its timer."""

import json
from collections.abc import Sequence

from routing.event import derive_id, make_event
from routing.facts import ConfigurationSet
from routing.instant import Instant
from routing.kinds import Kind
from routing.municipality import Device

MUNICIPALITY = "bench"
ADAPTER = "scaip"
PENDANT = "26317"


def municipality_file(webhook_url: str | None) -> str:
    """Return the file (JSON, which is YAML): one person on call, by webhook or by page alone."""
    channels = [] if webhook_url is None else [{"webhook": {"url": webhook_url}}]
    called = {"id": "kari", "name": "Kari Prøve", "roles": ["staff"], "channels": channels}
    return json.dumps(
        {
            "municipality": {
                "id": MUNICIPALITY,
                "name": "Prøve kommune",
                "default_policy": "long",
            },
            "units": [{"id": "north", "name": "Nord"}],
            "people": [called],
            "residents": [{"id": "r1", "name": "Astrid Oppdiktet", "unit": "north"}],
            "devices": [
                {
                    "id": "d1",
                    "name": "Trygghetsalarm",
                    "subject": f"scaip:{PENDANT}",
                    "resident": "r1",
                }
            ],
            "policies": [
                {"id": "long", "steps": [{"call": [{"person": "kari"}], "wait": "12 min"}]}
            ],
            "adapters": [{"id": ADAPTER, "protocol": "scaip"}],
        }
    )


def registered(run: str, count: int) -> Sequence[ConfigurationSet]:
    """Return the devices that press in the run. They are registered, since many that nobody knows
    would be one alarm; and they are no resident's, so that each is a home of its own."""
    devices = (
        Device(id=f"{_name(run)}-{number}", subject=_subject(run, number), unit="north")
        for number in range(count)
    )
    return [ConfigurationSet(item=device, author="bench") for device in devices]


def presses(run: str, count: int, at: Instant) -> Sequence[tuple[str, bytes]]:
    """Return (event id, canonical event) of one press each by the run's devices."""
    return [_press(run, number, at) for number in range(count)]


def _name(run: str) -> str:
    return run.replace(" ", "-")


def _subject(run: str, number: int) -> str:
    return f"scaip:{_name(run)}-{number}"


def _press(run: str, number: int, at: Instant) -> tuple[str, bytes]:
    event_id = derive_id("bench", run, number)
    made = make_event(
        Kind.HELP_PRESSED,
        id=event_id,
        source=f"/adapters/scaip/{ADAPTER}",
        subject=_subject(run, number),
        received_at=at,
    )
    return event_id, made.to_json()


def alarm_key(event_id: str) -> str:
    """Return the part of an event's id that names its alarm outside."""
    return event_id[:20]
