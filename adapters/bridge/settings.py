"""What the composition root hands to the bridge: parsed, checked and frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.bridge.tls import CertificateFiles
from adapters.session import RequestSession, TopicSession, WireSession


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. Port 0 lets the system choose; `ready` says what it chose."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A broker, and who we are to it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    """TLS 1.2 or newer; the certificate must be right and be made out to `host`."""
    ca_file: Path | None = None
    """Who signs the broker's certificate; the system's own list when nothing is said."""


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How much one listener's TCP and TLS side may hold."""

    connections: int = 1000
    """At this many, the connection that was silent for longest makes room for a new one: the new
    one may be a press."""
    connections_per_host: int = 200
    """The same for one remote address. Mobile operators put many devices behind one."""
    unsent_octets: int = 65_536
    """A peer that leaves more than this unread is cut off."""
    idle_s: float = 3600
    """A connection without a word for this long is cut off."""
    handshakes: int = 256
    """TLS handshakes under way, beside the connections; at this many, the one that began first is
    cut off."""
    handshakes_per_host: int = 128
    """The same for one remote address."""
    handshake_s: float = 10
    """A TLS handshake that is not done within this time is cut off."""


@dataclass(frozen=True, slots=True)
class TlsAddress:
    """Where to listen over TLS, and with what certificate."""

    address: Address
    files: CertificateFiles


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port and how it is set."""

    path: str
    """`/dev/serial/by-id/...` stays the same when other adapters come and go."""
    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    """N none, E even, O odd."""
    stop_bits: int = 1
    retry_s: float = 2
    """How long after a failure it is opened again."""


@dataclass(frozen=True, slots=True)
class WireListener:
    """A socket protocol. `session` makes the session from what it had kept (`Keep` outputs)."""

    id: str
    session: Callable[[Mapping[str, str]], WireSession]
    udp: Address | None = None
    tcp: Address | None = None
    limits: StreamLimits = StreamLimits()
    tls: TlsAddress | None = None
    serial: SerialPort | None = None


@dataclass(frozen=True, slots=True)
class TopicListener:
    """Devices behind an MQTT broker of their own."""

    id: str
    session: TopicSession
    broker: Endpoint
    retry_pause_s: float = 2
    """How long after a failed event the same event is offered to the hub again."""
    link_grace_s: float = 60
    """How long its broker may be away before a session that hears of it is told."""
    in_flight: int = 1000
    """Messages not yet durable; at this many the bridge stops reading from that broker."""


@dataclass(frozen=True, slots=True)
class RequestListener:
    """Devices, or their maker's cloud, that call `/webhook/<id>`."""

    id: str
    session: RequestSession
    methods: tuple[str, ...] = ("POST",)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much the HTTP side may hold."""

    connections: int = 1000
    """In all; at this many, of the address with the most the one silent longest is cut off."""
    body_octets: int = 256 * 1024
    concurrent: int = 256
    """Messages that are here and wait for the hub; at this many, 503."""
    reading: int = 256
    """Bodies on their way; at this many, the one that began first is cut off with 408: an honest
    sender's body is here in a moment."""
    reading_per_host: int = 192
    """The same for one remote address. Behind a proxy all senders share one."""
    read_within_s: float = 10
    answer_within_s: float = 8
    retry_after_s: int = 5


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """How much may be on its way to the hub, each lane for itself."""

    help_outstanding: int = 4096
    telemetry_outstanding: int = 4096
    telemetry_at_broker: int = 64
    """Telemetry published and not yet confirmed; the rest waits in the bridge."""
    confirm_wait_s: float = 30


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """Everything that `run` needs. `kept_dir` must exist; each listener keeps one file there."""

    municipality: str
    hub: Endpoint
    kept_dir: Path
    wires: tuple[WireListener, ...] = ()
    topics: tuple[TopicListener, ...] = ()
    requests: tuple[RequestListener, ...] = ()
    http: Address | None = None
    """Needed when there are request listeners."""
    client_id: str = "varde"
    """What the broker clients' names begin with. A name somebody could guess lets any account of
    the broker cut us off by taking it, so the composition root adds a secret part."""
    under_test: Callable[[str], bool] = lambda _subject: False
    """Whether a device is registered for exercise, by its subject: only such a one may be told
    once that it was not received. Called in a thread."""
    link_limits: LinkLimits = LinkLimits()
    http_limits: HttpLimits = HttpLimits()

    def __post_init__(self) -> None:
        ids = self.listener_ids
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"two listeners have the id {twice[0]!r}: give each its own")
        if self.requests and self.http is None:
            raise ValueError("request listeners need an address for HTTP: set `http`")
        for wire in self.wires:
            if not (wire.udp or wire.tcp or wire.tls or wire.serial):
                raise ValueError(
                    f"listener {wire.id!r} has no UDP, TCP or TLS address and no serial port"
                )

    @property
    def listener_ids(self) -> tuple[str, ...]:
        return (
            *(one.id for one in self.wires),
            *(one.id for one in self.topics),
            *(one.id for one in self.requests),
        )
