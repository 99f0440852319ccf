"""Functions of rows: what a module does with one row of a request, and with many column by column, compiled once instead of executed on a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.catalogue.ports import Table

Row = dict[str, Any]
Warn = Callable[[str], None]
Numbers = NDArray[np.float64]


class Noted(Exception):
    """A row has something that the function of one row has no words for: the function of columns tells it."""


class Columns:
    """Rows on their way through the functions, column by column.

    A value is that of a cell, None where it is missing. `places` are the places in the request of the rows that are left; None while all are.
    """

    def __init__(self, values: Mapping[str, Sequence[Any]], height: int) -> None:
        self._values: dict[str, Sequence[Any] | Numbers] = dict(values)
        self._numbers: dict[str, Numbers] = {}
        self.height = height
        self.places: NDArray[np.int64] | None = None

    def __getitem__(self, name: str) -> Sequence[Any]:
        """Return the values of a column."""
        found = self._values[name]
        if isinstance(found, np.ndarray):
            found = self._values[name] = found.tolist()
        return found

    def numbers(self, name: str) -> Numbers:
        """Return a column of numbers or truth values as floats, NaN where one is missing. The array is not changed."""
        if name not in self._numbers:
            self._numbers[name] = np.asarray(self._values[name], dtype=np.float64)
        return self._numbers[name]

    def put(self, name: str, values: Sequence[Any] | Numbers) -> None:
        """Set a column."""
        self._values[name] = values
        self._numbers.pop(name, None)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Leave out the other rows."""
        if kept.all():
            return
        left = np.flatnonzero(kept)
        self.places = left if self.places is None else self.places[left]
        at = left.tolist()
        self._values = {
            name: values[left] if isinstance(values, np.ndarray) else [values[row] for row in at] for name, values in self._values.items()
        }
        self._numbers = {name: values[left] for name, values in self._numbers.items()}
        self.height = len(at)

    def frame(self, names: Iterable[str], head: Table) -> pl.DataFrame:
        """Return some columns as a frame, with the types of a table without rows."""
        schema = head.frame.schema
        return pl.DataFrame([pl.Series(name, self[name], dtype=schema[name], strict=False) for name in names])


# Changes a row in place; returns whether it goes on. It must give what the module gives for a table of this row alone, to the last bit.
RowFunction = Callable[[Row, Warn], bool]
# Does the same with many rows: equal values to the last bit. What the module says of a table of them it writes to its log.
ColumnsFunction = Callable[[Columns], None]


@dataclass(frozen=True)
class RowFunctions:
    """What a module does with a row, and with many; both read the same fitted values."""

    row: RowFunction
    columns: ColumnsFunction


# (settings as the function receives them, the table at its only flowing input without rows, the values at its other inputs by port) -> the functions;
# None where it is not compiled.
ByRow = Callable[[Mapping[str, Any], Table, Mapping[str, Any]], RowFunctions | None]
# Leaves rows as they are, such as where columns are only left out: later functions read the columns that they need by name.
unchanged = RowFunctions(lambda row, warn: True, lambda columns: None)
