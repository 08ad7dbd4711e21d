"""What every route of the web process shares, handed to it by the composition root."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request

from hub.directory.sqlite import SqliteDirectory
from hub.directory.subscriptions import Subscriptions
from hub.explain.story import NoSuchAlarm, Story
from hub.kept_frames.desk import Desk
from hub.reads.port import AccessLog
from hub.telling.names import Names
from hub.text import Catalogue
from hub.web.alarms.shared_events import SharedEvents
from hub.web.gateways.index import CallIndex
from hub.web.gateways.site import Hooks
from hub.web.homes.tile_source import Tiles
from hub.web.lately import Lately
from hub.web.live import Live
from hub.web.push.wrong_rights import wrong_rights
from hub.web.sign_in.oidc import Provider
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
    directory: SqliteDirectory
    publisher: CommandPublisher
    clock: Callable[[], Instant]
    public_url: str
    reads: AccessLog
    """Who reads what about whom. Writes to disk: call in a thread (`hub.web.homes.looks`)."""
    zone_secret: bytes
    """What the keys are made of by which phones lock what they store for a shift, and what waits in
    their outbox."""
    subscriptions: Subscriptions
    """Where phones are pushed to."""
    rights_key: bytes
    """What opens the rights that notifications carry (`hub.rights.seal`)."""
    push_key: str
    """Our public VAPID key, as browsers take it."""
    push_services: tuple[str, ...] = ()
    """Hosts of push services; none: every public one."""
    tiles: Tiles | None = None
    """Pictures of the map; None where none are configured."""
    archived: Callable[[str, Catalogue], Story] = _nothing_archived
    """Tells of an alarm or task that has left memory; NoSuchAlarm. Reads files: call in a
    thread."""
    desk: Desk | None = None
    """Where unknown devices are listed, assigned and replayed; reads files."""
    wrong_rights: Lately = field(default_factory=wrong_rights)
    provider: Provider | None = None
    """The municipality's own login."""
    calls: CallIndex = field(default_factory=CallIndex)
    """What answers to calls are found by."""
    hooks: Hooks | None = None
    """Gateways that call us; none where none are configured."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins of pages that may show ours in a frame (the demo's panel)."""
    accessibility_contact: str = ""
    """Whom to tell of barriers: an email address, or words with a number."""
    accessibility_statement: str | None = None
    """Address of the municipality's own accessibility statement."""
    confirm_within_s: float = 5.0
    """How long a command may take before the phone is told that it is not confirmed."""
    beat_s: float = 15.0
    """Between two signs of life on a stream."""
    recheck_s: float = 2.0
    """Between two looks at whether a stream's session still stands."""
    shared_events: SharedEvents = field(default_factory=SharedEvents)
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

    @property
    def handset_cookie(self) -> str:
        """Name of the cookie by which a browser profile is known as the same handset."""
        return "__Host-varde_handset" if self.secure else "varde_handset"


def site_of(request: Request) -> Site:
    """Return the site of this application."""
    site: Site = request.app.state.site
    return site


AskedSite = Annotated[Site, Depends(site_of)]
