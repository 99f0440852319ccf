"""Climb: a step that counts to a number, keeps a checkpoint of each, and leaves a mark when it starts and where it starts from."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipelines.catalogue import checkpoint
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import progress


@module("Climb", columns=lambda table, **_: table)
def climb(table: Frame, *, to: int = 20, seconds: float = 0.1, ledger: str = "") -> Frame:
    """Count, then give the table on.

    Args:
        table: Any table.
        to: The last number.
        seconds: How long each takes.
        ledger: A file to append a line to at the start: a verb with the first number, and the process id.

    Returns:
        The same table.
    """
    kept = checkpoint.kept()
    start = int(kept.read_text()) if kept else 0
    with Path(ledger).open("a") as file:
        file.write(f"from-{start} {os.getpid()}\n")
    for number in range(start, to):
        time.sleep(seconds)
        progress(number + 1, to, "climbing")
        checkpoint.keep(lambda file, number=number: file.write_text(str(number + 1)))  # type: ignore[misc]
    return table
