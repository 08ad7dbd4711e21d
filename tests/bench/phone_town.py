"""The municipality of phones: so many people, each with a phone that is signed in."""

import json
import time
from collections.abc import Sequence

from hub.directory.port import Means
from hub.directory.sqlite import SqliteDirectory
from tests.bench.site import Site
from tests.bench.town import ADAPTER, MUNICIPALITY, PENDANT

LONG_S = 3600
"""No receipt makes another channel start while it is measured."""
Cookies = dict[str, str]


def phone_file(people: int, *, all_called: bool) -> str:
    """Return the file (JSON, which is YAML): an alarm calls the first of them, or all."""
    ids = [f"p{number}" for number in range(people)]
    push = [{"push": {}, "receipt_s": LONG_S, "seen_s": LONG_S}]
    called = {"on_duty": "team"} if all_called else {"person": ids[0]}
    return json.dumps(
        {
            "municipality": {"id": MUNICIPALITY, "name": "Prøve kommune", "default_policy": "long"},
            "units": [{"id": "north", "name": "Nord"}],
            "teams": [{"id": "team", "name": "Vakt", "unit": "north"}],
            "people": [
                {
                    "id": id,
                    "name": f"Person {id}",
                    "roles": ["staff"],
                    "teams": ["team"],
                    "channels": push,
                }
                for id in ids
            ],
            "shifts": [
                {"id": "all", "team": "team", "people": ids, "from": "00:00", "to": "00:00"}
            ],
            "residents": [{"id": "r1", "name": "Astrid Oppdiktet", "unit": "north"}],
            "devices": [
                {"id": "d1", "name": "Alarm", "subject": f"scaip:{PENDANT}", "resident": "r1"}
            ],
            "policies": [
                {
                    "id": "long",
                    "steps": [{"call": [called], "wait": "50 min"}],
                    "fallback": [{"person": ids[0]}],
                }
            ],
            "adapters": [{"id": ADAPTER, "protocol": "scaip"}],
        }
    )


def sign_in(site: Site, people: int) -> Sequence[Cookies]:
    """Sign everybody in, each on a handset of their own; return what their browsers hold."""
    directory = SqliteDirectory(site.settings.state_dir / "directory.sqlite", MUNICIPALITY)
    at = time.time_ns() // 1000
    found = []
    for number in range(people):
        person = f"p{number}"
        handset, kept = directory.phones.taken_by(person, None, "bench", at)
        token = directory.sessions.begin(person, handset.id, Means.CODE, at)
        found.append({"varde_session": token, "varde_handset": kept})
    directory.close()
    return found
