"""Settings of one SCAIP listener. Everything that varies between sites is here, with its unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.kinds import Kind


class ReplyStyle(StrEnum):
    """Where the `<mrs>` answer goes."""

    AUTO = "auto"
    """`body` for the `<scaip>` dialect, `message` for everything else."""
    MESSAGE = "message"
    """202 at once, then a new SIP MESSAGE to the device (TR 91102, 7.5)."""
    BODY = "body"
    """In the body of the 200 OK, which therefore waits for the hub."""


class RequireAuth(StrEnum):
    """Who must prove the identity by SIP digest."""

    ALL = "all"
    """Everyone; a device without credentials is refused, and only its call for help is heard."""
    KNOWN = "known"
    """Devices that have credentials; an unknown device is heard, so that its press reaches a
    person."""
    NEVER = "never"
    """Nobody: for a closed network (private APN, VPN) that proves identity itself."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A device's digest secret: the password, or the stored hash H(username:realm:password)."""

    password: str | None = None
    ha1_md5: str | None = None
    ha1_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """What the answer to an alarm says about the voice call (SS 91100: mre, cre, tnu)."""

    mode: int = 1
    """mre: 1 duplex, 2 microphone, 3 speaker."""
    callback: int = 62
    """cre: 1-60 call back within minutes, 61 the predefined number, 62 the number in `number`."""
    number: str | None = None
    """tnu, such as `gsm:+4720000000` or `sip:duty@example.org`."""

    def __post_init__(self) -> None:
        if not 1 <= self.mode <= 3:
            raise ValueError(f"speech mode {self.mode}: must be 1, 2 or 3")
        if not 1 <= self.callback <= 62:
            raise ValueError(f"speech callback {self.callback}: must be 1-62")


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What one device wants otherwise than the listener's default."""

    reply_style: ReplyStyle | None = None
    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the session's memory; each says what happens when it is full."""

    connections: int = 2_000
    """The connection idle longest is closed."""
    head_octets: int = 16_384
    body_octets: int = 65_536
    """A larger message: 513, a visible event, and the connection is closed."""
    transactions: int = 4_096
    """The oldest is forgotten; its retransmission is then a resend with the same event id."""
    waiting: int = 4_096
    """The oldest waiting answer leaves at once as hold."""
    remembered: int = 20_000
    """The oldest alarm is forgotten; its resend may ring again, never less."""
    contacts: int = 10_000
    """The oldest stranger's contact is forgotten; when there is none, 503."""
    strangers: int = 1_000
    """Of these, users who are neither proven nor configured: the oldest is forgotten."""
    unproven: int = 1_000
    """The oldest refused message is told at once."""


def no_credentials(_identity: str) -> Credential | None:
    """The credential store of a listener without credentials."""
    return None


@dataclass(frozen=True, slots=True)
class ScaipConfig:
    """One listener: `secret` (16 octets or more) keys nonces, tags and branches."""

    secret: bytes
    listener: str = "scaip"
    host: str = "127.0.0.1"
    """The address devices know this listener by (Via of our own messages)."""
    port: int = 5060
    tls: tuple[str, int] | None = None
    """The same over TLS, where it listens so."""
    realm: str = "varde"
    credentials: Callable[[str], Credential | None] = no_credentials
    """Looked up by controller id (cid), then by SIP user."""
    require_auth: RequireAuth = RequireAuth.KNOWN
    digest_algorithms: tuple[str, ...] = ("SHA-256", "MD5")
    """Offered in this order (RFC 8760); `("MD5",)` for stacks that read only the first."""
    reply_style: ReplyStyle = ReplyStyle.AUTO
    speech: Speech | None = None
    devices: Mapping[str, DeviceSettings] = field(default_factory=dict)
    """By controller id."""
    codes: Mapping[int, Kind] = field(default_factory=dict)
    """What status codes mean that the standard leaves to makers (900-999)."""
    sip_gateway: str | None = None
    """Where units that speak by SIP alone reach telephone numbers: the host in `sip:<number>@`."""
    confirm_wait_s: float = 4.0
    heartbeat_min: int | None = 5
    """Set where a device says the interval may be set (`hbo` 001), 1-1440; None leaves it."""
    auth_wait_s: float = 5.0
    """After this long without proof, a challenged message is told: help as help, not proven."""
    expires_s: int = 3_600
    min_expires_s: int = 60
    max_expires_s: int = 86_400
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if len(self.secret) < 16:
            raise ValueError("the SCAIP secret must have at least 16 octets")
        if self.heartbeat_min is not None and not 1 <= self.heartbeat_min <= 1440:
            raise ValueError(f"heartbeat_min {self.heartbeat_min}: must be 1-1440 minutes")

    def sent_by(self, transport: str) -> str:
        """Return host and port of our own messages' Via (RFC 3261, 18.1.1)."""
        own = self.tls if transport == "tls" else None
        host, port = own or (self.host, self.port)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def style_for(self, cid: str, dialect: bool) -> ReplyStyle:
        """Return `MESSAGE` or `BODY` for a device."""
        own = self.devices.get(cid)
        style = (own and own.reply_style) or self.reply_style
        if style is not ReplyStyle.AUTO:
            return style
        return ReplyStyle.BODY if dialect else ReplyStyle.MESSAGE

    def speech_for(self, cid: str) -> Speech | None:
        """Return what is set about the voice call of a device, None for nothing."""
        own = self.devices.get(cid)
        return (own and own.speech) or self.speech
