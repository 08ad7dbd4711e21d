"""What every route of the web process shares, handed to it by the composition root."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from hub.directory.port import Directory
from hub.explain.story import NoSuchAlarm, Story
from hub.kept_frames.desk import Desk
from hub.telling.names import Names
from hub.text import Catalogue
from hub.web.live import Live
from routing.instant import Instant


class CommandPublisher(Protocol):
    """Sends to the broker: `publish` returns when it has it; `hub.mqtt.NotConfirmed` if not."""

    @property
    def connected(self) -> bool: ...
    async def publish(self, topic: str, payload: bytes) -> None: ...


def _nothing_archived(id: str, text: Catalogue) -> Story:
    raise NoSuchAlarm(id, ())


@dataclass(frozen=True, kw_only=True)
class Site:
    """One municipality's web process."""

    municipality: str
    live: Live
    names: Names
    directory: Directory
    publisher: CommandPublisher
    clock: Callable[[], Instant]
    public_url: str
    archived: Callable[[str, Catalogue], Story] = _nothing_archived
    """Tells of an alarm or task that has left memory; NoSuchAlarm. Reads files: call in a
    thread."""
    desk: Desk | None = None
    """Where unknown devices are listed, assigned and replayed; reads files."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins of pages that may show ours in a frame (the demo's panel)."""
    confirm_within_s: float = 5.0
    """How long a command may take before the phone is told that it is not confirmed."""
    beat_s: float = 15.0
    """Between two signs of life on a stream."""
    recheck_s: float = 2.0
    """Between two looks at whether a stream's session still stands."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at shutdown: every stream ends."""

    @property
    def secure(self) -> bool:
        """Whether people reach us by HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """Name of the session cookie; the `__Host-` prefix works over HTTPS only."""
        return "__Host-varde_session" if self.secure else "varde_session"


def site_of(request: Request) -> Site:
    """Return the site of this application."""
    site: Site = request.app.state.site
    return site


AskedSite = Annotated[Site, Depends(site_of)]
