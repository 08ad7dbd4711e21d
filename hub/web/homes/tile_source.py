"""Where pictures of the map come from: the hub asks one server, and phones ask the hub.

A phone that asked a map server itself would tell it where somebody lives who needs help. The server
is the one of the settings and no other: redirects are not followed, three checked numbers are all
that enters the address, no cookie and no referrer goes out, and what comes back is a picture of a
bounded size or nothing.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import msgspec

from adapters.recent import Bounded
from hub import __version__
from hub.settings.pages import MapSettings
from hub.settings.whole import Settings
from hub.web.homes.tile_cache import Tile, TileCache
from routing.instant import DAY, SECOND, Instant

MOST_OCTETS = 512 * 1024
WITHIN_S = 6.0
AT_ONCE = 8
"""Tiles fetched at a time; a phone's map asks for about twenty."""
REST: Instant = 10 * SECOND
"""So long a server that does not answer as it should is asked for nothing, and a tile that it does
not have is not asked for again: a phone's map asks for all of it anew each time."""
_KNOWN_MISSING = 10_000
_NOT_THERE = frozenset({204, 400, 404, 410})
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}
"""First octets of a picture to its media type; SVG is none, because it can carry a script."""


class NoTile(Exception):
    """There is no such picture, or it cannot be had now."""


class _Missing(NoTile):
    """The server answers, and does not have this one."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """How a phone draws the map."""

    attribution: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float] | None
    """West, south, east, north."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile with its media type."""

    body: bytes
    media_type: str


def media_type(body: bytes) -> str | None:
    """Return what kind of picture it is, by its first octets; None for anything else."""
    found = next((kind for start, kind in PICTURES.items() if body.startswith(start)), None)
    return None if found == "image/webp" and body[8:12] != b"WEBP" else found


def tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """Return column and row of the tile in which a place is (Web Mercator, EPSG:3857)."""
    count = 1 << zoom
    angle = math.radians(lat)
    x = int((lon + 180) / 360 * count)
    y = int((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * count)
    return min(max(x, 0), count - 1), min(max(y, 0), count - 1)


class Tiles:
    """The tiles of the configured server."""

    def __init__(
        self,
        settings: MapSettings,
        http: aiohttp.ClientSession,
        cache: TileCache,
        clock: Callable[[], Instant],
    ) -> None:
        if settings.tiles is None:
            raise ValueError("no tiles without the template of their address")
        self._settings, self._template = settings, settings.tiles
        self._http, self._cache, self._clock = http, cache, clock
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[Tile, asyncio.Lock] = {}
        self._refused: Bounded[Tile | None, Instant] = Bounded(_KNOWN_MISSING)
        """When a tile was not there last; under None, when the server gave no answer to use."""

    @property
    def drawn(self) -> Drawn:
        """How a phone draws the map."""
        one = self._settings
        return Drawn(
            attribution=one.attribution,
            min_zoom=one.min_zoom,
            max_zoom=one.max_zoom,
            bounds=one.bounds,
        )

    def covers(self, tile: Tile) -> bool:
        """Whether the tile is one of those that may be fetched."""
        zoom, x, y = tile
        if not self._settings.min_zoom <= zoom <= self._settings.max_zoom:
            return False
        if not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
            return False
        if self._settings.bounds is None:
            return True
        west, south, east, north = self._settings.bounds
        left, top = tile_at(zoom, west, north)
        right, bottom = tile_at(zoom, east, south)
        return left <= x <= right and top <= y <= bottom

    async def picture(self, tile: Tile) -> Picture:
        """Return the tile, from disk where it is fresh. NoTile."""
        if not self.covers(tile):
            raise NoTile("outside of what may be fetched")
        lock = self._under_way.setdefault(tile, asyncio.Lock())
        try:
            async with lock:
                return await self._found(tile)
        finally:
            if not lock.locked():
                self._under_way.pop(tile, None)

    async def _found(self, tile: Tile) -> Picture:
        now = self._clock()
        kept = await asyncio.to_thread(self._cache.find, tile)
        if kept is not None and now - kept.fetched_at < self._settings.keep_days * DAY:
            return _picture(kept.body)
        try:
            async with self._turn:
                body = await self._asked(tile)
        except NoTile:
            if kept is None:
                raise
            return _picture(kept.body)
        await asyncio.to_thread(self._cache.keep, tile, body, now)
        return _picture(body)

    async def _asked(self, tile: Tile) -> bytes:
        """Fetch it, unless that was in vain a moment ago."""
        now = self._clock()
        for which in (tile, None):
            at = self._refused.get(which)
            if at is not None and 0 <= now - at < REST:
                raise NoTile("it was asked for in vain a moment ago")
        try:
            return await self._fetch(tile)
        except NoTile as no:
            which = tile if isinstance(no, _Missing) else None
            self._refused.put(which, self._clock())
            raise

    async def _fetch(self, tile: Tile) -> bytes:
        address = self._template
        for place, number in zip(("{z}", "{x}", "{y}"), tile, strict=True):
            address = address.replace(place, str(number))
        try:
            async with (
                asyncio.timeout(WITHIN_S),
                self._http.get(address, allow_redirects=False) as response,
            ):
                if response.status in _NOT_THERE:
                    raise _Missing(f"the map server answered {response.status}")
                if response.status != 200:
                    raise NoTile(f"the map server answered {response.status}")
                body = await _bounded(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoTile(str(error) or "no answer in time") from error
        if media_type(body) is None:
            raise NoTile("the map server answered something else than a picture")
        return body

    async def close(self) -> None:
        """Let go of the connections and the file."""
        await self._http.close()
        self._cache.close()


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > MOST_OCTETS:
            raise NoTile("the map server answered too much")
    return bytes(body)


def _picture(body: bytes) -> Picture:
    kind = media_type(body)
    if kind is None:
        raise NoTile("what is kept is no picture")
    return Picture(body, kind)


def tiles_of(settings: Settings) -> Tiles | None:
    """Return the tiles of the settings; None where they name no map server."""
    one = settings.map
    if one.tiles is None:
        return None
    cache = TileCache(settings.tiles_path, one.tiles, one.cache_mb * 1024 * 1024)
    return Tiles(one, client(), cache, lambda: time.time_ns() // 1000)


def client() -> aiohttp.ClientSession:
    """Return what asks the map server: without cookies, and by the name of this program, as public
    map servers want it."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"Varde/{__version__}", "Accept": "image/*"},
        connector=aiohttp.TCPConnector(limit=AT_ONCE),
    )
