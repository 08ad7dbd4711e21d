"""The files of the pages: read once, served from memory, compressed where it pays.

Only files are compressed, which are the same for everybody; never an answer about people. Whoever
can make a page repeat what they send could read its secrets off a compressed length (BREACH,
https://www.breachattack.com/).
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HERE = Path(__file__).parent
STATIC = HERE / "static"
_LEVEL = 9
_PACKED = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}
"""Fixed here: what a machine's own table says of .js differs, and a wrong type is no module."""


@dataclass(frozen=True, slots=True)
class File:
    """What is served under one address."""

    body: bytes
    media_type: str
    etag: str
    packed: bytes | None
    """By gzip, where that is shorter."""


def file_of(body: bytes, media_type: str) -> File:
    """Return the file with its entity tag and its compressed form."""
    packed = gzip.compress(body, _LEVEL, mtime=0) if media_type.startswith(_PACKED) else body
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return File(body, media_type, etag, packed if len(packed) < len(body) else None)


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, File]:
    """Return the files under `static`, by path; they cannot change while we run."""
    found = (path for path in sorted(STATIC.rglob("*")) if path.is_file())
    return {
        path.relative_to(STATIC).as_posix(): file_of(path.read_bytes(), _type_of(path))
        for path in found
    }


def _type_of(path: Path) -> str:
    guessed, _ = mimetypes.guess_type(path.name)
    return _TYPES.get(path.suffix) or guessed or "application/octet-stream"


def answer(request: Request, file: File) -> Response:
    """Return the file as the browser may have it: unchanged, compressed, or plain."""
    headers = {"ETag": file.etag, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = file.body
    if file.packed is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
        body = file.packed
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=file.media_type)


def _takes_gzip(header: str) -> bool:
    """Read an Accept-Encoding header (RFC 9110, 12.5.3); `gzip;q=0` forbids it."""
    for part in header.split(",")[:20]:
        name, _, quality = part.replace(" ", "").partition(";q=")
        if name.lower() == "gzip":
            return quality.strip("0.") != "" if quality else True
    return False


class Files:
    """ASGI application that serves `static`; 404 for everything that is not there."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        file = static_files().get(path)
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
        await answer(Request(scope), file)(scope, receive, send)
