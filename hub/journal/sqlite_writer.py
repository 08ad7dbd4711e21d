"""The one thread that writes a SQLite journal: group commit of whatever has queued.

While one commit syncs, the next appends queue; then they are committed together. So a single append
waits for nobody and a flood shares its syncs, without any timed window. A commit is one statement
unless it is large: sqlite3 gives up Python's interpreter lock several times in each, and getting it
back from a busy loop takes up to a switch interval. Python's 5 ms would make a commit beside a loop
at full load last hundreds of milliseconds; with 0.5 ms it was 2.5 ms at the median.
"""

import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain

from hub.journal.appends import Job, Removal
from hub.journal.lease import LASTS
from hub.journal.port import AnotherWriter, JournalBroken
from hub.journal.sqlite_file import STATEMENT_ROWS, UNSAFE

SWITCH_S = 0.0005
"""The process's switch interval while it writes a journal, unless it is shorter already."""

Settle = Callable[[Sequence[Job], JournalBroken | None], None]
_Write = tuple[str, object, str, int | None, int | None, bytes | None]
"""A row of the view `writes`: what, key, name, at, number, body."""

_ADVICE = "the hub must end and replay; look at the disk (space, errors) before starting it again"


class Writer:
    """Commits jobs on its own thread, and settles each commit with one call on the jobs' loop."""

    def __init__(self, db: sqlite3.Connection, settle: Settle, token: int) -> None:
        self._db = db
        self._lease: _Write = ("lease", None, "", None, token, None)
        self._settle = settle
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._broken: JournalBroken | None = None
        self._erased = False

    def start(self) -> None:
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job; bounded by the runner, which has a few batches under way at a time."""
        self._queue.put(job)

    def stop(self) -> None:
        """Commit what is queued, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while taken := self._take():
            if jobs := [job for job in taken if job.remove is None]:
                self._guard(lambda jobs=jobs: self._commit(jobs))  # type: ignore[misc]
                self._tell(jobs)
            for job in taken:
                if job.remove is not None:
                    self._guard(lambda removal=job.remove: self._remove(removal))  # type: ignore[misc]
                    self._tell([job])
            if self._erased:
                self._guard(self._scrub)

    def _take(self) -> list[Job]:
        """Wait for a job, then take all that have queued; none when the writer is to stop."""
        taken = [self._queue.get()]
        taken += [self._queue.get() for _ in range(self._queue.qsize())]
        if None in taken and taken[0] is not None:
            self._queue.put(None)
        return [job for job in taken if job is not None]

    def _guard(self, action: Callable[[], None]) -> None:
        """Do it unless something failed before; whatever fails, those who wait must hear of it."""
        if self._broken is not None:
            return
        try:
            action()
        except JournalBroken as error:
            self._broken = error
        except sqlite3.IntegrityError as error:
            self._broken = AnotherWriter(f"somebody else wrote to this journal ({error}): stop one")
        except Exception as error:  # noqa: BLE001 a dead thread would leave its callers waiting
            self._broken = JournalBroken(f"the commit failed ({error}); {_ADVICE}")

    def _commit(self, jobs: Sequence[Job]) -> None:
        writes = [self._lease, *(write for job in jobs for write in _writes(job))]
        with self._db:  # commits or rolls back what BEGIN opened
            if len(writes) > STATEMENT_ROWS:
                self._db.execute("BEGIN IMMEDIATE")
            for first in range(0, len(writes), STATEMENT_ROWS):
                part = writes[first : first + STATEMENT_ROWS]
                self._db.execute(_insert(len(part)), list(chain.from_iterable(part)))
        self._erased |= any(document.body is None for job in jobs for document in job.documents)

    def _remove(self, removal: Removal) -> None:
        """One statement, and so a commit of its own that a kill leaves done or undone."""
        first = self._db.execute("SELECT min(seq) FROM facts").fetchone()[0]
        last = min(removal.upto, first + removal.limit - 1)
        writes = (*self._lease, "removal", None, None, None, last, None)
        try:
            self._db.execute(_insert(2), writes)
        except sqlite3.IntegrityError as error:
            if str(error) != UNSAFE:
                raise
            raise JournalBroken(f"records up to {last} cannot be removed: {error}") from error

    def _tell(self, jobs: Sequence[Job]) -> None:
        loop = jobs[0].future.get_loop()
        try:
            loop.call_soon_threadsafe(self._settle, jobs, self._broken)
        except RuntimeError:
            if not loop.is_closed():
                raise

    def _scrub(self) -> None:
        """Empty the log of what was erased; when a reader is in the way, after the next commit."""
        self._db.execute("PRAGMA busy_timeout = 0")
        busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        self._db.execute("PRAGMA busy_timeout = 5000")
        self._erased = bool(busy)


def _writes(job: Job) -> Iterator[_Write]:
    for row in job.rows:
        yield "fact", row.seq, row.tag, row.recorded_at, row.version, row.body
    for document in job.documents:
        yield "document", document.kind, document.id, None, None, document.body
    if job.renew:
        yield "renewal", None, "", None, LASTS, None
    if job.checkpoint is not None:
        yield "checkpoint", None, job.checkpoint.name, None, job.checkpoint.seq, job.checkpoint.body


@cache
def _insert(rows: int) -> str:
    return f"INSERT INTO writes VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * rows)}"
