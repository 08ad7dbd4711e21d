"""Code of others in our pages: as it was published, with its licence."""

import hashlib
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "hub" / "web" / "static" / "vendor"
LEAFLET = VENDOR / "leaflet"
PUBLISHED = "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
"""SHA-256 of leaflet 1.9.4's dist/leaflet.js; leafletjs.com gives the same as its integrity value,
sha256-20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=."""


@pytest.mark.parametrize("folder", [LEAFLET], ids=lambda path: path.name)
def test_every_file_is_the_one_in_the_list_and_none_is_beside_it(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert found == listed


def test_the_map_is_what_its_makers_published_and_may_be_passed_on() -> None:
    assert hashlib.sha256((LEAFLET / "leaflet.js").read_bytes()).hexdigest() == PUBLISHED
    assert "BSD 2-Clause License" in (LEAFLET / "LICENSE").read_text("utf-8")
    assert b"Leaflet 1.9.4" in (LEAFLET / "leaflet.js").read_bytes()[:200]
