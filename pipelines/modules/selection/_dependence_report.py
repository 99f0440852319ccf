"""The chart of a partial dependence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report
from pipelines.modelling.evaluation.charts import chart, table
from pipelines.modules.selection._dependence import Grid

MOST_LISTED = 500


def dependence_report(result: pl.DataFrame, grids: Sequence[Grid], model: Model, class_name: str, rows: int) -> Report:
    """A line with its band, bars for categories, or a heat map of two features; and the numbers."""
    classes = model.classes or ()
    of = f"probability of “{class_name or classes[-1]}”" if classes else f"predicted “{model.label}”"
    names = " and ".join(f"“{grid.name}”" for grid in grids)
    values = [{name: _plain(value) for name, value in row.items()} for row in _renamed(result).iter_rows(named=True)]
    spec = _one(values, grids[0], of) if len(grids) == 1 else _two(values, grids, of)
    spread = "; the band holds 8 of 10 rows" if len(grids) == 1 else ""
    words = f"Mean {of} over {counted(rows, 'row')} that all have the same value of {names}{spread}."
    listed = [[_plain(value) for value in row] for row in result.head(MOST_LISTED).rows()]
    blocks = [chart(f"Partial dependence on {names}", "partial_dependence", words, spec), table("Mean predictions", result.columns, listed)]
    return Report("Partial dependence", blocks)


def _renamed(result: pl.DataFrame) -> pl.DataFrame:
    """With names that Vega reads as names and not as paths."""
    names = ["first", "second"][: result.width - 3]
    return result.rename(dict(zip(result.columns, [*names, "mean", "low", "high"], strict=True)))


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, int | float | str) or value is None else str(value)
    )


def _axis(field: str, grid: Grid) -> Mapping[str, Any]:
    if not grid.runs:
        return {"field": field, "type": "nominal", "title": grid.name, "sort": None}
    return {"field": field, "type": "temporal" if kind_of(grid.values.dtype) == "datetime" else "quantitative", "title": grid.name}


def _one(values: Sequence[Mapping[str, Any]], grid: Grid, of: str) -> Mapping[str, Any]:
    x = dict(_axis("first", grid)) | ({"scale": {"zero": False}} if grid.runs and kind_of(grid.values.dtype) == "number" else {})
    y = {"field": "mean", "type": "quantitative", "title": f"Mean {of}", "scale": {"zero": False}}
    span = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    if grid.runs:
        marks = [{"mark": {"type": "area", "tooltip": False}, "encoding": span}]
        marks.append({"mark": {"type": "line", "tooltip": True, "point": len(values) < 40}, "encoding": {"y": y}})
    else:
        marks = [{"mark": {"type": "rule", "strokeDash": [], "tooltip": False}, "encoding": span}]
        marks.append({"mark": {"type": "point", "tooltip": True}, "encoding": {"y": y}})
    return {"data": {"values": list(values)}, "encoding": {"x": x}, "layer": marks}


def _two(values: Sequence[Mapping[str, Any]], grids: Sequence[Grid], of: str) -> Mapping[str, Any]:
    """A cell for each pair; numbers are written with four digits, in their order."""
    cells = [{**cell, "first": _written(cell["first"]), "second": _written(cell["second"])} for cell in values]
    axes = {}
    for side, field, grid, rising in (("x", "first", grids[0], True), ("y", "second", grids[1], False)):
        order = list(dict.fromkeys(cell[field] for cell in cells))
        axes[side] = {"field": field, "type": "nominal", "title": grid.name, "sort": order if rising or not grid.runs else order[::-1]}
    colour = {"field": "mean", "type": "quantitative", "title": f"Mean {of}"}
    return {"data": {"values": cells}, "mark": {"type": "rect", "tooltip": True}, "encoding": {**axes, "color": colour}}


def _written(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
