"""The directory port: who may sign in, and who is signed in. See `hub.directory.sqlite`."""

from collections.abc import Callable
from typing import Protocol

from routing.instant import HOUR, MINUTE, Instant

CODE_LIFE: Instant = 15 * MINUTE
SESSION_LIFE: Instant = 14 * HOUR
"""Without any use. Longer than the longest shift with its handover; use renews it."""
RENEW_AFTER: Instant = 10 * MINUTE
"""Use renews a session no oftener than this, so that reading seldom writes."""
GUESS_WINDOW: Instant = 15 * MINUTE
GUESSES_PER_ADDRESS = 10
GUESSES_IN_ALL = 1000
"""A code has 40 bits: with 50 codes alive, a window of guesses hits once in 20 million."""


class DirectoryBroken(Exception):
    """The store cannot be used; the message says which file, why and what to do."""


class CodeWrong(Exception):
    """The code is unknown, used or older than 15 minutes; which of them is not told."""


class TooManyGuesses(Exception):
    """Too many wrong codes; `wait_s` seconds until the next may be tried."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many wrong codes; wait {wait_s} s")
        self.wait_s = wait_s


Keep = Callable[[str], bool]
"""Whether a person's session must not end now: on duty, or owner of an open alarm."""


class Directory(Protocol):
    """Codes and sessions, hashed at rest."""

    def issue_code(self, person: str, at: Instant) -> str:
        """Return a new one-time code `XXXX-XXXX` for the person."""

    def redeem(self, code: str, address: str, at: Instant) -> str:
        """Use a code up and return a session token.

        Takes some 50 ms of processor time on purpose. CodeWrong, or TooManyGuesses for this network
        address (or for all together).
        """

    def person_of(self, token: str, at: Instant, keep: Keep) -> str | None:
        """Return whose session it is, None when it is unknown, ended or expired."""

    def end_session(self, token: str) -> None:
        """Sign out. An unknown token is no error."""

    def end_sessions_of(self, person: str, until: Instant) -> None:
        """End what the person was given up to that instant: sessions and unused codes. For a lost
        phone, and for somebody who has left: who comes back under the id has sessions anew."""

    def close(self) -> None:
        """Let go of the store."""
