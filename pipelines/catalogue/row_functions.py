"""Functions of one row: what a module does with a row of a request, compiled once, so that a single row costs microseconds instead of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.catalogue.ports import Table

Row = dict[str, Any]
Warn = Callable[[str], None]
# Changes a row in place; returns whether it goes on. It must give what the module gives for a table of this row alone, to the last bit.
RowFunction = Callable[[Row, Warn], bool]
# (settings as the function receives them, the table at its only flowing input without rows, the values at its other inputs by port) -> the function;
# None where it is not compiled.
ByRow = Callable[[Mapping[str, Any], Table, Mapping[str, Any]], RowFunction | None]


def unchanged(row: Row, warn: Warn) -> bool:
    """Leave a row as it is, such as where columns are only left out: later functions read the columns that they need by name."""
    return True
