"""The isolated process: `python -m pipelines.execution.targets.job FOLDER [PACKAGES]` executes the job in the folder.

A folder without a job is that of a warm process: it executes orders that it reads from its standard input, one after another (`warm.py`).
PACKAGES is a directory of further packages, appended to the path: none of them replaces a package of Easel's.
This code is trusted until the module's function is called, and nothing of it from then on: the limits are set before.
"""

from __future__ import annotations

import os
import resource
import signal
import site
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from pipelines.catalogue.allowance import memory_allowed
from pipelines.catalogue.discover import catalogue, find
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.fan_out import FanOut
from pipelines.catalogue.isolation import enter_isolation
from pipelines.catalogue.reporting import Figures, Level
from pipelines.compilation import Step
from pipelines.execution.codecs import load
from pipelines.execution.fan import ItemEnd
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome, unexpected_error
from pipelines.execution.store import Damaged, LocalStore
from pipelines.execution.targets.fan_order import ask, execute_order, replayed
from pipelines.execution.targets.messages import MOST_NOTES, Done, Ends, Failed, Last, Listed, ListedItem, Listing, Note, Order, Progress
from pipelines.graph.problem import Problem
from pipelines.procfs import Peak

SLACK_BYTES = 2 * 1024**3  # address space that libraries reserve and do not use
MOST_FILES = 1024
NICENESS = 5  # so that the monitored process does not slow down the monitor


class OutputFolder(LocalStore):
    """The job's folder as a store: inputs by digest, outputs under temporary names that the worker replaces by digests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._inputs, self._outputs = folder / "inputs", folder / "outputs"

    def scratch(self) -> Path:
        return self._outputs / uuid4().hex

    def keep(self, file: Path, digest: str | None = None) -> tuple[str, int]:
        kept = file.rename(self.scratch())
        return kept.name, kept.stat().st_size

    def keep_bytes(self, data: bytes) -> tuple[str, int]:
        file = self.scratch()
        return file.name, file.write_bytes(data)

    def path(self, digest: str) -> Path:
        if not (self._inputs / digest).is_file():
            raise Damaged(digest)
        return self._inputs / digest


class Messenger:
    """A listener that writes messages to a file descriptor, up to the maximum of log lines."""

    def __init__(self, wire: int) -> None:
        self._wire = wire
        self._notes = 0

    def progress(self, done: float, total: float, words: str) -> None:
        self.send(Progress(done, total, words[:200]))

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        self._notes += 1
        if self._notes <= MOST_NOTES + 1:  # one line too many makes the log report that lines are left out
            self.send(Note(line[:2000], level))

    def send(self, message: msgspec.Struct) -> None:
        """Write a whole message."""
        line = memoryview(msgspec.json.encode(message) + b"\n")
        while line:
            line = line[os.write(self._wire, line) :]


def main(folder: Path, packages: str | None = None) -> None:
    """Execute the job, or orders. Standard output becomes the message channel; libraries print to standard error."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the worker starts this process with its signals blocked
    os.nice(NICENESS)
    wire = os.dup(1)
    os.set_inheritable(wire, False)
    os.dup2(2, 1)
    kept: dict[str, Any] = {}
    for place, line in enumerate(_orders(folder, wire)):
        order = msgspec.json.decode(line, type=Order)
        if place == 0:
            limit(order.memory_bytes, order.disk_bytes, order.processes)
            enter_isolation()
            if packages:
                site.addsitedir(packages)
        teller = Messenger(wire)
        teller.send(_execute(order, OutputFolder(folder), teller, kept))
    os._exit(0)  # remaining threads and children end with the sandbox or container


def _orders(folder: Path, wire: int) -> Iterator[bytes]:
    """Yield the job of the folder, or, once that is told, the lines of standard input, which user code does not inherit."""
    if (folder / "job.json").exists():
        yield (folder / "job.json").read_bytes()
        return
    orders = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    catalogue()
    Messenger(wire).send(Progress(0, 1, "ready"))
    with os.fdopen(orders, "rb") as lines:
        yield from lines


def _loaded(output: Output, tray: OutputFolder, kept: dict[str, Any]) -> Any:
    """Load an input. A warm process has the same model in every order; loading it can take longer than scoring a row."""
    if not output.by_code:
        return load(output, tray)
    if output.digest not in kept:
        kept[output.digest] = load(output, tray)
    return kept[output.digest]


def _execute(order: Order, tray: OutputFolder, teller: Messenger, kept: dict[str, Any]) -> Last:
    peak, step = Peak(), Step.from_json(order.node, order.step)
    module = find(step.module)
    if module is None:
        return Failed(
            Problem(
                "unknown_module",
                f"The sandbox or container does not have the module “{step.module}”.",
                remedy="Build its image with the same version of Easel as the worker.",
            )
        )
    inputs = {port: [_loaded(output, tray, kept) for output in outputs] for port, outputs in order.inputs.items()}
    datasets: Mapping[str, Any] = {name: load(output, tray) for name, output in order.datasets.items()}
    with memory_allowed(order.memory_bytes):
        outcome = replayed(order.fans, step, module, inputs, datasets, tray, teller)
        if outcome.fan:
            try:
                if order.fans.items is None:
                    return _listed(order, outcome.fan, tray)
                _execute_items(order, outcome.fan, tray, teller)
            except ModuleError as wrong:  # of a strategy
                outcome = Outcome(
                    problem=Problem(wrong.code, wrong.words, step.node, wrong.port, wrong.param, wrong.column, None, wrong.remedy)
                )
            except UNFORESEEN as stray:
                outcome = unexpected_error(module.title, step.node, stray)
    if outcome.problem:
        return Failed(outcome.problem, outcome.trace[-100_000:], outcome.transient)
    own = peak.bytes()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # of the largest that has ended, such as R
    return Done(dict(outcome.outputs), None if own is None else own + children)


def _listed(order: Order, fan: FanOut, tray: OutputFolder) -> Listing:
    """Write the items of a fan-out, or those that its strategy asks for next, into a file."""
    items = ask(order.fans, fan, tray) if order.fans.trials is not None else list(fan.items.values())
    plan = fan.strategy
    strategy = (plan.at_once, plan.seconds, plan.most) if plan else None
    found = Listed([ListedItem(item.key, item.content, item.of_inputs) for item in items], fan.noun, fan.may_fail, strategy)
    return Listing(tray.keep_bytes(msgspec.json.encode(found))[0])


def _execute_items(order: Order, fan: FanOut, tray: OutputFolder, teller: Messenger) -> None:
    """Execute items, and send their ends."""

    def send(ends: Sequence[ItemEnd]) -> None:
        teller.send(Ends(list(ends)))

    if rest := execute_order(order.fans, fan, tray, teller, send):
        send(rest)


def limit(memory_bytes: int, disk_bytes: int, processes: int) -> None:
    """Set the limits that the kernel enforces; the worker monitors the sum over all processes."""
    for what, most in (
        (resource.RLIMIT_DATA, memory_bytes + SLACK_BYTES),
        (resource.RLIMIT_FSIZE, disk_bytes),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_NPROC, processes * 4),  # counts threads
        (resource.RLIMIT_CORE, 1),  # one byte: neither a file nor a pipe to the system's core dump handler
    ):
        most = min([most, *(hard for hard in resource.getrlimit(what)[1:] if hard != resource.RLIM_INFINITY)])
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
