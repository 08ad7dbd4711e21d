"""`GET /api/tiles/{z}/{x}/{y}`: a picture of the map; see `hub.web.homes.tile_source`.

Which tiles are looked at is written nowhere: they would tell where somebody lives.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from hub.web.access import SignedIn
from hub.web.homes.tile_source import NoTile
from hub.web.refusal import not_found
from hub.web.site import AskedSite

router = APIRouter()
Number = Annotated[int, Path(ge=0, lt=1 << 22)]


@router.get("/api/tiles/{z}/{x}/{y}")
async def tile(z: Number, x: Number, y: Number, reader: SignedIn, site: AskedSite) -> Response:
    """Return the picture; 404 where there is none, and the phone draws a plain grid instead."""
    if site.tiles is None:
        raise not_found()
    try:
        picture = await site.tiles.picture((z, x, y))
    except NoTile:
        raise not_found() from None
    return Response(picture.body, media_type=picture.media_type)
