"""Where a step is carried out when not in the worker itself: in a closed place of its own (docs/engineering/targets.md)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipelines.catalogue.module import Module
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Step
from pipelines.execution.memory import step_bytes
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome
from pipelines.execution.store import Store

GIB = 1024**3
HOUR = 3600.0
WAKE_SECONDS = 0.2


@dataclass(frozen=True)
class Limits:
    """What a step may take in a closed place. Whoever takes more is ended, with a sentence."""

    memory_bytes: int = 4 * GIB
    seconds: float = HOUR
    disk_bytes: int = 8 * GIB
    processes: int = 128

    @classmethod
    def of(cls, seconds: float | None, memory_bytes: int | None) -> Limits:
        """The limits of a step by what it may take; where nothing is said, an hour and half of this machine's memory, at most 4 GB."""
        return cls(memory_bytes or min(cls.memory_bytes, step_bytes()), seconds or cls.seconds)


@dataclass(frozen=True)
class Job:
    """All that a target needs to execute one step: records of what goes in, and the store where they are kept.

    `run` is for labels; `environments` is the directory of this machine's environments for the sandbox.
    """

    step: Step
    module: Module
    inputs: Mapping[str, Sequence[Output]]
    datasets: Mapping[str, Output]
    store: Store
    limits: Limits
    run: str = ""
    environments: Path | None = None

    @property
    def runs_code(self) -> bool:
        """Whether people's code runs in it, or what people's code left is loaded."""
        return self.module.runs_code or any(output.by_code for outputs in self.inputs.values() for output in outputs)


class Target(Protocol):
    """A closed place to carry out steps."""

    def carry_out(self, job: Job, listener: Listener) -> Outcome:
        """Carry a step out and keep what it makes in the job's store; whatever goes wrong is told in the outcome.

        Raises:
            Damaged: When an input is gone or changed.
            Stopped: When the step was cancelled; nothing of it runs any more.
        """


def unbroken(work: Callable[[threading.Event], Outcome]) -> Outcome:
    """Do work that must clean up after itself in a thread of its own, which a cancelled step's `Stopped` cannot interrupt.

    The work looks at the event now and then; once it is set, it ends all that it started and returns.

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
        while not future.done():  # a signal that another thread took while it was blocked here wakes no wait without an end
            wait((future,), timeout=WAKE_SECONDS)
        return future.result()
    except BaseException:
        stopping.set()
        if thread.ident:
            thread.join()
        raise
