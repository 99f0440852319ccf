"""Tally: a step whose number depends on every step before it, and which writes each of its calls down in a file."""

from __future__ import annotations

import os
import signal
import time
from uuid import uuid4

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame

MODULUS = 2**61 - 1


@module("Tally", columns=lambda *_, **__: None)
def tally(*tables: Frame, salt: int = 1, seconds: float = 0.0, deaf: bool = False, ledger: str = "", mark: str = "") -> Frame:
    """Add up the totals of several tables, each weighted by its place.

    Args:
        tables: Tables with a column "total".
        salt: A number to add.
        seconds: How long to wait first.
        deaf: Hear no signal while waiting, as long work in C hears none.
        ledger: A file to append a line to at start and end.
        mark: What to call this step in the file.

    Returns:
        One row: the total, and the id of the call that made it.
    """
    if any("total" not in table.columns for table in tables):
        raise ModuleError("no_total", "Only tallies can be added up.", port="tables")
    call = uuid4().hex
    write_down(ledger, "start", mark, call)
    wait(seconds, deaf=deaf)
    total = weigh(salt, [int(table["total"][0]) for table in tables])
    write_down(ledger, "end", mark, call)
    return pl.DataFrame({"total": [total], "call": [call]})


def wait(seconds: float, *, deaf: bool) -> None:
    """Wait, and hear no signal meanwhile if deaf."""
    if deaf:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    time.sleep(seconds)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR2})


def weigh(salt: int, totals: list[int]) -> int:
    """The number that a tally of these totals gives."""
    return (salt + sum(place * total for place, total in enumerate(totals, 2))) % MODULUS


def write_down(ledger: str, verb: str, mark: str, call: str) -> None:
    """Append a line about a call to the ledger file, if there is one."""
    if ledger:  # one write of one line, so that many processes may append
        file = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(file, f"{verb} {mark} {call} {os.getpid()} {time.time():.6f}\n".encode())
        os.close(file)
