"""The ways to reach a person beside the live page, in their order, with the waits of each.

The document beside a person keeps what each needs as plain texts under `<kind>-<number>`;
`addresses` writes them, `described` reads them back. Waits are the core's, by the same ids.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry
from hub.configuration.phone_channels import NtfyChannel, NumberChannel, PushChannel
from hub.configuration.scalars import Count, Id, UrlTemplate, bad
from routing.plans import Waits

_HEX = frozenset("0123456789ABCDEF")
_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})")
_OF_RESIDENT = "account:"
KINDS = ("push", "sms", "voice", "ntfy", "webhook", "dc09")


def _address(value: object) -> str:
    found = _ADDRESS.fullmatch(str(value))
    if found is None or not 0 < int(found[3]) < 65_536:
        raise bad("bad_address", value)
    return str(value)


def _account(value: object) -> str:
    text = str(value).upper()
    if not 3 <= len(text) <= 16 or set(text) - _HEX:
        raise bad("bad_account", value)
    return text


RemoteAddress = Annotated[str, BeforeValidator(_address)]
"""`host:port` of somebody else's machine; IPv6 in brackets."""
Account = Annotated[str, BeforeValidator(_account)]
"""3 to 16 hex digits, as the alarm receiving centre has given them."""


class WebhookChannel(Entry):
    url: UrlTemplate

    def settings(self) -> dict[str, str]:
        """Return what the channel needs."""
        return {"url": self.url}


class Dc09Channel(Entry):
    """An alarm receiving centre that takes SIA DC-09."""

    address: RemoteAddress
    transport: Literal["tcp", "udp"] = "tcp"
    format: Literal["SIA-DCS", "ADM-CID"] = "SIA-DCS"
    account: Account
    accounts: dict[Id, Account] = Field(default_factory=dict)
    """Resident to that resident's own account at the centre."""
    line: str = Field(default="R0L0", pattern=r"^(R[0-9A-F]{1,6})?L[0-9A-F]{1,6}$")
    """Receiver and line number; a known receiver library answers wrongly where R is left out."""
    encrypted: bool = True
    """By the key in the secret `arc-<person>`."""

    def settings(self) -> dict[str, str]:
        """Return what the channel needs."""
        host, _, port = self.address.rpartition(":")
        own = {f"{_OF_RESIDENT}{resident}": one for resident, one in self.accounts.items()}
        return {
            "host": host.strip("[]"),
            "port": str(port),
            "transport": self.transport,
            "format": self.format,
            "account": self.account,
            "line": self.line,
            "encrypted": "yes" if self.encrypted else "no",
            **own,
        }


class ChannelEntry(Entry):
    """One way to reach a person: exactly one of them, and how long it is waited for."""

    push: PushChannel | None = None
    sms: NumberChannel | None = None
    voice: NumberChannel | None = None
    ntfy: NtfyChannel | None = None
    webhook: WebhookChannel | None = None
    dc09: Dc09Channel | None = None
    receipt_s: Annotated[Count, Field(ge=1, le=3600)] | None = None
    """Seconds until the receipt, before the next channel is used."""
    seen_s: Annotated[Count, Field(ge=1, le=3600)] | None = None
    """Seconds from the receipt until the person has seen or answered it."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len([kind for kind in KINDS if getattr(self, kind) is not None]) != 1:
            raise PydanticCustomError("bad_channel", "exactly one channel")
        return self

    @property
    def kind(self) -> str:
        """`push`, `sms` and so on."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    def settings(self) -> dict[str, str]:
        """Return what the channel needs."""
        found: dict[str, str] = getattr(self, self.kind).settings()
        return found

    @property
    def waits(self) -> Waits | None:
        """The person's own waits; None where the municipality's count."""
        if self.receipt_s is None and self.seen_s is None:
            return None
        return Waits(receipt_s=self.receipt_s, seen_s=self.seen_s)


def _in_order(channels: Iterable[ChannelEntry]) -> Iterator[tuple[str, ChannelEntry]]:
    """Yield each with its id, `sms-2`: the number is its place in the order of use."""
    for number, one in enumerate(channels, start=1):
        yield f"{one.kind}-{number}", one


def addresses(channels: Iterable[ChannelEntry]) -> dict[str, dict[str, str]]:
    """Return the channels' settings by id, in order of use."""
    return {id: one.settings() for id, one in _in_order(channels)}


def waits(channels: Iterable[ChannelEntry]) -> dict[str, Waits]:
    """Return the waits that are said, by channel id."""
    return {id: one.waits for id, one in _in_order(channels) if one.waits is not None}


def described(
    channels: Mapping[str, Mapping[str, str]], waits: Mapping[str, Waits]
) -> list[dict[str, Any]]:
    """Return the channels as the file writes them, in order of use: documents sort their keys."""
    kinds = {id: id.rsplit("-", 1) for id in channels}
    in_order = sorted(channels, key=lambda id: int(kinds[id][1]))
    return [{**_described(kinds[id][0], channels[id]), **_waits(waits.get(id))} for id in in_order]


def _waits(said: Waits | None) -> dict[str, int]:
    found = {} if said is None else {"receipt_s": said.receipt_s, "seen_s": said.seen_s}
    return {name: seconds for name, seconds in found.items() if seconds is not None}


def _described(kind: str, kept: Mapping[str, str]) -> dict[str, Any]:
    if kind != "dc09":
        return {kind: dict(kept)}
    host = f"[{kept['host']}]" if ":" in kept["host"] else kept["host"]
    own = {k.removeprefix(_OF_RESIDENT): v for k, v in kept.items() if k.startswith(_OF_RESIDENT)}
    same = {name: kept[name] for name in ("transport", "format", "account", "line")}
    return {
        kind: {
            "address": f"{host}:{kept['port']}",
            "encrypted": kept["encrypted"] == "yes",
            "accounts": own,
            **same,
        }
    }
