"""A hub to be killed: receives, prints each payload, and never acknowledges.

`python -m tests.brokers.receiver PORT CLIENT_ID FILTER`; the password is in the environment.
"""

import asyncio
import os
import sys
from collections.abc import Sequence

from hub.mqtt import Arrived, Login, ManualAckSession


def show(burst: Sequence[Arrived]) -> None:
    for message in burst:
        print(message.payload.decode(), flush=True)


async def main(port: int, client_id: str, topic: str) -> None:
    login = Login("127.0.0.1", port, "hub", os.environ["VARDE_TEST_PASSWORD"])
    session = ManualAckSession(login, client_id, [topic], on_messages=show)
    await session.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
