"""Docker target: a container per step, without network or privileges; only its outputs and a small /tmp are writable."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import Listener
from pipelines.execution.memory import in_words
from pipelines.execution.step import Outcome
from pipelines.execution.targets import NO_ITEMS, ItemSink, Job, JobStopped, Limits, run_uninterrupted
from pipelines.execution.targets.docker_client import REMEDY, DockerUnavailable, Lines, engine, hardened, reap, running
from pipelines.execution.targets.images import has
from pipelines.execution.targets.item_ends import ItemEnds
from pipelines.execution.targets.job_folder import job_folder, read_outcome
from pipelines.execution.targets.limit_monitor import LESS_MEMORY, LimitMonitor
from pipelines.execution.targets.messages import MOST_NOTES, Last, Take, listen
from pipelines.execution.targets.sandbox import packages

if TYPE_CHECKING:
    from docker import DockerClient

Said = Iterator[tuple[bytes | None, bytes | None]]

PLACE = "/job"
CODE = "/easel"
COMMAND = ["python3", "-m", "pipelines.execution.targets.job", PLACE]
NOBODY = "65534:65534"
MANY = 2**20
LIMITS = {"MemoryLimit": "memory", "PidsLimit": "processes", "CpuCfsQuota": "processors"}
ELSEWHERE = 0  # pid for the monitor: the engine counts a container's processes, and may be on another machine


@dataclass(frozen=True)
class Docker:
    """Containers of the worker's Docker engine, from an image that has Easel's dependencies."""

    image: str

    def execute(self, job: Job, listener: Listener, sink: ItemSink = NO_ITEMS) -> Outcome:
        return run_uninterrupted(lambda stopping: self._reach(job, listener, sink, stopping), sink.commit)

    def _reach(self, job: Job, listener: Listener, sink: ItemSink, stopping: threading.Event) -> Outcome:
        try:
            reap()
            with engine() as client:
                _require_limits(client.info())
                if not has(client, self.image):
                    raise ModuleError(
                        "no_image",
                        f"The Docker engine of this worker does not have the image {self.image}.",
                        remedy="Build the environment on the Team page; for the base image, run `manage.py base_image` on the machine of the worker.",
                    )
                return self._execute(client, job, listener, sink, stopping)
        except DockerUnavailable as fault:
            raise ModuleError(
                "no_docker",
                str(fault),
                remedy=f"{REMEDY} Or change “Run on”.",
            ) from fault

    def _execute(self, client: DockerClient, job: Job, listener: Listener, sink: ItemSink, stopping: threading.Event) -> Outcome:
        # The kernel counts a user's processes over all containers; the engine counts those of each container.
        uncounted = replace(job, limits=replace(job.limits, processes=MANY))
        with job_folder(uncounted) as folder:
            guard = StopCondition(LimitMonitor(ELSEWHERE, job.limits, folder / "outputs"), stopping)
            labels = {"easel.run": job.run, "easel.step": job.step.node}
            with running(client, self.image, COMMAND, guard.wants_end, labels=labels, **_options(folder, job.limits)) as (container, said):
                end = _listen(said, listener, guard, ItemEnds(job, folder / "outputs", sink).take)
                code = container.wait()["StatusCode"]
                container.reload()
                if end is None and not guard.found:
                    guard.found = _out_of_memory(job.limits) if container.attrs["State"]["OOMKilled"] else _ended_early(code)
            if stopping.is_set():
                return Outcome()  # discarded
            if end is None:
                assert guard.found
                raise guard.found
            return read_outcome(job, folder, end)


def _require_limits(facts: Mapping[str, Any]) -> None:
    """Check that limits are enforced: an engine on a system without them accepts and ignores them.

    Raises:
        ModuleError: When one is not.
    """
    if missing := [words for fact, words in LIMITS.items() if not facts.get(fact)]:
        raise ModuleError(
            "no_limits",
            f"The Docker engine cannot enforce limits of {' and '.join(missing)}.",
            remedy="Enable the control groups memory, pids and cpu for it, or change “Run on”.",
        )


class StopCondition:
    """Decides whether a container must be stopped early, and why; the first reason stays."""

    def __init__(self, watch: LimitMonitor, stopping: threading.Event) -> None:
        self._watch, self._stopping = watch, stopping
        self.found: ModuleError | None = None
        self.done = False

    def wants_end(self) -> bool:
        """Return whether it must be stopped now."""
        try:
            self._watch.sample()
        except ModuleError as over:
            self.found = self.found or over
        return self.done or self._stopping.is_set() or self.found is not None


def _listen(said: Said, listener: Listener, guard: StopCondition, take: Take) -> Last | None:
    """Forward messages and printed lines until the container ends; returns the final message, if there was one."""
    printed = ContainerLog(listener)
    end = None
    try:
        end = listen(printed.beside(said), listener, take)
    except ModuleError as wrong:
        guard.found = guard.found or wrong
    guard.done = True  # it ends by itself now, or is killed at the next check
    for _ in printed.beside(said):
        pass
    printed.close()
    return end


class ContainerLog:
    """Printed output of a step as lines of its log, up to the log's maximum."""

    def __init__(self, listener: Listener) -> None:
        self._listener, self._lines, self._told = listener, Lines(), 0

    def beside(self, said: Said) -> Iterator[bytes]:
        """Yield the messages of a stream; printed output goes to the log."""
        for message, printed in said:
            self._tell(self._lines.of(printed))
            if message:
                yield message

    def close(self) -> None:
        """Log what follows the last complete line."""
        self._tell(self._lines.last())

    def _tell(self, lines: list[str]) -> None:
        for line in lines:
            self._told += 1
            if self._told <= MOST_NOTES + 1:  # one line too many makes the log report that lines are left out
                self._listener.log(line[:2000], "info")


def _options(folder: Path, limits: Limits) -> dict[str, Any]:
    from docker.types import Mount

    root = os.getuid() == 0
    if root:
        os.chown(folder / "outputs", *map(int, NOBODY.split(":")))
    cpus = max(1, (os.cpu_count() or 1) // 2)  # so that the worker, the database and other steps keep running
    code = [Mount(f"{CODE}/{place.relative_to(parent)}", str(place), type="bind", read_only=True) for parent, place in packages()]
    return hardened(limits.memory_bytes, limits.processes * 8, cpus) | {  # as many threads
        "user": NOBODY if root else f"{os.getuid()}:{os.getgid()}",  # else the worker could not collect the outputs
        "read_only": True,
        "tmpfs": {"/tmp": f"size={limits.memory_bytes // 4},mode=1777"},
        "working_dir": "/tmp",
        "mounts": [
            *code,
            Mount(PLACE, str(folder), type="bind", read_only=True),
            Mount(f"{PLACE}/outputs", str(folder / "outputs"), type="bind"),
        ],
        "environment": {
            "PYTHONPATH": CODE,
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "EASEL_MODULES": os.environ.get("EASEL_MODULES", ""),
            "OMP_NUM_THREADS": str(cpus),
            "POLARS_MAX_THREADS": str(cpus),
        },
    }


def _out_of_memory(limits: Limits) -> JobStopped:
    return JobStopped(
        "out_of_memory",
        f"The step exceeded its memory limit of {in_words(limits.memory_bytes)} and was stopped.",
        remedy=LESS_MEMORY,
    )


def _ended_early(code: int) -> JobStopped:
    known = {signal.value + 128: signal.name for signal in signal.Signals}
    return JobStopped(
        "ended_early",
        f"The process of the step ended unexpectedly ({known.get(code, f'exit code {code}')}).",
        remedy="See the end of the log of the step, and check for code that exits or crashes the process.",
    )
