"""The municipality's numbers, and what the rules share."""

from routing.plans import Correlation
from routing.state import Registry

HUB = "hub"
"""The `adapter` of events that the core itself makes when a watch falls due."""
_PROPOSED = Correlation()


def settings(registry: Registry) -> Correlation:
    """Return the configured numbers; the proposed ones as long as nothing is configured."""
    one = registry.municipality
    return _PROPOSED if one is None else one.correlation
