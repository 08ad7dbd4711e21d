"""Failpoints for crash tests: VARDE_FAILPOINT=after-commit:N kills this process with SIGKILL at the
N-th commit, before any of its effects. Nothing is done where the variable is not set."""

import os
import signal
from collections.abc import Mapping
from itertools import count

VARIABLE = "VARDE_FAILPOINT"
AFTER_COMMIT = "after-commit"


class Failpoint:
    """Counts commits, and dies at the one that was asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        where, _, number = environ.get(VARIABLE, "").partition(":")
        self._at = int(number) if where == AFTER_COMMIT else None
        self._commits = count(1)

    def committed(self) -> None:
        """Die here, if this is the commit."""
        if self._at is not None and next(self._commits) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)
