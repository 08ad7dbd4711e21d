"""The HTTP server's own log, without what peers sent: it would quote their requests."""

import logging

_EVERY_S = 60


def server_log(name: str) -> logging.Logger:
    """Return a logger whose records say only what kind of fault it was, at most once a minute."""
    log = logging.getLogger(f"{__name__}.{name}")
    log.filters = [_NoContent()]
    return log


class _NoContent(logging.Filter):
    """Replaces the text of a record, and counts those that are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created < self._quiet_until:
            self._left_out += 1
            return False
        fault = record.exc_info[0] if record.exc_info else None
        what = fault.__name__ if fault else "an error"
        record.msg = "HTTP requests that could not be read or served: %s, and %d before it"
        record.args = (what, self._left_out)
        record.exc_info = record.exc_text = record.stack_info = None
        self._quiet_until, self._left_out = record.created + _EVERY_S, 0
        return True
