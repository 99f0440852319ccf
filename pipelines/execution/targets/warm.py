"""A warm sandbox: one sandboxed process that executes steps one after another, so that none waits for the start of Python.

The walls are those of any step (`sandbox.py`). Inputs and outputs are files, as there; since the process lives on, outputs are copied before they are
looked at, and whatever it does to its files afterwards changes nothing.
"""

from __future__ import annotations

import os
import selectors
import stat
import subprocess
import tempfile
import threading
import time
import weakref
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.output import Output
from pipelines.execution.sealed import Sealed
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import Job, JobStopped, Limits
from pipelines.execution.targets.item_ends import NAME
from pipelines.execution.targets.job_folder import link_file, order_of, read_outcome, remove_folder
from pipelines.execution.targets.limit_monitor import LimitMonitor
from pipelines.execution.targets.messages import Done, Last, listen
from pipelines.execution.targets.sandbox import command_of, ended_early, output_of, require, started

LARGEST_BYTES = 256 * 1024**2  # of an output
MOST_SECONDS = 120.0  # until a process is ready
_reading = threading.Lock()  # reading outputs lowers a limit of this process for a moment


class Tray(LocalStore):
    """A folder of values that nobody needs after this process: nothing is synced."""

    def keep(self, file: Path, digest: str | None = None) -> tuple[str, int]:
        name = digest or uuid4().hex
        self._root.mkdir(parents=True, exist_ok=True)
        file.replace(self._place(name))
        return name, self._place(name).stat().st_size

    def add(self, value: Sealed) -> Output:
        """Save a value that is not loaded here."""
        self._root.mkdir(parents=True, exist_ok=True)
        self._place(value.output.digest).write_bytes(value.data)
        return value.output

    def path(self, digest: str) -> Path:
        return self._place(digest)

    def clear(self, kept: Collection[str]) -> None:
        """Delete the other values."""
        _clear(self._root, kept)

    def _place(self, digest: str) -> Path:
        return self._root / digest


