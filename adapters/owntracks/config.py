"""Configuration of an OwnTracks listener."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from adapters.tracker import ClockListener

Topic = Annotated[str, StringConstraints(pattern=r"^[^+#\x00/]+(/[^+#\x00/]+)*$")]


class OwntracksConfig(ClockListener):
    """Phones with OwnTracks behind one broker."""

    protocol: Literal["owntracks"] = "owntracks"
    base_topic: Topic = "owntracks"
    """What the topics of the apps begin with."""
    manual: Literal["position", "help"] = "position"
    """What it means that somebody pressed the app's button (`t: u`). The app has no SOS button; a
    phone that is carried for nothing else may call for help with this one."""
