"""Where a resident can be looked at: the link to an outside viewer."""

from urllib.parse import urlsplit

from hub.telling.names import Names
from routing.state import Registry


def link_of(registry: Registry, names: Names, resident: str | None) -> str | None:
    """Return the link; None where there is none, or it leads to where we may not lead."""
    one, link = registry.municipality, names.card("resident", resident).viewer
    if one is None or link is None:
        return None
    parts = urlsplit(link)
    hosts = names.card("municipality", one.id).viewers
    return link if parts.scheme == "https" and parts.hostname in hosts else None
