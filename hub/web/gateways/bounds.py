"""How often somebody is answered by SMS, and how often callbacks may fail before IT is told.

Two machines that answer each other's texts would do so for ever, at the municipality's cost."""

from routing.instant import HOUR, Instant

WINDOW: Instant = HOUR
MOST_KNOWN = 5_000
ANSWERS_PER_HOUR = 30
"""To one number, where its replies are understood."""
UNCLEAR_PER_HOUR = 3
"""To one number, where they are not: an answering machine never is."""
UNREADABLE_PER_HOUR = 20
"""So many callbacks of a gateway that cannot be read are kept: it tells each of them again, and
what is kept has its bound."""
FORGED_PER_HOUR = 20
"""So many callbacks of a gateway in an hour that prove nothing are told to IT."""
