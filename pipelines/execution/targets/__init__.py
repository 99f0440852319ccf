"""Where a step is carried out: in the worker itself, or in a closed place of its own (docs/engineering/targets.md)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from pipelines.catalogue.module import Module
from pipelines.catalogue.telling import Listener
from pipelines.compilation import Step
from pipelines.execution.codecs import Value
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome, carry_out
from pipelines.execution.store import Store

GIB = 1024**3
HOUR = 3600.0


@dataclass(frozen=True)
class Limits:
    """What a step may take in a closed place. Whoever takes more is ended, with a sentence."""

    memory_bytes: int = 4 * GIB
    seconds: float = HOUR
    disk_bytes: int = 8 * GIB
    processes: int = 128

    @classmethod
    def of(cls, execution: Mapping[str, Any], run: Mapping[str, Any]) -> Limits:
        """The limits of a node: its own, within those of its run."""
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = int(execution["memory_mb"]) * 1024**2 if "memory_mb" in execution else min(cls.memory_bytes, machine // 2)
        seconds = float(execution.get("timeout_seconds", cls.seconds))
        return cls(min(memory, run.get("step_memory_bytes") or memory), min(seconds, run.get("step_seconds") or seconds))


@dataclass(frozen=True)
class Job:
    """All that a target needs to carry out one step: records of what goes in, and the store where they are kept; `run` is for labels."""

    step: Step
    module: Module
    inputs: Mapping[str, Sequence[Output]]
    datasets: Mapping[str, Output]
    store: Store
    limits: Limits
    run: str = ""


class Target(Protocol):
    """A place to carry out steps."""

    def carry_out(self, job: Job, listener: Listener) -> Outcome:
        """Carry a step out and keep what it makes in the job's store; whatever goes wrong is told in the outcome.

        Raises:
            Damaged: When an input is gone or changed.
            Stopped: When the step was cancelled; nothing of it runs any more.
        """


@dataclass(frozen=True)
class Worker:
    """The worker itself: no walls, no start, values stay in memory. `load` gives the value of a record."""

    load: Callable[[Output], Value]

    def carry_out(self, job: Job, listener: Listener) -> Outcome:
        inputs = {port: [self.load(output) for output in outputs] for port, outputs in job.inputs.items()}
        datasets: dict[str, Any] = {name: self.load(output) for name, output in job.datasets.items()}
        return carry_out(job.step, job.module, inputs, datasets, job.store, listener)


def unbroken(work: Callable[[threading.Event], Outcome]) -> Outcome:
    """Do work that must clean up after itself in a thread of its own, which a cancelled step's `Stopped` cannot interrupt.

    The work looks at the event now and then; once it is set, it ends all that it started and returns.

    Raises:
        Stopped: When the step was cancelled meanwhile, after the work has ended.
    """
    stopping = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(work, stopping).result()
        except BaseException:
            stopping.set()
            raise
