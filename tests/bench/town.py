"""The municipality that is measured: its chain waits 12 min, so every alarm keeps its timer."""

import json
from collections.abc import Sequence

from routing.event import derive_id, make_event
from routing.instant import Instant
from routing.kinds import Kind

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


def presses(run: str, count: int, at: Instant) -> Sequence[tuple[str, bytes]]:
    """Return (event id, canonical event) of one press each by so many different devices."""
    ids = [derive_id("bench", run, number) for number in range(count)]
    return [(event_id, _press(event_id, at)) for event_id in ids]


def _press(event_id: str, at: Instant) -> bytes:
    return make_event(
        Kind.HELP_PRESSED,
        id=event_id,
        source=f"/adapters/scaip/{ADAPTER}",
        subject=f"scaip:{event_id[:12]}",
        received_at=at,
    ).to_json()


def alarm_key(event_id: str) -> str:
    """Return the part of an event's id that names its alarm outside."""
    return event_id[:20]
