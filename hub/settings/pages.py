"""Settings of the pages: where they are, who may show them, whom push services may ask, the map."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from hub.configuration.entry import Entry
from hub.settings.address import HostPort

_PLACES = ("{z}", "{x}", "{y}")
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-85.0511, le=85.0511)]
"""As far as the web map's projection goes (Web Mercator, EPSG:3857)."""


Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=200)]

HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
"""In small letters, without scheme and port."""


class WebSettings(Entry):
    bind: HostPort = "127.0.0.1:8080"
    public_url: str | None = None
    """What phones call the pages; the address bound to when nothing is said."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins that may show the pages in a frame; none by default."""
    accessibility_contact: Annotated[str, StringConstraints(max_length=200)] = ""
    """Whom to tell of barriers, shown at /accessibility: email, or words and a number."""
    accessibility_statement: (
        Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=500)] | None
    ) = None
    """Address of the municipality's own statement at uustatus.no."""
    push_contact: Email | None = None
    """Email address at which the people of a push service reach IT here; Apple's demands one. The
    public https address is named where nothing is said."""
    push_services: tuple[HostName, ...] = ()
    """Hosts (and those below them) to which phones' notifications may be posted; every public host
    when nothing is said."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-For is believed; none by default. Behind a
    proxy that is not named here all phones share one address, and so its limit of wrong codes."""


class MapSettings(Entry):
    """Where map tiles come from. Phones never ask there: the hub does, and keeps what it got."""

    tiles: Annotated[str, StringConstraints(max_length=500)] | None = None
    """Template of a tile's URL with {z}, {x} and {y}; no map pictures are fetched without one."""
    attribution: str = Field(default="", max_length=200)
    """Whose map it is, as its licence wants it said."""
    min_zoom: int = Field(default=5, ge=0, le=22)
    max_zoom: int = Field(default=18, ge=0, le=22)
    bounds: tuple[Longitude, Latitude, Longitude, Latitude] | None = None
    """West, south, east, north: no tile outside is fetched."""
    cache_mb: int = Field(default=256, ge=1, le=100_000)
    keep_days: int = Field(default=30, ge=1, le=366)
    """After so long a tile is fetched anew; the old one is shown while that is not possible."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.tiles is not None and not _is_template(self.tiles):
            raise PydanticCustomError("bad_tiles", "a template")
        if self.min_zoom > self.max_zoom:
            raise PydanticCustomError("bad_zoom", "min over max")
        west, south, east, north = self.bounds or (0, 0, 1, 1)
        if west >= east or south >= north:
            raise PydanticCustomError("bad_bounds", "west south east north")
        return self


def _is_template(text: str) -> bool:
    """Whether it leads to one host by http or https, and each place stands in it once, behind the
    host: what phones ask for can then never choose where the hub goes."""
    parts = urlsplit(text)
    whole = all(text.count(place) == 1 for place in _PLACES)
    plain = text.replace("{z}", "").replace("{x}", "").replace("{y}", "")
    host_is_plain = "{" not in parts.netloc and "@" not in parts.netloc and bool(parts.hostname)
    return parts.scheme in {"http", "https"} and host_is_plain and whole and "{" not in plain
