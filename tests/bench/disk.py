"""How long this disk takes to make one small write durable."""

import os
import time
from pathlib import Path
from statistics import median

WRITES = 200
OCTETS = 4096


def fsync_ms(folder: Path) -> float:
    """Return the median of appending 4 KiB and fdatasync."""
    path = folder / "fsync"
    took = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(WRITES):
            began = time.perf_counter()
            os.write(descriptor, bytes(OCTETS))
            os.fdatasync(descriptor)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return median(took)
