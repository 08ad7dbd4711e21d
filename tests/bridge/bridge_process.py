"""The bridge with the test sessions as a process of its own, to be killed: `PORT KEPT_DIR`."""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from adapters.bridge.run import Bound, run
from adapters.bridge.settings import (
    Address,
    BridgeSettings,
    Endpoint,
    RequestListener,
    TopicListener,
    WireListener,
)
from tests.bridge.rig import MUNICIPALITY
from tests.bridge.sessions import LineSession, RequestLines, TopicLines


def settings(broker: Endpoint, kept_dir: Path) -> BridgeSettings:
    """Return one listener of each shape, all on ports that the system chooses."""
    local = Address("127.0.0.1", 0)
    return BridgeSettings(
        municipality=MUNICIPALITY,
        hub=broker,
        kept_dir=kept_dir,
        wires=(WireListener("alarm", LineSession, udp=local, tcp=local),),
        topics=(TopicListener("zigbee", TopicLines(), broker),),
        requests=(RequestListener("medication", RequestLines()),),
        http=local,
    )


async def _main(port: str, kept_dir: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    def ready(bound: Bound) -> None:
        print(json.dumps(bound), flush=True)

    bridge = settings(Endpoint("127.0.0.1", int(port)), Path(kept_dir))
    await run(bridge, stop, ready, now=lambda: time.time_ns() // 1000)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
