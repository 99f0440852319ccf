"""Hoard: a step that takes memory and keeps it for a while."""

from __future__ import annotations

import time

from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.ports import Frame


@module("Hoard", columns=PROBE)
def hoard(table: Frame, *, megabytes: int = 100, seconds: float = 5.0) -> Frame:
    """Take memory, a little at a time, then give the table on.

    Args:
        table: Any table.
        megabytes: How much in all.
        seconds: Over how long.

    Returns:
        The same table.
    """
    held = []
    for _ in range(megabytes):
        held.append(bytearray(b"x" * 1024**2))
        time.sleep(seconds / megabytes)
    return table
