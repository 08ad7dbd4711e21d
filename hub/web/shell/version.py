"""The name of this version of the pages."""

import hashlib
from functools import lru_cache

import msgspec

from hub.text import LANGUAGES, catalogue
from hub.web.files import HERE, static_files


@lru_cache(maxsize=1)
def version() -> str:
    """Return a digest of all that the pages are made of: files, templates, words."""
    digest = hashlib.sha256()
    for name, file in static_files().items():
        digest.update(f"{name} {file.etag}\n".encode())
    for path in sorted((HERE / "templates").iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    for language in LANGUAGES:
        digest.update(msgspec.json.encode(catalogue(language).starting_with(""), order="sorted"))
    return digest.hexdigest()[:12]
