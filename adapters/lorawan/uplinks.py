"""What the octets of devices become: states when they change, presses and alarms each time, and a
sign of life where a transmission says nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.fit import raw_hex
from adapters.help_first import help_first
from adapters.levels import Levels, Seen
from adapters.lorawan.config import DeviceSettings, LorawanConfig
from adapters.lorawan.falls import Falls
from adapters.lorawan.meaning import BEGAN_ANEW, Said
from adapters.lorawan.profiles import read
from adapters.lorawan.tell import Frame, Teller
from routing.event import Event
from routing.kinds import Kind

_MOST = 16
_BATTERY_WELL_PCT = 10
"""So much above the low mark a battery counts as well again."""
_NO_PROFILE = (
    "nobody has said how this device's octets are read: give it a profile in the listener's "
    "`devices`, or name its model in the network server's device profile"
)
_OTHER_PORT = "the sensors send on port {port}: is this another device, or was its port changed?"


class Uplinks:
    """What is known of the devices of one listener."""

    def __init__(self, config: LorawanConfig, teller: Teller) -> None:
        self._config = config
        self._teller = teller
        self._levels = Levels()
        self._falls = Falls()

    def unknown(self, frame: Frame, payload: bytes, port: int | None) -> Event:
        """A payload that cannot be read: without a profile, or on another port."""
        code, note = "no profile", _NO_PROFILE
        if port is not None:
            code, note = f"port={port}", _OTHER_PORT.format(port=self._config.f_port)
        said = Said(code, Kind.CODE_UNKNOWN)
        return self._teller.event(replace(frame, raw=raw_hex(payload)), said, note=note)

    def octets(self, frame: Frame, settings: DeviceSettings, payload: bytes) -> Iterator[Event]:
        """Read a device's octets by its profile."""
        found = read(settings.profile, payload)
        said = [_configured(one, settings) for one in found.said]
        told = [one for one in said if self._speaks(frame.device, one)]
        if any(one.is_numbered_fall for one in told):
            # The radar tells a fall as a state and, with a number, as an alarm: one of them is it.
            told = [one for one in told if one.kind is not Kind.FALL_DETECTED or one.reference]
        frame = replace(frame, battery_pct=found.battery_pct)
        yield from self.say(frame, told, found.rest, code=_codes(said))

    def say(
        self, frame: Frame, told: Sequence[Said], rest: bytes = b"", code: str = ""
    ) -> Iterator[Event]:
        """Tell what was said, help first where it is too much; `rest` could not be read."""
        said = [*told, *self._battery(frame)]
        kept, left = help_first(said, lambda one: one.kind or Kind.DEVICE_ALIVE, _MOST)
        if left:
            kept.append(Said(f"left out={left}", Kind.CODE_UNKNOWN))
        for one in kept:
            yield from self._event(frame, one)
        if rest:
            unread = replace(frame, raw=raw_hex(rest))
            yield self._teller.event(unread, Said(f"channel={rest[:2].hex()}", Kind.CODE_UNKNOWN))
        elif not kept and not frame.retained:
            yield self._teller.event(frame, Said(code, Kind.DEVICE_ALIVE))

    def _event(self, frame: Frame, said: Said) -> Iterator[Event]:
        if said.code in BEGAN_ANEW:
            self._falls.began_anew(frame.device, frame.at)
        if not said.is_numbered_fall:
            yield self._teller.event(frame, said)
            return
        id = self._falls.id_for(
            self._teller.source,
            frame.device,
            f"{said.reference} {said.occurred_at or ''}",
            frame.at,
            over=said.is_over,
        )
        if id is not None:
            yield self._teller.event(frame, said, id=id)

    def _speaks(self, device: str, said: Said) -> bool:
        if said.level is None:
            return said.kind is not None
        seen = self._levels.observe(device, said.level, said.code)
        return said.kind is not None and seen is not Seen.SAME

    def _battery(self, frame: Frame) -> list[Said]:
        """The sensors tell no more than their level."""
        pct = frame.battery_pct
        if pct is None:
            return []
        was_low = self._levels.known(frame.device, "battery") == "low"
        mark = self._config.battery_low_pct + (_BATTERY_WELL_PCT if was_low else 0)
        word = "low" if pct <= mark else "ok"
        seen = self._levels.observe(frame.device, "battery", word)
        if seen is Seen.SAME or (seen is Seen.FIRST and word == "ok"):
            return []
        kind = Kind.BATTERY_LOW if word == "low" else Kind.BATTERY_OK
        return [Said(f"battery={pct:g}", kind)]


def _configured(said: Said, settings: DeviceSettings) -> Said:
    """Return what is said as the device's configuration has it: by code, or by its first word."""
    kinds = settings.kinds
    kind = kinds.get(said.code) or kinds.get(said.code.partition(" ")[0])
    if kind is None:
        return said
    return replace(said, kind=None if kind == "ignore" else Kind(kind))


def _codes(said: Sequence[Said]) -> str:
    """What a sign of life says of itself: `occupancy=vacant`."""
    return " ".join(dict.fromkeys(one.code for one in said))
