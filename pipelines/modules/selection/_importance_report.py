"""The chart of permutation importance, with the spread of the shuffles."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modelling.task import Metric

IMPORTANCE = {
    "Column": pl.String(),
    "Importance": pl.Float64(),
    "Standard Deviation": pl.Float64(),
    "Lowest": pl.Float64(),
    "Highest": pl.Float64(),
}
MOST_DRAWN = 20
MOST_LISTED = 500


def importance_report(frame: pl.DataFrame, model: Model, metric: Metric, whole: float, rows: int, repeats: int) -> Report:
    """What was measured, a bar for each of the most important columns, and all of them in a table."""
    facts: list[list[Any]] = [["Model", model.name], ["Predicts", model.label], ["Metric", metric.title]]
    facts += [["Its value on the rows as they are", whole], ["Rows", rows], ["Shuffles of each column", repeats]]
    listed = [list(row) for row in frame.head(MOST_LISTED).rows()]
    blocks = [table("Measured", ["What", "Value"], facts), _bars(frame.head(MOST_DRAWN), metric, repeats)]
    return Report("Permutation feature importance", [*blocks, table("Importance of columns", list(IMPORTANCE), listed)])


def _bars(frame: pl.DataFrame, metric: Metric, repeats: int) -> Block:
    values = [
        {"column": name, "importance": mean, "lowest": low, "highest": high}
        for name, mean, low, high in frame.select("Column", "Importance", "Lowest", "Highest").rows()
    ]
    change = f"{'Drop' if metric.better == 'high' else 'Rise'} of {metric.title}"
    y = {"field": "column", "type": "nominal", "sort": None, "title": None}
    x = {"field": "importance", "type": "quantitative", "title": change}
    spans = {"x": {"field": "lowest", "type": "quantitative", "title": change}, "x2": {"field": "highest"}, "y": y}
    spec = {
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "tooltip": True}, "encoding": {"x": x, "y": y}},
            *([{"mark": {"type": "rule", "strokeDash": [], "tooltip": False}, "encoding": spans}] if repeats > 1 else []),
        ],
    }
    words = f"How much worse the model does when a column's values are shuffled: mean of {counted(repeats, 'shuffle')}"
    return chart("Importance of columns", "importance", words + (", and from the lowest to the highest." if repeats > 1 else "."), spec)
