"""The web process in small: notes when each record of a journal is seen.

`python -m tests.bench.tailer FILE COUNT` prints `ready`, then a JSON list of monotonic ns.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from hub.journal.sqlite import open_reader


async def main(path: Path, count: int) -> None:
    reader = open_reader(path, "bench")
    print("ready", flush=True)
    seen: list[int] = []
    async for records in reader.tail(0):
        seen += [time.monotonic_ns()] * len(records)
        if len(seen) >= count:
            break
    print(json.dumps(seen[:count]), flush=True)
    reader.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