class Warm:
    """A warm sandbox. One thread uses it at a time; it ends with this object.

    Raises:
        ModuleError: When this machine cannot create a sandbox; the remedy is included.
    """

    def __init__(self, limits: Limits) -> None:
        require()
        self._limits, self._process = limits, ExitStack()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_ready, self._began = False, 0.0
        self._folder = Path(tempfile.mkdtemp(prefix="easel-warm-"))
        self._folder.chmod(0o755)
        for name in ("inputs", "outputs"):
            (self._folder / name).mkdir()
        self._tray, self._fixed = Tray(self._folder / "values"), dict[int, tuple[Any, Output]]()
        weakref.finalize(self, _end, self._process, self._folder)

    def call(
        self,
        module: Module,
        node: str,
        params: Mapping[str, Any],
        inputs: Mapping[str, Sequence[Any]],
        listener: Listener,
        seconds: float,
        until_ready: float | None = None,
    ) -> dict[str, Any]:
        """Execute a step, and return its tables and reports by port.

        Args:
            module: Its module.
            node, params: The node and its settings, as JSON.
            inputs: The values at each input.
            listener: Receives its log.
            seconds: How long it may take.
            until_ready: How long its process may take to be ready, in seconds; None for as long as the step.

        Raises:
            JobStopped: When it exceeded a limit, or its process ended: another one is started at once. `still_starting` while that is not ready.
            ModuleError: When the step failed.
        """
        given = {port: [self._saved(value) for value in values] for port, values in inputs.items()}
        step = Step(node, module.id, module.settings(params), {})
        job = Job(step, module, given, {}, self._tray, replace(self._limits, seconds=seconds))
        digests = {output.digest for outputs in given.values() for output in outputs}
        try:
            for digest in digests:
                if not (self._folder / "inputs" / digest).exists():
                    link_file(self._tray.path(digest), self._folder / "inputs" / digest)
            outcome = self._read(job, self._ask(job, listener, job.limits.seconds if until_ready is None else until_ready))
        finally:
            self._clean(digests)
        if outcome.problem:
            told = outcome.problem
            raise ModuleError(told.code, told.words, port=told.port, param=told.param, column=told.column, remedy=told.remedy)
        return dict(outcome.values)

    def _saved(self, value: Any) -> Output:
        """Save a value. Tables differ from call to call; other values are those of the graph, and stay."""
        if isinstance(value, Table):
            return save(Table(value.frame, value.roles), self._tray)
        if id(value) not in self._fixed:
            self._fixed[id(value)] = (value, self._tray.add(value) if isinstance(value, Sealed) else save(value, self._tray))
        return self._fixed[id(value)][1]

    def _ask(self, job: Job, listener: Listener, until_ready: float) -> Last:
        process, said = self._alive(until_ready), bytearray()
        watch = LimitMonitor(process.pid, job.limits, self._folder / "outputs")
        end: Last | None = None
        try:
            _write(process, order_of(job) + b"\n", watch)
            end = listen(output_of(process, watch, threading.Event(), said), listener, lambda _: None)
        except BrokenPipeError:
            pass
        finally:
            if end is None:
                self._stop()
                self._start()
        if end is None:
            raise ended_early(process.returncode, said, job.limits)
        return end

    def _alive(self, seconds: float) -> subprocess.Popen[bytes]:
        """Return the process once it is ready. It is not ended while it starts: else on a busy machine none would ever be ready."""
        if (
            self._running is None
            or self._running.poll() is not None
            or (not self._is_ready and time.monotonic() > self._began + MOST_SECONDS)
        ):
            self._stop()
            self._start()
        process, until = self._running, time.monotonic() + seconds
        assert process and process.stdout
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while not self._is_ready:
                if not ready.select(max(0.0, until - time.monotonic())):
                    raise JobStopped("still_starting", "The sandbox is still starting.", remedy="Try again in some seconds.")
                if not os.read(process.stdout.fileno(), 1024):
                    self._stop()
                    raise ended_early(process.returncode, bytearray(), self._limits)
                self._is_ready = True
        return process

    def _start(self) -> None:
        self._is_ready, self._began = False, time.monotonic()
        self._running = self._process.enter_context(started(command_of(), self._folder, self._limits, threads=1, orders=True))

    def _stop(self) -> None:
        self._running = None
        self._process.close()

    def _read(self, job: Job, end: Last) -> Any:
        """Read outputs from copies of their files."""
        copies = self._folder / uuid4().hex
        (copies / "outputs").mkdir(parents=True)
        try:
            if isinstance(end, Done):
                for output in end.outputs.values():
                    for name in filter(None, (output.digest, output.report)):
                        _copy(self._folder / "outputs", name, copies / "outputs")
            with _reading:
                return read_outcome(job, copies, end)
        finally:
            remove_folder(copies)

    def _clean(self, digests: set[str]) -> None:
        """Delete what the call left; tables that were read stay in memory."""
        fixed = {output.digest for _, output in self._fixed.values()}
        for digest in digests - fixed:
            (self._folder / "inputs" / digest).unlink(missing_ok=True)
        _clear(self._folder / "outputs", ())
        self._tray.clear(fixed)


def _clear(folder: Path, kept: Collection[str]) -> None:
    with suppress(OSError):
        for file in folder.iterdir():
            if file.name not in kept:
                with suppress(OSError):
                    file.unlink()


def _write(process: subprocess.Popen[bytes], line: bytes, watch: LimitMonitor) -> None:
    """Write to a process that may not read."""
    assert process.stdin
    wire, rest = process.stdin.fileno(), memoryview(line)
    os.set_blocking(wire, False)
    with selectors.DefaultSelector() as ready:
        ready.register(wire, selectors.EVENT_WRITE)
        while rest:
            watch.sample()
            if ready.select(0.05):
                rest = rest[os.write(wire, rest) :]


def _copy(outputs: Path, name: str, target: Path) -> None:
    """Copy an output, if it is a file of its folder; else its absence is told."""
    if not NAME.fullmatch(name) or (target / name).exists():
        return
    with suppress(OSError):
        file = os.open(outputs / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(file, "rb") as read:
            facts = os.fstat(file)
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= LARGEST_BYTES:
                (target / name).write_bytes(read.read(LARGEST_BYTES))


def _end(process: ExitStack, folder: Path) -> None:
    with suppress(Exception):
        process.close()
    remove_folder(folder)
