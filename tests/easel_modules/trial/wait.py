"""Wait: a step that takes its time, deaf or not, and leaves a mark in a file each time it starts and ends."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import log, progress


@module("Wait", columns=lambda table, **_: table)
def wait(table: Frame, *, seconds: float = 1.0, deaf: bool = False, ledger: str = "") -> Frame:
    """Wait, then give the table on.

    Args:
        table: Any table.
        seconds: How long.
        deaf: Hear no signal, as long work in C hears none.
        ledger: A file to append a line to at start and end.

    Returns:
        The same table.
    """
    _mark(ledger, f"start {os.getpid()}")
    log(f"waiting for {seconds} s")
    if deaf:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
        time.sleep(seconds)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR2})
    else:
        parts = max(1, int(seconds * 20))
        for part in range(parts):
            time.sleep(seconds / parts)
            progress(part + 1, parts, "waiting")
    _mark(ledger, f"end {os.getpid()}")
    return table


def _mark(ledger: str, line: str) -> None:
    if ledger:
        with Path(ledger).open("a") as file:
            file.write(line + "\n")
