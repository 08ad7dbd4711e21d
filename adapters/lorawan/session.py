"""The LoRaWAN codec: one message of the network server in, events out.

A transmission that comes again (a broker's redelivery, a second gateway after the server's own
window) gives the very same events for `WINDOW`, ids included. What the server heard long ago is
history. A gateway that went, or the broker, is one fault, however many devices it heard for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.fit import raw_hex
from adapters.levels import Levels, Seen
from adapters.lorawan import chirpstack, things_stack
from adapters.lorawan.config import DeviceSettings, LorawanConfig, Profile
from adapters.lorawan.heard import Gateway, Spoke, Trouble, Unreadable, Uplink
from adapters.lorawan.meaning import Said
from adapters.lorawan.profiles import settings_of
from adapters.lorawan.tell import WINDOW, Frame, Teller, message_key
from adapters.lorawan.uplinks import Uplinks
from adapters.recent import Bounded, OncePer
from routing.event import Event
from routing.instant import HOUR, SECOND, Instant
from routing.kinds import Kind

_LATELY = 4096
"""Transmissions remembered, to tell one that comes again."""


class LorawanSession:
    """The `TopicSession` of one application."""

    def __init__(self, config: LorawanConfig, *, judges_age: bool = True) -> None:
        """`judges_age`: False when messages are not read as they arrive."""
        self._config = config
        self._judges_age = judges_age
        self._read = chirpstack.read if config.server == "chirpstack" else things_stack.read
        self._teller = Teller(config.id)
        self._uplinks = Uplinks(config, self._teller)
        self._faults = OncePer(HOUR)
        self._gateways = Levels()
        self._told: Bounded[tuple[str, str], tuple[Instant, tuple[Event, ...]]] = Bounded(_LATELY)

    def subscriptions(self) -> Sequence[str]:
        return self._config.filters

    def message(self, topic: str, payload: bytes, retained: bool, at: Instant) -> Sequence[Event]:
        if not payload:
            return ()
        match self._read(topic, payload):
            case None:
                return ()
            case Uplink() | Spoke() as heard:
                return self._once(heard, payload, retained, at)
            case Gateway() as heard:
                return tuple(self._gateway(heard, at))
            case Trouble() as heard:
                return tuple(self._trouble(heard, payload, at))
            case Unreadable(device, fault):
                frame = Frame(device or "", message_key(payload, at), at, raw=raw_hex(payload))
                said = Said("", Kind.FRAME_UNDECODABLE)
                return (self._teller.event(frame, said, note=fault),)

    def link(self, up: bool, at: Instant) -> Sequence[Event]:
        """The network server's broker is away for long, or back: one fault for all its devices."""
        kind = Kind.LINK_RESTORED if up else Kind.LINK_LOST
        frame = Frame("network", message_key(kind.encode(), at), at)
        return (self._teller.event(frame, Said(f"broker={'online' if up else 'offline'}", kind)),)

    def octets(self, device: str, profile: Profile, payload: bytes, at: Instant) -> Sequence[Event]:
        """Read a device's octets without a network server around them."""
        frame = Frame(device, message_key(payload, at), at)
        return tuple(self._uplinks.octets(frame, DeviceSettings(profile=profile), payload))

    def _once(
        self, heard: Uplink | Spoke, payload: bytes, retained: bool, at: Instant
    ) -> tuple[Event, ...]:
        key = (heard.device, heard.key or message_key(payload, at))
        known = self._told.get(key)
        if known is not None and at - known[0] < WINDOW:
            return known[1]
        frame = Frame(*key, at, history=retained, retained=retained)
        if isinstance(heard, Uplink):
            events = tuple(self._uplink(heard, frame))
        else:
            events = tuple(self._spoke(heard, frame))
        self._told.put(key, (at, events))
        return events

    def _spoke(self, heard: Spoke, frame: Frame) -> Iterator[Event]:
        told = [Said("joined", Kind.LINK_RESTORED)] if heard.joined else []
        if heard.position is not None:
            told.append(Said("location", Kind.POSITION_REPORTED))
        frame = replace(frame, battery_pct=heard.battery_pct, position=heard.position)
        yield from self._uplinks.say(frame, told)

    def _uplink(self, heard: Uplink, frame: Frame) -> Iterator[Event]:
        late = self._is_late(heard, frame.at)
        frame = replace(
            frame, sent_at=heard.sent_at, history=frame.retained or late, quality=heard.quality
        )
        settings = settings_of(self._config, heard.device, heard.hints)
        if not heard.payload:
            yield from self._uplinks.say(frame, [])
        elif settings is None:
            yield self._uplinks.unknown(frame, heard.payload, None)
        elif heard.port != self._config.f_port:
            yield self._uplinks.unknown(frame, heard.payload, heard.port)
        else:
            yield from self._uplinks.octets(frame, settings, heard.payload)

    def _is_late(self, heard: Uplink, at: Instant) -> bool:
        if heard.sent_at is None or not self._judges_age:
            return False
        return at - heard.sent_at > self._config.late_after_s * SECOND

    def _gateway(self, heard: Gateway, at: Instant) -> Iterator[Event]:
        word, device = "online" if heard.online else "offline", f"gateway/{heard.gateway}"
        seen = self._gateways.observe(device, "link", word)
        if seen is Seen.SAME or (seen is Seen.FIRST and heard.online):
            return
        kind = Kind.LINK_RESTORED if heard.online else Kind.LINK_LOST
        frame = Frame(device, message_key(word.encode(), at), at)
        yield self._teller.event(frame, Said(f"gateway={word}", kind))

    def _trouble(self, heard: Trouble, payload: bytes, at: Instant) -> Iterator[Event]:
        """Once an hour for each device and code: a stranger may send wrong frames without end."""
        if not self._faults.first(heard.device, heard.code, by=payload, at=at):
            return
        kind = Kind.DEVICE_FAULT if heard.is_known else Kind.CODE_UNKNOWN
        frame = Frame(heard.device, message_key(payload, at // HOUR), at)
        yield self._teller.event(frame, Said(heard.code, kind), note=heard.note or None)
