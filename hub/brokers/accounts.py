"""Who may do what on the embedded broker. Only adapters write events, only the hub confirms them.

A broker acknowledges a publish that its access list refuses (MQTT 3.1.1, 3.3.5: it has no other
way to answer), which is one more reason why its acknowledgement proves nothing to a device.
"""

from collections.abc import Mapping, Sequence

from hub.brokers.port import Account
from routing.topics import ROOT, command, configure, replay, tap_seen, tap_wish

NAMES = ("hub", "adapters", "web", "tap", "devices")
DEVICE_TOPICS = ("zigbee2mqtt/#",)


def accounts(
    municipalities: Sequence[str],
    passwords: Mapping[str, str],
    device_topics: Sequence[str] = DEVICE_TOPICS,
) -> list[Account]:
    """Return the accounts.

    `passwords` has one for each of `NAMES`, random and made by the caller. `device_topics` are the
    topic filters of the device side; ValueError when one of them reaches into the hub's own tree.
    """
    for topic in device_topics:
        _outside_our_tree(topic)

    def each(pattern: str) -> list[str]:
        return [f"{ROOT}/{municipality}/{pattern}" for municipality in municipalities]

    commands = [topic(one) for one in municipalities for topic in (command, configure, replay)]
    wishes, seen = ([topic(one) for one in municipalities] for topic in (tap_wish, tap_seen))
    everything = each("#")
    told = each("confirm/#") + each("device/#") + wishes
    return [
        Account("hub", passwords["hub"], everything, everything),
        Account("adapters", passwords["adapters"], each("event/#") + seen, told),
        Account("web", passwords["web"], commands),
        Account("tap", passwords["tap"], wishes, seen),
        Account("devices", passwords["devices"], tuple(device_topics), tuple(device_topics)),
    ]


def _outside_our_tree(topic: str) -> None:
    first = topic.split("/", 1)[0]
    if first in ("#", "+", "", ROOT.split("/", 1)[0]) or first.startswith("$"):
        raise ValueError(
            f"device topic {topic!r} would reach the hub's own messages: "
            "name the first level of the devices' tree, such as zigbee2mqtt/#"
        )
