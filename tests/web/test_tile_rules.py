"""Which tiles there are, what a picture is, how many are kept, and settings that cannot be."""

from pathlib import Path

import pytest

from hub.settings.load import SettingsWrong, parse_settings
from hub.web.homes.tile_cache import TileCache
from hub.web.homes.tile_source import media_type, tile_at
from tests.web.map_server import OSLO, PNG
from tests.web.town import START


@pytest.mark.parametrize(
    ("zoom", "lon", "lat", "tile"),
    [
        # https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames: the whole world is one tile, its
        # corner is the top left one; Oslo's city hall as the map itself names it.
        (0, 0.0, 0.0, (0, 0)),
        (1, -179.9, 85.0, (0, 0)),
        (10, 10.7335, 59.9120, (542, 297)),
        (18, 179.9999999, -85.0511, (262143, 262143)),
    ],
)
def test_places_are_found_on_the_map(
    zoom: int, lon: float, lat: float, tile: tuple[int, int]
) -> None:
    assert tile_at(zoom, lon, lat) == tile


def test_what_is_kept_is_bounded_and_the_longest_unused_gives_way(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "tiles.sqlite", "source", octets=1000)
    for x in range(10):
        cache.keep((10, x, 0), b"x" * 100, START)
    assert cache.find((10, 0, 0)) is not None
    cache.keep((10, 10, 0), b"x" * 100, START)
    kept = [x for x in range(11) if cache.find((10, x, 0)) is not None]
    assert kept == [0, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert cache.octets == 1000


def test_another_source_starts_with_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tiles.sqlite"
    cache = TileCache(path, "old", octets=1000)
    cache.keep(OSLO, PNG, START)
    cache.close()
    other = TileCache(path, "new", octets=1000)
    assert (other.find(OSLO), other.octets) == (None, 0)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPrest", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVErest", None),
        (b"GIF89a", None),
        (b"<svg/>", None),
    ],
)
def test_a_picture_is_known_by_its_first_octets(body: bytes, kind: str | None) -> None:
    assert media_type(body) == kind


@pytest.mark.parametrize(
    "template",
    [
        "ftp://maps.example/{z}/{x}/{y}",
        "https://{x}.maps.example/{z}/{y}",
        "https://maps.example/{z}/{x}",
        "https://maps.example/{z}/{x}/{y}/{y}",
        "https://maps.example/{z}/{x}/{y}/{s}",
        "https://user:word@maps.example/{z}/{x}/{y}",
        "/{z}/{x}/{y}",
    ],
)
def test_a_template_that_could_lead_elsewhere_is_refused(template: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        parse_settings(f'map: {{tiles: "{template}"}}')
    assert [problem.code for problem in wrong.value.problems] == ["bad_tiles"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{min_zoom: 12, max_zoom: 10}", "bad_zoom"),
        ("{bounds: [11.0, 59.8, 10.0, 60.0]}", "bad_bounds"),
        ("{bounds: [10.0, 60.0, 11.0, 59.0]}", "bad_bounds"),
    ],
)
def test_a_map_that_cannot_be_is_refused(said: str, code: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        parse_settings(f"map: {said}")
    assert [problem.code for problem in wrong.value.problems] == [code]
