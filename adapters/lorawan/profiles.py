"""From a device's octets to what they say, by its profile."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from adapters.fit import percent
from adapters.lorawan import vs373
from adapters.lorawan.config import DeviceSettings, LorawanConfig, Profile
from adapters.lorawan.meaning import BATTERY, Said, button, door, occupancy, system, tamper
from adapters.lorawan.tlv import Pair, Value, cut

_READERS: Mapping[Profile, Mapping[Pair, Callable[[Value], Sequence[Said]]]] = {
    Profile.WS101: {(0xFF, 0x2E): button},
    Profile.WS301: {(0x03, 0x00): door, (0x04, 0x00): tamper},
    Profile.VS340: {(0x03, 0x00): occupancy},
    Profile.VS373: {
        (0x03, 0xF8): vs373.room,
        (0x06, 0xFB): vs373.alarm,
        (0x20, 0xCE): vs373.past_alarm,
    },
}


class Read(NamedTuple):
    """What a payload says."""

    said: tuple[Said, ...]
    battery_pct: float | None
    rest: bytes
    """What could not be read, from the first unknown channel on."""


def read(profile: Profile, payload: bytes) -> Read:
    """Read a payload of a known profile."""
    values, rest = cut(profile, payload)
    battery: float | None = None
    said: list[Said] = []
    for value in values:
        if value.pair == BATTERY:
            battery = percent(value.octets[0])
        said += _read(profile, value)
    return Read(tuple(said), battery, rest)


def _read(profile: Profile, value: Value) -> Sequence[Said]:
    common = system(value)
    if common is not None:
        return common
    reader = _READERS[profile].get(value.pair)
    return () if reader is None else reader(value)


def settings_of(config: LorawanConfig, device: str, hints: Iterable[str]) -> DeviceSettings | None:
    """Return how a device is read: as configured, else as its network server names it; None when
    neither says so."""
    configured = config.devices.get(device)
    if configured is not None:
        return configured
    for hint in hints:
        named = config.profiles.get(hint) or _named_in(hint)
        if named is not None:
            return DeviceSettings(profile=named)
    return None


def _named_in(name: str) -> Profile | None:
    """Return the model whose name is in the profile's name: `Milesight WS301 (EU868)`."""
    found = [profile for profile in Profile if profile.value in name.lower()]
    return found[0] if len(found) == 1 else None
