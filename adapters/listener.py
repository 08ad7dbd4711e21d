"""The part of a listener's configuration that every protocol shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

ListenerId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
"""Lower-case letters, digits and hyphens: it is a part of topics and of event sources."""


class Listener(BaseModel):
    """One listener of the municipality; each protocol adds its own fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: ListenerId
    protocol: str
    """Its name, fixed by each protocol to its own."""
