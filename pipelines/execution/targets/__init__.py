"""Execution targets: isolated environments for steps that do not run in the worker itself (docs/engineering/targets.md)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import Module
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Step
from pipelines.execution.fan import ItemEnd
from pipelines.execution.memory import step_bytes
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome
from pipelines.execution.store import Store
from pipelines.execution.targets.fan_order import FanOrder

GIB = 1024**3
HOUR = 3600.0
WAKE_SECONDS = 0.2


@dataclass(frozen=True)
class Limits:
    """The limits of an isolated step. A step that exceeds one is stopped with an error message."""

    memory_bytes: int = 4 * GIB
    seconds: float = HOUR
    disk_bytes: int = 8 * GIB
    processes: int = 128

    @classmethod
    def of(cls, seconds: float | None, memory_bytes: int | None) -> Limits:
        """Return the limits of a step; by default an hour, and half of this machine's memory up to 4 GB."""
        return cls(memory_bytes or min(cls.memory_bytes, step_bytes()), seconds or cls.seconds)


@dataclass(frozen=True)
class Job:
    """Everything a target needs to execute one step: input records, and the store that has them.

    `run` is for labels; `environments` is this machine's folder of sandbox environments. `fans` says which part of its fan-outs is executed, and `threads`
    how many its libraries use; None for as many as there are processors.
    """

    step: Step
    module: Module
    inputs: Mapping[str, Sequence[Output]]
    datasets: Mapping[str, Output]
    store: Store
    limits: Limits
    run: str = ""
    environments: Path | None = None
    fans: FanOrder = field(default_factory=FanOrder)
    threads: int | None = None

    @property
    def runs_code(self) -> bool:
        """Return whether the step runs user code, or loads what user code created."""
        return self.module.runs_code or any(
            output.by_code for outputs in (*self.inputs.values(), self.datasets.values()) for output in outputs
        )


class JobStopped(ModuleError):
    """The process of a job was stopped by a limit, or ended by itself: the reason is what it executed, not where."""


class ItemSink:
    """Receives the ends of items while a job goes on. This one ignores them."""

    def take(self, ends: Sequence[ItemEnd]) -> None:
        """Receive ends; called by the thread that listens to the job."""

    def commit(self) -> None:
        """Commit what was received; called several times a second by the thread that waits for the job."""


NO_ITEMS = ItemSink()


class Target(Protocol):
    """An isolated environment that executes steps."""

    def execute(self, job: Job, listener: Listener, sink: ItemSink = NO_ITEMS) -> Outcome:
        """Execute a step and save its outputs in the job's store; failures are returned in the outcome. Ends of items go to the sink.

        Raises:
            JobStopped: When its process was stopped by a limit, or ended by itself.
            ModuleError: When the job cannot be executed there.
            Damaged: When an input is missing or changed.
            Stopped: When the step was cancelled; none of its processes is left.
        """


def run_uninterrupted(work: Callable[[threading.Event], Outcome], meanwhile: Callable[[], None] = lambda: None) -> Outcome:
    """Run work that must clean up after itself in a thread, which a cancelled step's `Stopped` cannot interrupt.

    The work polls the event; once it is set, it ends everything that it started and returns. `meanwhile` is called several times a second, in this thread.

    Raises:
        Stopped: When the step was cancelled meanwhile, after the work has ended.
    """
    stopping, future = threading.Event(), Future[Outcome]()

    def run() -> None:
        try:
            future.set_result(work(stopping))
        except BaseException as wrong:
            future.set_exception(wrong)

    thread = threading.Thread(target=run)
    allowed = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # a thread is started, or it is not
            thread.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, allowed)
        while not future.done():  # an unbounded wait would not wake for a signal that another thread received while it was blocked here
            wait((future,), timeout=WAKE_SECONDS)
            meanwhile()
        return future.result()
    except BaseException:
        stopping.set()
        if thread.ident:
            thread.join()
        raise
