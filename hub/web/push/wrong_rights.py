"""How many rights that cannot be used an address may send before it is told to wait. Good ones are
never held up: all phones of a care base may be behind one address, and so may a guest."""

from hub.web.lately import Lately
from routing.instant import MINUTE, Instant

WINDOW: Instant = 5 * MINUTE
MOST = 30
"""In the window, from one network address. A care base may have all its phones behind one."""
_ADDRESSES = 10_000


def wrong_rights() -> Lately:
    """Return what counts them by address."""
    return Lately(WINDOW, _ADDRESSES)
