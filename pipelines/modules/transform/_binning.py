"""Bins by fitted edges; shared by Group into Bins and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._placing import placed


@applies("group_into_bins", by_column("columns"))
def put_into_bins(table: Table, state: Mapping[str, Any]) -> Table:
    """Put values into fitted bins."""
    needed(table, state["columns"], numbers=True)
    columns = list(state["columns"].items())
    results = parallel_map(lambda each: _binned(table.frame[each[0]], each[1], state["values"]), columns, table.frame.height)
    made = {column: [(f"{column}_bin", result)] for (column, _), result in zip(columns, results, strict=True)}
    binned = table.with_frame(table.frame.select(placed(table.frame.columns, made, state["output"])))
    for column in made if state["categorical"] else ():
        binned = binned.with_role(column if state["output"] == "in_place" else f"{column}_bin", categorical=True)
    return binned


def _binned(values: pl.Series, edges: Sequence[float], kind: str) -> pl.Series:
    numbers = values.cast(pl.Float64).fill_nan(None)
    # a value that equals an edge belongs to the bin below it
    places = np.searchsorted(np.asarray(edges, dtype=np.float64), numbers.fill_null(0.0).to_numpy(), side="left")
    if kind == "range":
        binned = pl.Series(ranges(edges)).gather(pl.Series(places, dtype=pl.UInt32))
    elif kind == "number":
        binned = pl.Series(places + 1, dtype=pl.Int64)
    else:
        binned = pl.Series((places + 1) * (100.0 if kind == "percent" else 1.0) / (len(edges) + 1), dtype=pl.Float64)
    return binned.set(numbers.is_null(), None)


def ranges(edges: Sequence[float]) -> list[str]:
    """Name the bins between edges, such as "(1, 2.5]"; with as many digits as tell the edges apart."""
    written = [f"{edge:.6g}" for edge in edges]
    if len({*written}) < len(written):
        written = [repr(edge) for edge in edges]
    ends = ["-inf", *written, "inf"]
    return [f"({low}, {high}{']' if high != 'inf' else ')'}" for low, high in pairwise(ends)]
