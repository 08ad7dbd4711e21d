"""Pictures of the map through the hub, against map servers that are good, slow and hostile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from hub.web.homes import tile_source
from hub.web.homes.tile_cache import Tile
from hub.web.homes.tile_source import NoTile, Tiles
from routing.instant import DAY, HOUR, SECOND
from tests.web.map_server import OSLO, PNG, Answer, Lab, Server
from tests.web.town import Browser, Town


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    server = Server()
    async with server.open() as address:
        yield Lab(server, address, tmp_path)


async def test_a_picture_is_fetched_once_and_then_kept(lab: Lab) -> None:
    tiles = lab.tiles()
    pictures = [await tiles.picture(OSLO) for _ in range(3)]
    assert {(p.body, p.media_type) for p in pictures} == {(PNG, "image/png")}
    (asked,) = lab.server.asked
    assert asked.path == "/t/10/542/297.png"
    await tiles.close()


async def test_twenty_phones_at_once_are_one_question(lab: Lab) -> None:
    tiles = lab.tiles()
    await asyncio.gather(*(tiles.picture(OSLO) for _ in range(20)))
    assert len(lab.server.asked) == 1
    await tiles.close()


async def test_the_map_server_learns_nothing_of_who_asks(lab: Lab) -> None:
    async def with_cookie(request: web.Request) -> web.Response:
        response = await lab.server.picture(request)
        response.set_cookie("follow", "me")
        return response

    lab.server.answer = with_cookie
    tiles = lab.tiles()
    await tiles.picture(OSLO)
    await tiles.picture((10, 543, 297))
    for asked in lab.server.asked:
        assert "cookie" not in asked.headers
        assert "referer" not in asked.headers
        assert "x-forwarded-for" not in asked.headers
        assert asked.headers["user-agent"].startswith("Varde/")
        assert asked.query_string == ""
    await tiles.close()


async def redirect(request: web.Request) -> web.Response:
    raise web.HTTPFound("http://127.0.0.1:9/elsewhere.png")


async def page(request: web.Request) -> web.Response:
    return web.Response(text="<html><script>alert(1)</script>", content_type="image/png")


async def drawing(request: web.Request) -> web.Response:
    return web.Response(body=b"<svg onload='alert(1)'/>", content_type="image/svg+xml")


async def huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(10_000):
            await response.write(PNG * 1000)
    except ConnectionError:
        pass
    return response


async def said_to_be_huge(request: web.Request) -> web.StreamResponse:
    return web.Response(body=PNG + b"0" * 600 * 1024, content_type="image/png")


async def nothing(request: web.Request) -> web.Response:
    return web.Response(body=b"", content_type="image/png")


async def broken(request: web.Request) -> web.Response:
    return web.Response(status=500, body=PNG)


async def cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-length": "1000"})
    await response.prepare(request)
    await response.write(PNG)
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.mark.parametrize(
    "answer",
    [redirect, page, drawing, huge, said_to_be_huge, nothing, broken, cut_off],
    ids=lambda answer: answer.__name__,
)
async def test_what_is_no_picture_is_neither_told_nor_kept(lab: Lab, answer: Answer) -> None:
    tiles = lab.tiles()
    lab.server.answer = answer
    with pytest.raises(NoTile):
        await tiles.picture(OSLO)
    assert len(lab.server.asked) == 1
    lab.server.answer = lab.server.picture
    lab.now += 10 * SECOND
    assert (await tiles.picture(OSLO)).body == PNG
    await tiles.close()


NEAR: list[Tile] = [(10, 540 + x, 295 + y) for x in range(5) for y in range(4)]
"""What one phone asks for at once."""


async def in_vain(tiles: Tiles, which: list[Tile]) -> None:
    ends = await asyncio.gather(*(tiles.picture(one) for one in which), return_exceptions=True)
    assert [isinstance(end, NoTile) for end in ends] == [True] * len(which)


async def test_a_server_that_is_down_is_left_alone_for_ten_seconds(lab: Lab) -> None:
    tiles = lab.tiles()
    lab.server.answer = broken
    await in_vain(tiles, NEAR)
    asked = len(lab.server.asked)
    assert asked <= tile_source.AT_ONCE
    lab.now += 10 * SECOND - 1
    for _ in range(3):
        await in_vain(tiles, [OSLO, *NEAR])
    assert len(lab.server.asked) == asked
    lab.now += 1
    lab.server.answer = lab.server.picture
    await asyncio.gather(*(tiles.picture(one) for one in NEAR))
    assert len(lab.server.asked) == asked + len(NEAR)
    await tiles.close()


async def test_a_tile_that_is_not_there_keeps_no_other_away(lab: Lab) -> None:
    async def at_sea(request: web.Request) -> web.StreamResponse:
        there = request.path != "/t/10/542/297.png"
        return await lab.server.picture(request) if there else web.Response(status=404)

    lab.server.answer = at_sea
    tiles = lab.tiles()
    await in_vain(tiles, [OSLO, OSLO])
    assert (await tiles.picture((10, 543, 297))).body == PNG
    await in_vain(tiles, [OSLO])
    assert len(lab.server.asked) == 2
    lab.now += 10 * SECOND
    await in_vain(tiles, [OSLO])
    assert len(lab.server.asked) == 3
    await tiles.close()


async def test_a_clock_that_is_set_back_lengthens_no_rest(lab: Lab) -> None:
    tiles = lab.tiles()
    lab.server.answer = broken
    await in_vain(tiles, [OSLO])
    lab.now -= HOUR
    lab.server.answer = lab.server.picture
    assert (await tiles.picture(OSLO)).body == PNG
    await tiles.close()


async def test_a_server_that_is_too_slow_is_given_up(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await ended.wait()
        return response

    monkeypatch.setattr(tile_source, "WITHIN_S", 0.2)
    lab.server.answer = slow
    tiles = lab.tiles()
    with pytest.raises(NoTile):
        await tiles.picture(OSLO)
    ended.set()
    await tiles.close()


async def test_an_old_picture_is_fetched_anew_and_shown_while_that_fails(lab: Lab) -> None:
    tiles = lab.tiles(keep_days=30)
    await tiles.picture(OSLO)
    lab.now += 31 * DAY
    lab.server.answer = broken
    assert (await tiles.picture(OSLO)).body == PNG
    assert len(lab.server.asked) == 2
    lab.server.answer = lab.server.picture
    assert (await tiles.picture(OSLO)).body == PNG
    assert len(lab.server.asked) == 2  # in vain a moment ago
    lab.now += 10 * SECOND
    await tiles.picture(OSLO)
    await tiles.picture(OSLO)
    assert len(lab.server.asked) == 3
    await tiles.close()


@pytest.mark.parametrize(
    "tile", [(3, 4, 2), (19, 277_000, 152_000), (10, -1, 297), (10, 1024, 297), (10, 542, 1024)]
)
async def test_no_tile_outside_of_the_map_is_fetched(lab: Lab, tile: tuple[int, int, int]) -> None:
    tiles = lab.tiles(min_zoom=5, max_zoom=18)
    with pytest.raises(NoTile):
        await tiles.picture(tile)
    assert lab.server.asked == []
    await tiles.close()


async def test_no_tile_outside_of_the_municipality_is_fetched(lab: Lab) -> None:
    tiles = lab.tiles(bounds=(10.5, 59.8, 10.95, 60.0))
    assert (await tiles.picture(OSLO)).body == PNG
    for tile in ((10, 530, 297), (10, 560, 297), (10, 542, 290), (10, 542, 305)):
        with pytest.raises(NoTile):
            await tiles.picture(tile)
    assert len(lab.server.asked) == 1
    await tiles.close()


async def test_only_who_is_signed_in_gets_pictures_and_the_browser_keeps_none(
    tmp_path: Path,
) -> None:
    server = Server()
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(server.open())
        tiles = Lab(server, address, tmp_path).tiles()
        town = Town(tmp_path)
        town.site = replace(town.site, tiles=tiles)
        await town.settle()
        url = await stack.enter_async_context(town.open())
        stranger = await stack.enter_async_context(Browser(town, url))
        kari = await stack.enter_async_context(Browser(town, url))
        await kari.sign_in("kari")
        assert (await stranger.get("/api/tiles/10/542/297"))[0] == 401
        assert server.asked == []
        async with kari.http.get("/api/tiles/10/542/297") as response:
            assert (response.status, await response.read()) == (200, PNG)
            assert response.headers["content-type"] == "image/png"
            assert response.headers["cache-control"] == "no-store"
        for wrong in ("10/542/-1", "10/x/1", "99/1/1", "10/1/1%2f.."):
            assert (await kari.get(f"/api/tiles/{wrong}"))[0] in {400, 404}, wrong
        await tiles.close()


async def test_without_a_map_server_there_are_no_pictures(town: Town, kari: Browser) -> None:
    assert (await kari.get("/api/tiles/10/542/297"))[0] == 404
