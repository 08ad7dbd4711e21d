"""How Home Assistant is told of an entity (home-assistant.io/integrations/mqtt, "MQTT discovery").

<prefix>/<component>/varde_<municipality>/<object>/config   retained; empty removes the entity
<prefix>/<component>/varde_<municipality>/<object>/state    retained
<prefix>/varde_<municipality>/availability                  online, or offline by last will
"""

import json
from dataclasses import dataclass

from hub.homeassistant.entities import Entity

ONLINE, OFFLINE = b"online", b"offline"
_ORIGIN = {"name": "Varde"}


@dataclass(frozen=True, slots=True)
class Node:
    """The hub of one municipality, as Home Assistant sees it."""

    prefix: str
    municipality: str

    @property
    def id(self) -> str:
        return f"varde_{self.municipality}"

    @property
    def availability(self) -> str:
        """The topic that says whether the hub is there."""
        return f"{self.prefix}/{self.id}/availability"

    @property
    def configs(self) -> str:
        """The filter of every config that this hub may have published."""
        return f"{self.prefix}/+/{self.id}/+/config"

    def config_topic(self, entity: Entity) -> str:
        return f"{self._base(entity)}/config"

    def state_topic(self, entity: Entity) -> str:
        return f"{self._base(entity)}/state"

    def _base(self, entity: Entity) -> str:
        return f"{self.prefix}/{entity.component}/{self.id}/{entity.id}"

    def config(self, entity: Entity) -> bytes:
        """Return the discovery message of an entity."""
        said = {
            "name": entity.name,
            "unique_id": f"{self.id}_{entity.id}",
            "state_topic": self.state_topic(entity),
            "availability_topic": self.availability,
            "device_class": entity.device_class,
            "state_class": "measurement" if entity.measured else None,
            "entity_category": "diagnostic" if entity.diagnostic else None,
            "qos": 1,
            "device": {
                "identifiers": [self.id],
                "name": f"Varde {self.municipality}",
                "manufacturer": "Varde",
            },
            "origin": _ORIGIN,
        }
        present = {name: value for name, value in said.items() if value is not None}
        return json.dumps(present, separators=(",", ":")).encode()


def state_of_config(config_topic: str) -> str:
    """Return the state topic that belongs to a config's."""
    return f"{config_topic.removesuffix('config')}state"
