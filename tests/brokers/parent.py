"""A hub to be killed: starts a broker, prints its process id, and waits.

`python -m tests.brokers.parent nats|mosquitto FOLDER`
"""

import asyncio
import sys
from pathlib import Path

from hub.brokers.choose import Choice, embedded


async def main(choice: Choice, folder: Path) -> None:
    broker = embedded(choice, folder=folder, accounts=[])
    await broker.start()
    print(broker.pid, flush=True)
    await broker.wait()


if __name__ == "__main__":
    asyncio.run(main(Choice(sys.argv[1]), Path(sys.argv[2])))
