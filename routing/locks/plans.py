"""What configuration says about commands to locks. All numbers are proposals."""

import msgspec


class LockCare(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The municipality's way with locks."""

    wait_s: int = 30
    """How long the lock's answer is waited for. A command is begun in the first half of it, or
    not at all."""
    before_s: int = 900
    """So long before a visit's window its door can be opened ..."""
    after_s: int = 3600
    """... and so long after it."""
