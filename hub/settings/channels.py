"""Settings of the ways to people beside the pages: SMS and voice gateways, ntfy, and notices to IT.

A gateway is described, not programmed: what is sent to it is a template, and where in its answers
and callbacks things stand is a path. Secrets are named, never written: `gateway-<id>` lets us in at
the gateway, `hook-<id>` proves that a callback is the gateway's, `ntfy`, `it-notice-<name>`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry
from hub.configuration.scalars import Id, bad
from hub.settings.templates import GatewayUrl, JsonTemplate, Template, Where
from hub.text import Language


class AuthSettings(Entry):
    """How we prove to the gateway who we are, with secret `gateway-<id>`: exactly one of them."""

    bearer: Literal[True] | None = None
    basic: str | None = Field(default=None, min_length=1, max_length=200)
    """The user name; the secret is the password."""
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,64}$")
    """Name of the header whose value is the secret."""
    body: str | None = Field(default=None, min_length=1, max_length=200)
    """The user name for `{username}`; the template itself asks for `{secret}`."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        said = (self.bearer, self.basic, self.header, self.body)
        if sum(one is not None for one in said) != 1:
            raise PydanticCustomError("bad_auth", "exactly one way")
        return self


class AcceptedSettings(Entry):
    """What an answer must say to be a yes, where a gateway answers 200 to everything."""

    at: Where
    is_one_of: tuple[str, ...] = Field(min_length=1)


class HookSettings(Entry):
    """How a callback proves that it is the gateway's, with secret `hook-<id>`."""

    proof: Literal["hmac", "basic", "header", "path"] = "hmac"
    signature: str = Field(default="X-Varde-Signature", pattern=r"^[A-Za-z0-9-]{1,64}$")
    """Header of the HMAC-SHA256 in hex, with or without `sha256=` before it."""
    timestamp: str = Field(default="X-Varde-Timestamp", pattern=r"^[A-Za-z0-9-]{1,64}$")
    """Header of the Unix time in seconds."""
    signs: Literal["timestamp.body", "body"] = "timestamp.body"
    """What is signed. Over the body alone an old callback can be sent again by others."""
    within_s: int = Field(default=300, ge=10, le=3600)
    """How far its time may be from ours."""
    username: str | None = Field(default=None, min_length=1, max_length=200)
    """Of `basic`; the secret is the password."""
    header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,64}$")
    """Of `header`: the name of the one whose value is the secret."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = {"basic": self.username, "header": self.header}
        if any((self.proof == proof) != (name is not None) for proof, name in named.items()):
            raise PydanticCustomError("bad_hook", "basic needs a username, header a header")
        return self


_FAILED = ("failed", "undeliverable", "expired", "rejected", "busy", "no-answer")


class ReportSettings(Entry):
    """A delivery report: whose it is, and what it says."""

    each: Where | None = None
    """Where a list of reports stands, of a gateway that sends several at once."""
    reference: Where = "reference"
    status: Where = "status"
    delivered: tuple[str, ...] = ("delivered", "answered")
    failed: tuple[str, ...] = _FAILED
    """Any other status says nothing yet."""


class ReplySettings(Entry):
    """An SMS that came in."""

    each: Where | None = None
    sender: Where = Field(default="from", alias="from")
    text: Where = "text"
    keyword: str | None = Field(default=None, pattern=r"^\S{1,40}$")
    """The word before every reply, of a short number that many share; it is taken away."""
    answer: bool = True
    """Whether what became of a reply is sent back by SMS."""


class KeySettings(Entry):
    """A key pressed during a call."""

    each: Where | None = None
    reference: Where = "reference"
    key: Where = "key"


class GatewaySettings(Entry):
    """One SMS or voice gateway with an HTTP interface."""

    kind: Literal["sms", "voice"]
    url: GatewayUrl
    method: Literal["POST", "PUT", "GET"] = "POST"
    headers: dict[str, Template] = Field(default_factory=dict)
    body_json: JsonTemplate | None = Field(default=None, alias="json")
    form: dict[str, Template] | None = None
    auth: AuthSettings | None = None
    success: tuple[Annotated[int, Field(ge=200, le=299)], ...] = ()
    """Statuses that mean that the gateway has it; any 2xx where nothing is said."""
    accepted: AcceptedSettings | None = None
    id: Where | None = None
    """Where the answer has the gateway's own id of the message."""
    timeout_s: float = Field(default=5, gt=0, le=30)
    country_code: str | None = Field(default=None, pattern=r"^[1-9][0-9]{0,2}$")
    """Of numbers in callbacks that are written without one."""
    languages: dict[Language, str] = Field(default_factory=dict)
    """The gateway's names of our languages, `nb: nb-NO`."""
    hook: HookSettings = HookSettings()
    report: ReportSettings = ReportSettings()
    reply: ReplySettings = ReplySettings()
    key: KeySettings = KeySettings()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        bodies = (self.body_json is not None) + (self.form is not None)
        if bodies > 1 or (self.method == "GET") != (bodies == 0):
            raise PydanticCustomError("bad_gateway_body", "json or form; GET has neither")
        return self


class NtfySettings(Entry):
    """The ntfy server; an access token is the secret `ntfy`, where there is one."""

    url: GatewayUrl
    timeout_s: float = Field(default=5, gt=0, le=30)


class ItNoticeSettings(Entry):
    """Where technical trouble is told to IT, by Apprise; never alarms."""

    to: tuple[Id, ...] = Field(min_length=1, max_length=10)
    """Names; the Apprise URL of each is the secret `it-notice-<name>`."""
    language: Language = "en"
    repeat_s: int = Field(default=6 * 3600, ge=60, le=7 * 86_400)
    """The same trouble is told again no sooner."""
    per_hour: int = Field(default=10, ge=1, le=100)
    """So many notices at most; what is more is counted in the next one."""


class OrderSettings(Entry):
    """Which gateways serve, the first one first and the second where that one fails."""

    sms: tuple[Id, ...] = Field(default=(), max_length=2)
    voice: tuple[Id, ...] = Field(default=(), max_length=2)


def in_use(
    gateways: dict[str, GatewaySettings], order: OrderSettings, kind: Literal["sms", "voice"]
) -> tuple[str, ...]:
    """Return the ids of the gateways that serve a kind: those said, else all of that kind."""
    said: tuple[str, ...] = getattr(order, kind)
    return said or tuple(id for id, one in gateways.items() if one.kind == kind)[:2]


def check_order(gateways: dict[str, GatewaySettings], order: OrderSettings) -> None:
    """Raise the named validation error for an order that names no gateway of that kind."""
    for kind, ids in (("sms", order.sms), ("voice", order.voice)):
        for id in ids:
            if id not in gateways or gateways[id].kind != kind:
                raise bad("no_such_gateway", id, kind=kind)
