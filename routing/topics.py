"""MQTT topics: one tree per municipality, events in two lanes. Parts are our ids, never names."""

from routing.kinds import Lane

ROOT = "varde/v1"


def event(municipality: str, lane: Lane, adapter: str) -> str:
    """Where an adapter publishes canonical events of a lane."""
    return f"{ROOT}/{municipality}/event/{lane}/{adapter}"


def events(municipality: str, lane: Lane) -> str:
    """The filter by which the hub hears a lane."""
    return event(municipality, lane, "+")


def confirm(municipality: str, adapter: str, event_id: str) -> str:
    """Where the hub tells an adapter what became of an event, after the commit."""
    return f"{ROOT}/{municipality}/confirm/{adapter}/{event_id}"


def confirms(municipality: str, adapter: str) -> str:
    """The filter by which an adapter hears its confirmations."""
    return confirm(municipality, adapter, "+")


def device(municipality: str, adapter: str) -> str:
    """Where the hub tells an adapter what a device is to do, or what became of its alarm."""
    return f"{ROOT}/{municipality}/device/{adapter}"


def command(municipality: str) -> str:
    """Where the web process publishes what people did."""
    return f"{ROOT}/{municipality}/command"


def replay(municipality: str) -> str:
    """Where the command line and the pages ask the router to treat kept frames again."""
    return f"{ROOT}/{municipality}/replay"


def tap_wish(municipality: str) -> str:
    """Where somebody who looks on asks the adapters to show frames, for a short time."""
    return f"{ROOT}/{municipality}/tap/wish"


def tap_seen(municipality: str) -> str:
    """Where the adapters show frames while somebody looks on. Personal data: never kept."""
    return f"{ROOT}/{municipality}/tap/seen"


def configure(municipality: str) -> str:
    """Where `varde apply` hands a checked configuration change to a running router."""
    return f"{ROOT}/{municipality}/configure"
