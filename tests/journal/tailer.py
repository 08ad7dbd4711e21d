"""The web process in small: tails a journal it may only read, and prints each sequence number.

`python -m tests.journal.tailer FILE AFTER UNTIL`
"""

import asyncio
import sys
from pathlib import Path

from hub.journal.sqlite import open_reader


async def main(path: Path, after: int, until: int) -> None:
    reader = open_reader(path, "solvik")
    print("ready", flush=True)
    async for records in reader.tail(after):
        print(*(record.seq for record in records), flush=True)
        if records[-1].seq >= until:
            return


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
