"""Values in the store: tables as memory-mapped Arrow files, values of every other kind as the file that its record writes and reads."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

import msgspec.structs
import polars as pl
import pyarrow as pa

from pipelines.catalogue.kind import FileKind, kind_of_type, kinds
from pipelines.catalogue.ports import TABLE, Query, Report, Table
from pipelines.execution.headline import headline_of
from pipelines.execution.output import Output, describe
from pipelines.execution.store import LARGE, ScratchFile, Store
from pipelines.periodic import Periodic

Value = Any  # of one of the types that the port kinds name
# A fixed batch length: equal large tables give equal files, however they were computed. Streams are written batch by batch.
LAYOUT: Any = {"compression": "uncompressed", "record_batch_size": 2**17}
GIVE_BACK_SECONDS = 0.25
_mapped: WeakSet[mmap.mmap] = WeakSet()


def save(value: Value, store: Store) -> Output:
    """Save a value in the store, durably."""
    match value:
        case Table():
            return save_table(value, store)
        case Query():
            deferred: Output = value.kept
            return deferred
    kind = kind_of_type(type(value))
    assert isinstance(kind, FileKind)
    digest, size = _keep_file(kind, value, store)
    report: Report | None = kind.report(value)
    if report is None:
        return Output(kind.id, digest, size)
    if report is value:
        return Output(kind.id, digest, size, report=digest, headline=headline_of(report))
    return Output(kind.id, digest, size, report=save(report, store).digest)


def load(output: Output, store: Store) -> Value:
    """Load the value of a stored artifact; tables are memory-mapped.

    Raises:
        Damaged: When the bytes are missing or changed.
    """
    kind = kinds()[output.kind]
    return kind.read(store.path(output.digest)) if isinstance(kind, FileKind) else load_table(output, store)


def save_table(table: Table, store: Store) -> Output:
    """Save a table as uncompressed Arrow IPC, so that it can be memory-mapped; columns that are in a stored file are not written again."""
    if isinstance(table.kept, Output):
        return table.kept if table.kept.describes(table) else msgspec.structs.replace(table.kept, columns=describe(table))
    digest, size = _keep_table(table.frame, store)
    return Output(TABLE, digest, size, table.frame.height, describe(table))


def _keep_table(frame: pl.DataFrame, store: Store) -> tuple[str, int]:
    if frame.estimated_size() > LARGE or pl.Object in frame.dtypes:  # a stream would accept these, but no reader could read them
        with ScratchFile(store) as draft:
            frame.write_ipc(draft, **LAYOUT)
            return draft.keep()
    return store.keep_bytes(_small_file(frame))


def _small_file(frame: pl.DataFrame) -> bytes:
    """Return an Arrow IPC file. Polars' writer starts its engine per file (0.4 ms); converting its stream takes 0.06 ms."""
    stream, file = io.BytesIO(), pa.BufferOutputStream()
    frame.rechunk().write_ipc_stream(stream, compression="uncompressed")
    with pa.ipc.open_stream(stream.getbuffer()) as read, pa.ipc.new_file(file, read.schema) as written:
        for batch in read:
            written.write_batch(batch)
    return bytes(file.getvalue())


def load_table(output: Output, store: Store) -> Table:
    """Load a stored table, memory-mapped, with its roles and only the columns that the record lists."""
    frame = open_frame(store.path(output.digest), [column.name for column in output.columns or ()])
    return Table(frame, output.roles, output)


def open_frame(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Open an Arrow IPC file, or some of its columns, memory-mapped in 4 ms; polars' own reader copies (0.7 s for 0.5 GB).

    Conversion reads all views of a string column, so unneeded columns are dropped first.
    """
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    _mapped.add(pages)
    table = pa.ipc.open_file(pa.py_buffer(pages)).read_all()
    frame = pl.from_arrow(table if columns is None else table.select(list(columns)))
    assert isinstance(frame, pl.DataFrame)
    if frame.width and "" in table.column_names:  # polars fills in a name that is empty
        frame.columns = table.column_names if columns is None else list(columns)
    return frame


@contextmanager
def releasing_pages() -> Iterator[None]:
    """Release the pages of mapped files periodically: a stream reads each once, and they would count as this process's memory."""
    with Periodic(GIVE_BACK_SECONDS, _release_pages):
        yield


def _release_pages() -> None:
    for pages in list(_mapped):
        pages.madvise(mmap.MADV_DONTNEED)


def _keep_file(kind: FileKind[Any], value: Value, store: Store) -> tuple[str, int]:
    file = store.scratch()
    try:
        kind.write(value, file)
        return store.keep(file)
    finally:
        file.unlink(missing_ok=True)  # after a failure nothing stays on the disk, which may be full
