"""Arrays and columns in an archive, written and read without pickle: equal ones give equal bytes, and reading a file executes no code."""

from __future__ import annotations

import io
from collections.abc import Iterable
from zipfile import ZipFile, ZipInfo

import numpy as np
import polars as pl

ARRAY, COLUMN = ".npy", ".arrow"


def write_arrays(archive: ZipFile, arrays: Iterable[tuple[str, np.ndarray]]) -> None:
    """Write arrays by their names."""
    for name, array in arrays:
        held = io.BytesIO()
        np.lib.format.write_array(held, np.asarray(array, order="C"), allow_pickle=False)
        archive.writestr(ZipInfo(name + ARRAY), held.getvalue())


def read_array(archive: ZipFile, name: str) -> np.ndarray:
    """Read an array.

    Raises:
        ValueError: When it holds objects, or its bytes are no array.
    """
    held: np.ndarray = np.lib.format.read_array(io.BytesIO(archive.read(name + ARRAY)), allow_pickle=False)
    return held


def array_names(archive: ZipFile) -> list[str]:
    """Return the names of the arrays, in the order of the archive."""
    return [name.removesuffix(ARRAY) for name in archive.namelist() if name.endswith(ARRAY)]


def write_column(archive: ZipFile, name: str, column: pl.Series) -> None:
    """Write a column of any type as an Arrow file."""
    archive.writestr(ZipInfo(name + COLUMN), pl.DataFrame({name: column}).write_ipc(None).getvalue())


def read_column(archive: ZipFile, name: str) -> pl.Series:
    """Read a column."""
    return pl.read_ipc(archive.read(name + COLUMN))[name]
