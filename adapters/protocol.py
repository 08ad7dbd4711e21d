"""What a protocol says of itself, so that it is registered in one place (`adapters/protocols.py`).

A protocol is one of three shapes, by how its devices reach us: `Wire`, `Topic` or `Request`. Each
names its configuration, makes a listener's session and reads a single captured payload.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from adapters.anonymous import Anonymise
from adapters.decoded import Decoded
from adapters.listener import Listener
from adapters.session import RequestSession, TopicSession, WireSession
from routing.instant import Instant

Config = TypeVar("Config", bound=Listener)


@dataclass(frozen=True, slots=True)
class Site:
    """What a listener's session is made with besides its configuration."""

    secret: Callable[[str], str]
    """The secret of this name; made at first use."""
    secrets: Callable[[str], Mapping[str, str | None]]
    """Every secret whose name begins so, by the rest of its name; None for one that is not safe."""
    host: str = "127.0.0.1"
    port: int = 0
    """The address that devices know the listener by."""
    tls: tuple[str, int] | None = None
    """The same over TLS, where it listens so."""
    connections: int = 1000
    """How many stream connections it holds at most."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload outside a conversation: a captured frame, a message, a body."""

    octets: bytes
    at: Instant
    """When it arrived."""
    topic: str = ""
    """The MQTT topic of a `Topic` protocol."""
    retained: bool = False
    mapping: Any = None
    """An instance of the protocol's `mapping`, None for its example."""
    judge_clock: bool = True
    """False when `at` is not when it arrived: then a device's clock is not called wrong."""
    key: str | None = None
    """The key of an encrypted payload, as the protocol writes it."""


@dataclass(frozen=True, slots=True)
class _Protocol(Generic[Config]):
    config: type[Config]
    """Its field `protocol` is the protocol's name."""
    decode: Callable[[Payload], Decoded]
    mapping: type[Any] | None = field(default=None, kw_only=True)
    """The shape of a mapping file, where the protocol is read by one."""
    subjects: str = field(default="", kw_only=True)
    """What event subjects begin with; the protocol's name when nothing is said."""
    explain: Callable[[Payload], Sequence[str]] | None = field(default=None, kw_only=True)
    """What a mapping finds in a payload and what it leaves, in words, line by line."""
    anonymise: Anonymise | None = field(default=None, kw_only=True)
    """Makes captured payloads anonymous; without it a session cannot be recorded."""
    told: bool = field(default=False, kw_only=True)
    """Whether its devices can be told something: its sessions are `ToldWire` or `ToldTopics`."""

    @property
    def name(self) -> str:
        """The name in configuration and on the command line."""
        return str(self.config.model_fields["protocol"].default)

    @property
    def prefix(self) -> str:
        """What the subjects of its devices begin with: `scaip` in `scaip:26317`."""
        return self.subjects or self.name


@dataclass(frozen=True, slots=True)
class Wire(_Protocol[Config]):
    """Devices that speak over sockets."""

    session: Callable[[Config, Site, Mapping[str, str]], WireSession]
    """From configuration, site and what the session had kept (`Keep` outputs)."""
    udp: int | None = None
    tcp: int | None = None
    """The usual ports, on loopback."""
    tls: int | None = None
    """The usual port over TLS, which is bound where the settings name a certificate."""
    binary: bool = False
    """True when frames are octets: text is then no frame, and hex digits in a file are meant."""


@dataclass(frozen=True, slots=True)
class Topic(_Protocol[Config]):
    """Devices behind an MQTT broker."""

    session: Callable[[Config, Site], TopicSession]
    topics: Callable[[Config], Sequence[str]]
    """The topic filters its devices may use on a broker that they share with the hub."""


@dataclass(frozen=True, slots=True)
class Request(_Protocol[Config]):
    """Devices, or their makers' clouds, that call over HTTP."""

    session: Callable[[Config, Site], RequestSession]
    methods: tuple[str, ...] = field(default=("POST",), kw_only=True)
    """The HTTP methods that it is called by."""


Protocol = Wire[Any] | Topic[Any] | Request[Any]
