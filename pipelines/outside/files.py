"""Fetched files as tables, and tables as files for other programs."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.reporting import log
from pipelines.outside.reach import reach
from pipelines.preview.export import export

PREFIX = "easel-"
ABANDONED_SECONDS = 24 * 3600.0
TYPES = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-ndjson": "json",
    "application/jsonl": "json",
    "application/json": "json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.apache.arrow.file": "arrow",
}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for temporary files, removed afterwards; folders of killed processes are removed after a day."""
    base = reach().scratch
    if base is not None:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in base.glob(f"{PREFIX}*"):
            if time.time() - old.stat(follow_symlinks=False).st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=base, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def format_of(file_name: str, content_type: str, chosen: str, param: str) -> str:
    """Return the format of a file: the chosen one, else by the ending of its name, else by the type that a server gives it.

    Raises:
        ModuleError: `unknown_format`.
    """
    if chosen != "auto":
        return chosen
    found = reach().file_reader().format_of(file_name) or TYPES.get(content_type)
    if found is None:
        words = f"Neither the name “{file_name[:100]}” nor the server says what format the file has."
        raise ModuleError("unknown_format", words, param=param, remedy="Set “Format” to that of the file.")
    return found


def read_file(file: Path, format_: str, folder: Path, label: str, *, param: str) -> pl.DataFrame:
    """Read a file with the limits and checks of uploads; the log says how its text was read.

    Raises:
        ModuleError: As an upload of the file is refused, with its name and the setting that leads to it.
    """
    out = folder / f"table-{len(list(folder.iterdir()))}"
    try:
        notes = reach().file_reader().read(file, format_, out)
    except ModuleError as wrong:
        raise ModuleError(wrong.code, f"{label}: {wrong.words}", param=param, remedy=wrong.remedy) from wrong
    for note in notes:
        log(f"{label}: {note}")
    frame = pl.read_ipc(out)
    out.unlink()  # the mapping keeps its pages
    return frame


def stacked(tables: Sequence[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """Return the rows of several files below each other. They must share their columns; the order is that of the first.

    Raises:
        ModuleError: `columns_differ`, `types_differ`.
    """
    (first, head), *rest = tables
    for path, frame in rest:
        if odd := [*(set(frame.columns) - set(head.columns)), *(set(head.columns) - set(frame.columns))]:
            words = f"The files “{first}” and “{path}” do not have the same columns: {listed(sorted(odd))}."
            raise ModuleError("columns_differ", words, param="path", column=sorted(odd)[0], remedy="Read files that share their columns.")
        for name, dtype in head.schema.items():
            if not (dtype == frame.schema[name] or (dtype.is_numeric() and frame.schema[name].is_numeric())):
                words = f"The column “{name}” is {dtype} in “{first}” and {frame.schema[name]} in “{path}”."
                raise ModuleError("types_differ", words, param="path", column=name, remedy="Correct the values in one of the files.")
    return pl.concat([head, *(frame.select(head.columns) for _, frame in rest)], how="vertical_relaxed")


def write_file(frame: pl.DataFrame, format_: str, file: Path) -> None:
    """Write a table as CSV, Parquet or Excel, its values unchanged.

    Raises:
        ModuleError: When the format cannot hold it.
    """
    export(frame, format_, file, raw=True)
