"""What a page or a script asks of the panel."""

import json

from aiohttp import web


async def wish_of(request: web.Request, *names: str) -> dict[str, str]:
    """Return the named texts of the body; 400 where one is missing or no text."""
    try:
        wish = await request.json()
    except json.JSONDecodeError:
        raise web.HTTPBadRequest(text="That is not JSON.") from None
    if not isinstance(wish, dict) or not all(isinstance(wish.get(name), str) for name in names):
        raise web.HTTPBadRequest(text=f"Send {', '.join(names)} as text.")
    return {name: wish[name] for name in names}
