"""How far history is, asked by who cuts the journal behind it."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from hub.history.sqlite import NoHistory, WrongHistory, open_history
from hub.journal.port import Cursor

log = logging.getLogger(__name__)


def position(path: Path, municipality: str) -> Cursor:
    """Return the last record that history has taken up; 0, so that nothing is cut, where there is
    none or where it cannot be read: alarms go on without it."""
    try:
        with closing(open_history(path, municipality)) as history:
            return history.position
    except NoHistory:
        return 0
    except (WrongHistory, sqlite3.Error) as error:
        log.error("the journal is not cut: %s", error)
        return 0
