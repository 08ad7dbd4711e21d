"""Configuration of an ESPA-X listener."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from adapters.nursecall import Means, NurseCallListener

_NAMES = {
    "emergency": Means.EMERGENCY,
    "alarm": Means.EMERGENCY,
    "high": Means.ASSISTANCE,
    "medium": Means.CALL,
    "standard": Means.CALL,
    "normal": Means.CALL,
    "low": Means.CALL,
}


class EspaXConfig(NurseCallListener):
    """A server for nurse-call systems; the secret `espax-<listener>-<user>` is a password."""

    protocol: Literal["espax"] = "espax"
    require_login: bool = True
    """False only on a closed network: everybody who reaches the port is then believed."""
    priority_names: Mapping[str, Means] = Field(default=_NAMES, max_length=64)
    """What CP-PRIO means where it is a word; in small letters."""
    answer_within_s: int = Field(default=8, ge=1, le=60)
    """After this long without a durable event the request is refused, and comes again."""
