"""What makes the pages an app: worker, manifest, kept pages, and how files are served."""

import gzip
import json
import re
from pathlib import Path

import aiohttp
import pytest

from hub.text import LANGUAGES
from hub.web.shell.worker import PARTS, shell
from tests.web.conftest import NewBrowser
from tests.web.town import Town

WEB = Path(__file__).parents[2] / "hub" / "web"
STATIC = WEB / "static"
FIRST_LOAD_BYTES = 60_000


async def fetched(url: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and the body as it came over the wire."""
    plain = {"Accept-Encoding": "identity", **headers}
    async with (
        aiohttp.ClientSession(url, auto_decompress=False) as http,
        http.get(path, headers=plain) as response,
    ):
        return (
            response.status,
            {k.lower(): v for k, v in response.headers.items()},
            (await response.read()),
        )


async def test_a_file_is_compressed_for_who_asks_and_only_then(url: str) -> None:
    path = "/static/base.css"
    whole = (STATIC / "base.css").read_bytes()
    _, plain, body = await fetched(url, path)
    assert ("content-encoding" in plain, body) == (False, whole)
    _, packed, small = await fetched(url, path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert packed["content-encoding"] == "gzip"
    assert packed["vary"] == "Accept-Encoding"
    assert gzip.decompress(small) == whole
    assert len(small) < len(whole) / 2
    _, refused, body = await fetched(url, path, **{"Accept-Encoding": "gzip;q=0, identity"})
    assert ("content-encoding" in refused, body) == (False, whole)


async def test_an_unchanged_file_is_not_sent_again(url: str) -> None:
    _, first, _ = await fetched(url, "/static/js/app.js")
    assert first["content-type"].startswith("text/javascript")
    assert first["cache-control"] == "no-cache"
    status, _, body = await fetched(url, "/static/js/app.js", **{"If-None-Match": first["etag"]})
    assert (status, body) == (304, b"")
    status, _, _ = await fetched(url, "/static/js/app.js", **{"If-None-Match": '"other"'})
    assert status == 200


@pytest.mark.parametrize(
    "path", ["/static/", "/static/nothing.js", "/static/../pages.py", "/static/%2e%2e/pages.py"]
)
async def test_nothing_beside_the_files_is_served(url: str, path: str) -> None:
    status, _, _ = await fetched(url, path)
    assert status == 404


async def test_an_answer_about_people_is_never_compressed(town: Town, someone: NewBrowser) -> None:
    await town.press()
    kari = await someone().sign_in("kari")
    for path in ("/", "/api/alarms", "/duty", "/board"):
        async with kari.http.get(path, headers={"Accept-Encoding": "gzip"}) as response:
            assert response.status == 200
            assert "Content-Encoding" not in response.headers
            assert response.headers["Cache-Control"] == "no-store"


async def test_the_worker_stands_at_the_root_and_names_its_version(url: str) -> None:
    status, headers, body = await fetched(url, "/sw.js")
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")
    assert headers["cache-control"] == "no-cache"
    head, _, tail = body.decode().partition(";\n")
    said = json.loads(head.removeprefix("self.VARDE = "))
    assert re.fullmatch(r"[0-9a-f]{12}", said["version"])
    assert set(said["texts"]) == set(LANGUAGES)
    assert said["texts"]["nb"]["worker.accept"] == "Kvitter"
    assert [f"/static/worker/{part}" in tail for part in PARTS] == [True] * len(PARTS)
    status, headers, _ = await fetched(url, "/offline/nb")
    assert f'data-version="{said["version"]}"'.encode() in _


async def test_everything_that_phones_keep_is_there_for_a_stranger(url: str) -> None:
    for path in shell():
        status, headers, body = await fetched(url, path)
        assert status == 200, path
        assert headers["cache-control"] == "no-cache", path
        assert body, path
    assert not [path for path in shell() if "leaflet" in path or path.startswith("/api")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_manifest_is_in_every_language(url: str, language: str) -> None:
    status, headers, body = await fetched(url, f"/manifest/{language}.webmanifest")
    assert (status, headers["content-type"]) == (200, "application/manifest+json")
    said = json.loads(body)
    assert (said["id"], said["scope"], said["start_url"]) == ("/", "/", "/")
    assert (said["lang"], said["display"]) == (language, "standalone")
    assert [one["url"] for one in said["shortcuts"]] == ["/", "/tasks", "/duty", "/readiness"]
    purposes = {one.get("purpose", "any") for one in said["icons"]}
    assert purposes == {"any", "maskable"}
    for icon in said["icons"]:
        assert (STATIC / icon["src"].removeprefix("/static/")).is_file()


async def test_an_unknown_language_is_not_there(url: str) -> None:
    for path in ("/manifest/de.webmanifest", "/offline/de", "/called/de", "/text/de.json"):
        assert (await fetched(url, path))[0] == 404


async def test_a_phone_loads_every_text_that_its_modules_say(url: str) -> None:
    _, _, body = await fetched(url, "/text/nb.json")
    loaded = set(json.loads(body))
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text("utf-8")
        said = set(re.findall(r'"((?:ui|action|phase|kind)\.[a-z_.]*[a-z])"', source))
        assert said <= loaded, path.name
        for prefix in re.findall(r"\bt\(`([a-z_.]+)\$\{", source):
            assert any(msgid.startswith(prefix) for msgid in loaded), (path.name, prefix)


def imported(path: str) -> set[str]:
    """Follow the static imports of a module, as the browser does before it runs."""
    found, ahead = set[str](), [path]
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        found.add(name)
        source = (STATIC / name.removeprefix("/static/")).read_text("utf-8")
        for other in re.findall(r'^(?:import|export)\b[^;]*?"\./([\w.]+)";', source, re.M | re.S):
            ahead.append(f"/static/js/{other}")
    return found


async def test_the_first_load_is_small(town: Town, someone: NewBrowser, url: str) -> None:
    """The page of alarms with all that the browser needs for it, as it comes over the wire."""
    kari = await someone().sign_in("kari")
    async with kari.http.get("/") as response:
        html = await response.read()
    text = html.decode()
    files = set(re.findall(r'<link rel="(?:stylesheet|icon|manifest)" href="([^"]+)"', text))
    scripts = set(re.findall(r'<script[^>]* src="([^"]+)"', text))
    assert "/static/js/app.js" in scripts
    for script in scripts:
        files |= imported(script)
    files |= {"/text/nb.json", "/static/icons.svg"}
    sizes = {
        path: len((await fetched(url, path, **{"Accept-Encoding": "gzip"}))[2]) for path in files
    }
    total = len(html) + sum(sizes.values())
    assert total <= FIRST_LOAD_BYTES, (total, len(html), sizes)


def test_no_form_puts_what_was_typed_into_an_address() -> None:
    """A form is sent by its page's script; before that has come, or where it fails, by nobody."""
    forms = {
        form
        for page in (WEB / "templates").glob("*.html")
        for form in re.findall(r"<form[^>]*>", page.read_text(encoding="utf-8"))
    }
    assert len(forms) > 20
    assert [form for form in forms if not re.search(r'method="(dialog|post)"', form)] == []
