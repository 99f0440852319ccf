"""Execute Python Script: people's own code on up to three tables."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Frame
from pipelines.modules.script._running import run

BEGINNING = """\
import polars as pl


def main(first, second, third):
    return first
"""


class Returned(NamedTuple):
    """What the function returned.

    Attributes:
        first: The table that it returned, or the first of two.
        second: The second of two tables, else a table without columns.
    """

    first: Frame
    second: Frame


@module("Execute Python Script", aliases=("code", "custom", "polars", "numpy", "program"), libraries=("numpy",), runs_code=True)
def python(
    first: Frame | None = None,
    second: Frame | None = None,
    third: Frame | None = None,
    *,
    code: Annotated[str, Code("python")] = BEGINNING,
) -> Returned:
    """Carry out a Python script on up to three tables.

    The script defines a function "main(first, second, third)". It gets the tables as polars DataFrames (None where nothing is connected)
    and returns one DataFrame, or two. What it prints stands in the node's log. It is carried out in a sandbox: no network, no files but those
    it makes in /tmp, and memory and time as the node allows. It may import what Easel itself uses, such as numpy and scikit-learn.

    Args:
        first: The first table.
        second: The second table.
        third: The third table.
        code: The script.

    Returns:
        The tables that the script returns.
    """
    returned = run(code, "main", [table if table is None else table.clone() for table in (first, second, third)])
    tables = [_frame(table) for table in (returned if isinstance(returned, tuple | list) else (returned,))]
    if not 1 <= len(tables) <= 2:
        raise _wrong(f"{len(tables)} tables")
    return Returned(tables[0], tables[1] if len(tables) == 2 else pl.DataFrame())


def _frame(returned: Any) -> Frame:
    if isinstance(returned, pl.LazyFrame):
        returned = returned.collect()
    if not isinstance(returned, pl.DataFrame):
        raise _wrong("nothing" if returned is None else f"a value of type {type(returned).__name__}")
    return returned


def _wrong(what: str) -> ModuleError:
    return ModuleError("wrong_return", f"main returned {what}.", param="code", remedy="Return one polars DataFrame, or two.")
