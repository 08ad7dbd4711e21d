"""The ways to reach a person beside the live page: signed webhooks, and alarm receivers by DC-09.

The document beside a person keeps each as plain texts under `<type>-<number>`; `address` writes
them, `described` reads them back.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry
from hub.configuration.scalars import Id, UrlTemplate, bad

_HEX = frozenset("0123456789ABCDEF")
_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})")
_OF_RESIDENT = "account:"


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
    """One way to reach a person: exactly one of them."""

    webhook: WebhookChannel | None = None
    dc09: Dc09Channel | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.webhook is None) == (self.dc09 is None):
            raise PydanticCustomError("bad_channel", "exactly one channel")
        return self


def addresses(channels: Iterable[ChannelEntry]) -> dict[str, dict[str, str]]:
    """Return the channels' settings by id, `webhook-1`, in order of use."""
    found = {}
    for number, one in enumerate(channels, start=1):
        if one.webhook is not None:
            found[f"webhook-{number}"] = one.webhook.settings()
        if one.dc09 is not None:
            found[f"dc09-{number}"] = one.dc09.settings()
    return found


def described(channels: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the channels as the file writes them, in order of use: documents sort their keys."""
    kinds = {id: id.rsplit("-", 1) for id in channels}
    in_order = sorted(channels, key=lambda id: int(kinds[id][1]))
    return [_described(kinds[id][0], channels[id]) for id in in_order]


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
