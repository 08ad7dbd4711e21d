"""How long a receipt is waited for."""

from routing.plans import RECEIPT_BY_KIND_S, Paging, Waits
from routing.state import Registry

_PROPOSED = Paging()
_AS_ALL = Waits()


def paging(registry: Registry) -> Paging:
    """Return the municipality's numbers; the proposed ones while nothing is configured."""
    return _PROPOSED if registry.municipality is None else registry.municipality.paging


def own_waits(registry: Registry, person: str, channel: str) -> Waits:
    """Return what a person's channel says of its waits."""
    known = registry.people.get(person)
    return _AS_ALL if known is None else known.waits.get(channel, _AS_ALL)


def receipt_s(registry: Registry, person: str, channel: str) -> int:
    """Return how long a receipt of the channel is waited for: as it says itself, else as its kind
    does here, else as the kind usually does."""
    own = own_waits(registry, person, channel).receipt_s
    if own is not None:
        return own
    here, kind = paging(registry), channel.rpartition("-")[0]
    usual_s = RECEIPT_BY_KIND_S.get(kind, here.receipt_s)
    return here.receipt_by_channel_s.get(kind, usual_s)
