"""Who may speak: users and passwords, from secrets. There is no default password."""

import hmac
from collections.abc import Mapping

Passwords = Mapping[str, str | None]
"""By user in small letters; None for a secret that is there and cannot be used."""


def believed(passwords: Passwords, user: str, password: str) -> bool:
    """Say whether the password is the user's."""
    known = passwords.get(user.casefold())
    return known is not None and hmac.compare_digest(known.encode(), password.encode())
