"""Configuration of a listener for Nuki locks."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from adapters.listener import Listener

Topic = Annotated[str, StringConstraints(pattern=r"^[^+#\x00/]+(/[^+#\x00/]+)*$")]


class NukiConfig(Listener):
    """The Nuki locks of one broker."""

    protocol: Literal["nuki"] = "nuki"
    base_topic: Topic = "nuki"
    """What stands before the locks' ids."""
    opens_by: Literal["unlock", "unlatch"] = "unlock"
    """What opens a door: `unlatch` also pulls the latch, for doors without a handle outside."""
