"""The one thread that writes a SQLite journal: group commit of whatever has queued.

While one commit syncs, the next appends queue; then they are committed together. So a single append
waits for nobody and a flood shares its syncs, without any timed window. What would hold them up, a
removal or a large checkpoint, goes in between, a commit at a time. A commit is one statement
unless it is large: sqlite3 gives up Python's interpreter lock several times in each, and getting it
back from a busy loop takes up to a switch interval. Python's 5 ms would make a commit beside a loop
at full load last hundreds of milliseconds; with 0.5 ms it was 2.5 ms at the median.
"""

import queue
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain

from hub.journal.appends import Job, Removal
from hub.journal.lease import LASTS
from hub.journal.port import AnotherWriter, JournalBroken
from hub.journal.sqlite_file import STATEMENT_ROWS, UNSAFE
from hub.journal.sqlite_saving import Write, in_parts, is_large, whole

SWITCH_S = 0.0005
"""The process's switch interval while it writes a journal, unless it is shorter already."""

Settle = Callable[[Sequence[Job], JournalBroken | None], None]
_ADVICE = "the hub must end and replay; look at the disk (space, errors) before starting it again"


class Writer:
    """Commits jobs on its own thread, and settles each commit with one call on the jobs' loop."""

    def __init__(self, db: sqlite3.Connection, settle: Settle, token: int) -> None:
        self._db = db
        self._lease: Write = ("lease", None, "", None, token, None)
        self._settle = settle
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)
        self._broken: JournalBroken | None = None
        self._erased = False
        self._stopping = False
        self._aside: deque[tuple[Job, Iterator[bool]]] = deque()
        """Jobs with commits of their own, the first of them under way."""

    def start(self) -> None:
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queue a job; bounded by the runner, which has a few batches under way at a time."""
        self._queue.put(job)

    def stop(self) -> None:
        """Commit what is queued, all of it, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while self._aside or not self._stopping:
            self._sort(self._take())
            if self._aside:
                self._step_aside()
            if self._erased:
                self._guard(self._scrub)

    def _take(self) -> list[Job]:
        """Take all that have queued; wait for one when there is nothing else to do."""
        taken = [] if self._aside else [self._queue.get()]
        taken += [self._queue.get() for _ in range(self._queue.qsize())]
        self._stopping |= None in taken
        return [job for job in taken if job is not None]

    def _sort(self, taken: Sequence[Job]) -> None:
        """Commit together what can be; the others wait for their turns."""
        together = []
        for job in taken:
            if self._is_slow(job):
                self._aside.append((job, self._steps(job)))
            else:
                together.append(job)
        if together:
            self._guard(lambda: self._commit(together))
            self._tell(together)

    def _is_slow(self, job: Job) -> bool:
        """Whether it would hold the others up; what may not overtake such a one counts too."""
        if job.checkpoint is None:
            return job.remove is not None
        return is_large(job.checkpoint) or bool(self._aside)

    def _step_aside(self) -> None:
        """Do one commit of the first job that has commits of its own; tell when it has ended."""
        job, steps = self._aside[0]
        if not self._guard(lambda: next(steps, False)):
            self._aside.popleft()
            self._tell([job])

    def _steps(self, job: Job) -> Iterator[bool]:
        """Do the commits of a job, one for each item."""
        if job.remove is not None:
            self._remove(job.remove)
            yield True
        if job.checkpoint is not None:
            for part in in_parts(job.checkpoint, self._db):
                self._db.execute(_insert(2), (*self._lease, *part))
                yield True

    def _guard(self, action: Callable[[], bool | None]) -> bool | None:
        """Do it unless something failed before; whatever fails, those who wait must hear of it."""
        if self._broken is not None:
            return None
        try:
            return action()
        except JournalBroken as error:
            self._broken = error
        except sqlite3.IntegrityError as error:
            self._broken = AnotherWriter(f"somebody else wrote to this journal ({error}): stop one")
        except Exception as error:  # noqa: BLE001 a dead thread would leave its callers waiting
            self._broken = JournalBroken(f"the commit failed ({error}); {_ADVICE}")
        return None

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


def _writes(job: Job) -> Iterator[Write]:
    for row in job.rows:
        yield "fact", row.seq, row.tag, row.recorded_at, row.version, row.body
    for document in job.documents:
        yield "document", document.kind, document.id, None, None, document.body
    if job.renew:
        yield "renewal", None, "", None, LASTS, None
    if job.checkpoint is not None:
        yield whole(job.checkpoint)


@cache
def _insert(rows: int) -> str:
    return f"INSERT INTO writes VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * rows)}"
