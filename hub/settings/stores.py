"""Settings of what is kept, and how long: journal, frames of unknown devices, access log."""

from pydantic import Field

from hub.configuration.entry import Entry
from hub.kept_frames.model import Limits
from routing.instant import DAY, Instant


class JournalSettings(Entry):
    """How long the journal keeps facts. Older ones are in history only."""

    keep_days: int = Field(default=90, ge=1, le=36_500)
    """Days that a fact stays at least; alarms are told from history after that."""


class KeptSettings(Entry):
    """How much is kept of what unknown devices say, and of frames that nobody could read, in each
    municipality. They are personal data: no longer than it takes to assign a device."""

    keep_days: int = Field(default=30, ge=1, le=366)
    frames: int = Field(default=5_000, ge=10, le=1_000_000)
    octets: int = Field(default=16 * 1024 * 1024, ge=65_536)

    @property
    def limits(self) -> Limits:
        """As the file of kept frames takes them."""
        return Limits(frames=self.frames, octets=self.octets, keep=self.keep_days * DAY)


class ReadsSettings(Entry):
    """How long it is kept who has read what about whom."""

    keep_days: int = Field(default=1826, ge=30, le=36_500)
    """Five years by default: a decision of each municipality."""

    @property
    def keep(self) -> Instant:
        return self.keep_days * DAY
