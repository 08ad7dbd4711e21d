"""What happens when a session raises, which its contract forbids: the process ends, loudly.

Sessions are fuzzed against bad input, so an exception out of one is a defect that no peer should
be able to cause. Going on with a half-changed session could answer a device wrongly; ending the
process is safe, because no unconfirmed event has been answered and every device sends again. The
report names the place in the code, never the message of the exception: that may quote a payload.
"""

import asyncio
import logging
import traceback
from types import TracebackType

log = logging.getLogger(__name__)


class SessionBroken(Exception):
    """A listener's session raised. This is a defect in Varde, not in the device."""

    def __init__(self, listener: str, kind: str) -> None:
        super().__init__(f"the session of listener {listener!r} raised {kind}; see the log")


class Crash:
    """Where a broken session is noticed by whoever runs the bridge."""

    def __init__(self) -> None:
        self._future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def guard(self, listener: str) -> "Guard":
        """Return a context for a session's code; SessionBroken when it raises."""
        return Guard(listener, self._future)

    async def wait(self) -> None:
        """Return never; raise SessionBroken when a session has raised."""
        await self._future


class Guard:
    """Turns any exception of the code inside into the end of the process."""

    def __init__(self, listener: str, broken: asyncio.Future[None]) -> None:
        self._listener = listener
        self._broken = broken

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception):
            return
        name = type(error).__name__
        frames = "".join(traceback.format_tb(trace))
        log.critical("listener %s: %s out of its session\n%s", self._listener, name, frames)
        broken = SessionBroken(self._listener, name)
        if not self._broken.done():
            self._broken.set_exception(broken)
        raise broken from None
