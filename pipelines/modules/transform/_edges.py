"""Finding the edges between bins."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise
from math import isfinite

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._cleaning import finite
from pipelines.modules.transform._mdl import cut_points

MOST_CLASSES = 100
MOST_TOLD, MOST_EDGES = 20, 12  # columns and edges of each that the log names


def edges_of(table: Table, columns: Sequence[str], by: str, bins: int, given: str, label: str | None) -> dict[str, list[float]]:
    """Return the edges between the bins of each column, ascending; the log names them.

    Raises:
        ModuleError: `bad_edges`, `no_label`, `unknown_column` or `too_many_classes`.
    """
    if by == "edges":
        return dict.fromkeys(columns, _read(given))
    classes = _classes(table, label) if by == "entropy" else None

    def edges(column: str) -> tuple[list[float], bool]:
        values = table.frame[column].cast(pl.Float64)
        held = values.is_finite().fill_null(False)
        if classes is None:
            return _edges(values.filter(held).to_numpy(), by, bins), held.any()
        both = held & classes.is_not_null()
        return cut_points(values.filter(both).to_numpy(), classes.filter(both).to_numpy().astype(np.int64)), held.any()

    results = dict(zip(columns, parallel_map(edges, columns, table.frame.height), strict=True))
    found, valued = {column: each for column, (each, _) in results.items()}, {column for column, (_, some) in results.items() if some}
    _tell(found, None if by == "entropy" or not table.frame.height else bins, valued)
    return found


def _edges(numbers: np.ndarray, by: str, bins: int) -> list[float]:
    if not len(numbers):
        return []
    low, high = float(numbers.min()), float(numbers.max())
    if by == "equal_width":
        edges = np.linspace(low / 2, high / 2, bins + 1)[1:-1] * 2  # halved, as the width itself may be too large for a number
    else:
        edges = np.quantile(numbers, np.linspace(0, 1, bins + 1)[1:-1])
    return [float(edge) for edge in np.unique(edges) if edge < high]  # nothing lies above the largest value


def _classes(table: Table, label: str | None) -> pl.Series:
    """The classes of the rows, numbered from 0."""
    if label is None:
        raise ModuleError("no_label", "No label is selected.", param="label", port="table", remedy="Select the column with the classes.")
    values = finite(table.frame[require(label, table, param="label")])
    if kind_of(values.dtype) == "other" or (many := values.drop_nulls().n_unique()) > MOST_CLASSES:
        said = "lists or objects" if kind_of(values.dtype) == "other" else f"{many:,} different values"
        raise ModuleError(
            "too_many_classes",
            f"“{label}” has {said}; the maximum is {MOST_CLASSES} classes.",
            column=label,
            param="label",
            port="table",
            remedy="Select a column with a few classes, or another binning mode.",
        )
    texts = class_text(values)
    return texts.replace_strict({text: place for place, text in enumerate(texts.drop_nulls().unique().sort())}, return_dtype=pl.Int64)


def _read(text: str) -> list[float]:
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        edges = []
    if not edges or not all(isfinite(edge) for edge in edges) or any(low >= high for low, high in pairwise(edges)):
        raise ModuleError(
            "bad_edges",
            f"“{text[:60]}” is not a list of ascending numbers.",
            param="edges",
            remedy="Write the edges in ascending order, separated by commas, such as 0, 10, 100.",
        )
    return edges


def _tell(found: dict[str, list[float]], bins: int | None, valued: Container[str]) -> None:
    """Note the edges; `bins` is how many bins were asked for, if a number was, `valued` the columns with values."""
    for column, edges in list(found.items())[:MOST_TOLD]:
        told = f"“{column}”: {counted(len(edges) + 1, 'bin')}"
        if bins is None and not edges:
            told += "; no cut point separates the classes well enough"
        if bins is not None and len(edges) + 1 < bins:
            told += f" instead of {bins:,}, because {'many values are equal' if column in valued else 'there are no values'}"
        some = ", ".join(f"{edge:.6g}" for edge in edges[:MOST_EDGES]) + (" …" if len(edges) > MOST_EDGES else "")
        log(f"{told}{'; edges at ' if edges else ''}{some}.")
    if len(found) > MOST_TOLD:
        log(f"{len(found) - MOST_TOLD:,} more columns are binned.")
