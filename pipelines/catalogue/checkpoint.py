"""Checkpoints: what long work keeps of itself, so that a step that is stopped or killed continues where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol

from pipelines.catalogue.reporting import log

FAULTS = (OSError, RuntimeError)  # of a disk, and what torch makes of them


class Keeper(Protocol):
    """Keeps one file for a step, which every attempt with the same source, settings and inputs finds again."""

    def kept(self) -> Path | None: ...
    def keep(self, write: Callable[[Path], object]) -> None: ...


_keeper: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def kept_by(keeper: Keeper | None) -> Iterator[None]:
    """Keep checkpoints inside the context with a keeper."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def kept() -> Path | None:
    """Return the file of the last checkpoint of this work; None without one. After a power failure it may be cut off."""
    keeper = _keeper.get()
    return keeper.kept() if keeper else None


def keep(write: Callable[[Path], object]) -> None:
    """Replace the checkpoint by the file that `write` writes; without a keeper nothing is written.

    A result must not depend on whether it was computed from a checkpoint. So a checkpoint that cannot be written, such as on a full disk, only costs
    the time of another attempt: the log says so, and the work continues.
    """
    keeper = _keeper.get()
    if keeper is None:
        return
    try:
        keeper.keep(write)
    except FAULTS as fault:
        log(
            f"No checkpoint was written ({' '.join(str(fault).split())[:200]}); if the step is stopped, it starts from an earlier one.",
            "warning",
        )
