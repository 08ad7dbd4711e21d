"""The private documents beside the items: what they hold, and their bytes.

Document kind is the section's name (`person`, `resident`, ...), the id is the item's. The
municipality's document has one beside it, (`adapters`, `listeners`); its digest covers both.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from hub.text import Language

ADAPTERS = ("adapters", "listeners")
"""Kind and id of the document that says which listeners the municipality has."""
Key = tuple[str, str]
"""Document kind and id."""


class Private(BaseModel):
    """Base of the documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def body(self) -> bytes:
        """Return canonical JSON: the same content gives the same octets."""
        return canonical(self.model_dump(mode="json", exclude_none=True))


class MunicipalityDocument(Private):
    name: str
    managed_by: Mapping[str, str] = {}
    numbers: Mapping[str, str] | None = None
    """Id to telephone number, of the numbers through which steps speak with residents."""
    viewers: tuple[str, ...] | None = None
    """Hosts to which links of outside viewers may lead."""
    help_number: str | None = None
    """What staff ring when they need help and the hub cannot be reached."""


class NamedDocument(Private):
    """Of a unit or a team."""

    name: str


class DeviceDocument(Private):
    name: str
    model: str | None = None
    place: str | None = None


class PersonDocument(Private):
    name: str
    phone: str | None = None
    language: Language | None = None
    channels: dict[str, dict[str, str]] = {}
    """Channel id (`webhook-1`) to its settings: `url`, a template with {person} and {alarm}."""


class ResidentDocument(Private):
    name: str
    address: str | None = None
    phone: str | None = None
    entry_note: str | None = None
    care_note: str | None = None
    protected: Literal[True] | None = None
    """The address is secret: only who goes there reads it, by a tap that is written down."""
    viewer: str | None = None
    """Where the resident can be looked at; given only to who has a look, and only then."""


def canonical(content: Any) -> bytes:
    """Return JSON with sorted keys and without spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(key: bytes, *bodies: bytes) -> str:
    """Return HMAC-SHA256 over the bodies, in hex: it proves content without telling it."""
    return hmac.new(key, b"\n".join(bodies), hashlib.sha256).hexdigest()
