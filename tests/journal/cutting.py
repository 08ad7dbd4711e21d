"""A writer to be killed while it cuts: appends, keeps checkpoints and removes for ever, and prints
the head and the start that it was promised.

`python -m tests.journal.cutting FILE`. Each event is its own, so that a state counts them all.
"""

import asyncio
import sys
from pathlib import Path

from hub.journal.port import Checkpoint, Journal
from hub.journal.resume import resume
from hub.journal.sqlite import open_writer
from hub.router.keeper import Keeper
from routing.evolve import evolve
from tests.journal.labs import press

ROWS = 7


async def live(journal: Journal) -> None:
    state = resume(journal).state
    keeper = Keeper(journal, state, lambda: 1)
    head = journal.head()
    while True:
        await journal.append([press(f"{head}-{n}") for n in range(10)], 1)
        for record in journal.read(head):
            evolve(state, record)
        head = journal.head()
        await keeper.keep()
        both = [journal.load_checkpoint(name) for name in ("state", "state.before")]
        kept = [one.seq for one in both if isinstance(one, Checkpoint)]
        until = min(kept) - 1 if len(kept) == 2 else 0
        if until > journal.start():
            cut = journal.remove(until, ROWS)
            head = await journal.append([press(f"beside-{head}")], 1)
            evolve(state, journal.read(head - 1)[0])
            await cut
        print(head, journal.start(), flush=True)


async def main(path: Path) -> None:
    await live(open_writer(path, "solvik"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
