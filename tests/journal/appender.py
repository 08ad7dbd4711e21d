"""A writer to be killed: appends for ever, and prints each sequence number once it is confirmed.

`python -m tests.journal.appender FILE`. Each append is two facts and one document of the same name,
so that a torn append can be seen.
"""

import asyncio
import sys
from pathlib import Path

from hub.journal.port import Document, Journal
from hub.journal.sqlite import open_writer
from tests.journal.labs import press

AT_ONCE = 20


async def append_for_ever(journal: Journal, worker: int, run: int) -> None:
    number = 0
    while True:
        number += 1
        name = f"{run}-{worker}-{number}"
        facts, document = [press(name), press(name)], Document("event", name, name.encode())
        print(await journal.append(facts, 1, [document]), flush=True)


async def main(path: Path) -> None:
    journal = open_writer(path, "solvik")
    run = journal.head()
    await asyncio.gather(*(append_for_ever(journal, each, run) for each in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
