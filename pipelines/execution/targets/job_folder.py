"""The worker's side of an isolated step: a new folder for each job, and the validation of its outputs.

Outputs are untrusted: files are read without following links, hashed again and fully validated, and their records are created again.
"""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import msgspec
import pyarrow as pa

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.kind import FileKind, kinds
from pipelines.catalogue.module import Port
from pipelines.catalogue.ports import REPORT, TABLE, Report, Table
from pipelines.execution.codecs import Value, load
from pipelines.execution.headline import headline_of
from pipelines.execution.output import Output, describe
from pipelines.execution.step import Outcome
from pipelines.execution.targets import Job, reports
from pipelines.execution.targets.item_ends import NAME, listed
from pipelines.execution.targets.messages import Done, Failed, Last, Listing, Order
from pipelines.graph.problem import Problem
from pipelines.procfs import data_bytes

UNFOLDED_BYTES = 256 * 1024**2  # what reading a memory-mapped table may allocate; Easel's own files need almost nothing


@contextmanager
def job_folder(job: Job) -> Iterator[Path]:
    """Yield a folder with `job.json`, `inputs/` (for a read-only mount) and an empty `outputs/`; deleted afterwards.

    Raises:
        Damaged: When an input is missing or changed.
    """
    folder = job.store.scratch()
    try:
        (folder / "inputs").mkdir(parents=True)
        (folder / "outputs").mkdir()
        for digest in {*_given(job), *job.fans.digests()}:
            link_file(job.store.path(digest), folder / "inputs" / digest)
        step, limits = job.step, job.limits
        inputs = {port: list(outputs) for port, outputs in job.inputs.items()}
        order = Order(
            step.node, step.as_json(), inputs, dict(job.datasets), limits.memory_bytes, limits.disk_bytes, limits.processes, job.fans
        )
        (folder / "job.json").write_bytes(msgspec.json.encode(order))
        yield folder
    finally:
        remove_folder(folder)


def read_outcome(job: Job, folder: Path, end: Last) -> Outcome:
    """Convert the final message of a job into an outcome, once all its processes have ended."""
    if isinstance(end, Failed):
        told, module = end.problem, job.module
        port = told.port if module.input(told.port or "") or module.output(told.port or "") else None
        param = told.param if module.param(told.param or "") else None
        problem = Problem(
            told.code[:60], told.words[:2000], job.step.node, port, param, told.column, None, (told.remedy or "")[:2000] or None
        )
        return Outcome(problem=problem, trace=end.trace[-100_000:], transient=end.transient)
    try:
        if isinstance(end, Listing):
            return Outcome(fan=listed(job, folder / "outputs", end))
        if job.fans.items is not None:
            return Outcome(peak_bytes=end.peak_bytes)  # the sink has its ends
        return _collect(job, folder / "outputs", end)
    except ModuleError as wrong:
        return failed(job, wrong)


def failed(job: Job, wrong: ModuleError) -> Outcome:
    """Return the outcome of a job that was stopped, or whose outputs are invalid."""
    return Outcome(problem=Problem(wrong.code, wrong.words, job.step.node, wrong.port, wrong.param, wrong.column, remedy=wrong.remedy))


def _given(job: Job) -> dict[str, Output]:
    return {output.digest: output for outputs in (*job.inputs.values(), tuple(job.datasets.values())) for output in outputs}


def link_file(file: Path, place: Path) -> None:
    """Link a stored file; copy it where the file system or its owner does not allow a link."""
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)


def _collect(job: Job, outputs: Path, done: Done) -> Outcome:
    if done.outputs.keys() != {port.name for port in job.module.outputs}:
        raise _invalid_output("records of other ports than the module has")
    kept: dict[str, tuple[str, int]] = {}
    records: dict[str, Output] = {}
    values: dict[str, Value] = {}
    for port in job.module.outputs:
        records[port.name], value = _take(job, port, done.outputs[port.name], outputs, kept)
        if value is not None:
            values[port.name] = value
    peak = None if done.peak_bytes is None else min(done.peak_bytes, job.limits.memory_bytes)
    return Outcome(records, values, peak_bytes=peak)


def _take(job: Job, port: Port, claimed: Output, outputs: Path, kept: dict[str, tuple[str, int]]) -> tuple[Output, Value | None]:
    kind = kinds()[port.kind]
    if claimed.kind != kind.id:
        raise _invalid_output(f"a {claimed.kind[:40].replace('_', ' ')} at the output {port.name}")
    source = _given(job).get(claimed.digest)
    if source and source.kind == claimed.kind == TABLE:
        record = msgspec.structs.replace(source, columns=claimed.columns)  # an input passed on, perhaps with fewer columns
    else:
        digest, size = _keep(job, claimed.digest, outputs, kept)
        report = _keep(job, claimed.report, outputs, kept)[0] if claimed.report else None
        record = Output(claimed.kind, digest, size, columns=claimed.columns, report=report)
    try:
        if record.kind == TABLE:
            _check(job.store.path(record.digest))
        elif report_digest := record.report:
            if job.runs_code:
                reports.check(job.store.path(report_digest).read_bytes())
            load(Output(REPORT, report_digest, 0), job.store)
        if job.runs_code and isinstance(kind, FileKind) and kind.check:
            kind.check(job.store.path(record.digest))
            return msgspec.structs.replace(record, by_code=True), None  # not loaded here
        value = load(record, job.store)
    except ModuleError:
        raise
    except (*UNFORESEEN, MemoryError) as wrong:
        raise _invalid_output(f"a file that is not {kind.words} ({type(wrong).__name__})") from wrong
    if isinstance(value, Table):
        record = msgspec.structs.replace(record, rows=value.frame.height, columns=describe(value))
        value = replace(value, kept=record)
    if isinstance(value, Report):
        record = msgspec.structs.replace(record, headline=headline_of(value))
    return record, value


def _keep(job: Job, name: str, outputs: Path, kept: dict[str, tuple[str, int]]) -> tuple[str, int]:
    """Move an output file into the store, whatever its record claims."""
    if name not in kept:
        mine = job.store.scratch()
        if not NAME.fullmatch(name):
            raise _invalid_output("a file outside its folder")
        if not take_file(outputs / name, mine, job.limits.disk_bytes):
            raise _invalid_output("something that is not a file")
        kept[name] = job.store.keep(mine)
    return kept[name]


def take_file(file: Path, mine: Path, most: int) -> bool:
    """Move a file that an isolated process wrote; returns False when it is none, has further names, or more bytes than `most`."""
    with suppress(OSError):
        facts = file.lstat()
        if stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1 and facts.st_size <= most:
            file.chmod(0o644)
            os.chown(file, os.getuid(), os.getgid())
            file.rename(mine)
    return mine.exists()


def _check(file: Path) -> None:
    """Validate a table completely before its offsets are trusted, within little memory in case it expands."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + UNFOLDED_BYTES, hard))
    try:
        with pa.memory_map(str(file)) as source:
            pa.ipc.open_file(source).read_all().validate(full=True)
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _invalid_output(what: str) -> ModuleError:
    return ModuleError(
        "broken_output",
        f"The step returned {what}, which is not accepted.",
        remedy="Return only values for the outputs of the module.",
    )


def remove_folder(folder: Path) -> None:
    """Delete a folder that user code may have made hard to delete: unreadable folders, or a million levels deep."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", folder / "outputs"], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", folder], check=False, capture_output=True)
