"""The heat map of correlations, and the strongest pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modules.statistics._correlating import Pairs

MOST_DRAWN = 40  # columns
MOST_WRITTEN = 12  # columns whose coefficients have room in the cells
MOST_LISTED = 50
ROW, LABELS, LOWEST = 18, 110, 300  # pixels: a row, the names below, and the least height
TITLES = {"pearson": "Pearson's r", "spearman": "Spearman's rho", "kendall": "Kendall's tau-b"}


def correlation_report(columns: Sequence[str], found: Pairs, method: str) -> Report:
    """A heat map of at most 40 columns and a table of at most 50 pairs."""
    order = np.argsort(-np.abs(found.coefficients), kind="stable")  # those that are not defined are last
    order = order[np.isfinite(found.coefficients[order])][:MOST_LISTED]
    names = {at: [columns[side[at]] for side in found.places] for at in order.tolist()}
    rows = [[*names[at], float(found.coefficients[at]), _number(found.p_values[at]), int(found.rows[at])] for at in order.tolist()]
    title = TITLES[method]
    blocks = [_heat_map(columns, found.matrix, title)]
    if rows:
        blocks.append(table("Strongest pairs", ["First", "Second", title, "P-value", "Rows"], rows))
    return Report("Correlation", blocks)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _heat_map(columns: Sequence[str], matrix: np.ndarray, title: str) -> Block:
    drawn = list(columns[:MOST_DRAWN])
    cells = [
        {"row": row, "column": column, "value": round(float(matrix[i, j]), 4)}
        for i, row in enumerate(drawn)
        for j, column in enumerate(drawn)
        if np.isfinite(matrix[i, j])
    ]
    axis = {"type": "nominal", "sort": drawn, "scale": {"domain": drawn}, "title": None}
    colour = {"field": "value", "type": "quantitative", "title": title, "scale": {"domain": [-1, 0, 1], "range": "diverging"}}
    layers = [{"mark": {"type": "rect", "tooltip": True}, "encoding": {"color": colour}}]
    if len(drawn) <= MOST_WRITTEN:
        text = {"field": "value", "type": "quantitative", "format": ".2f"}
        layers.append({"mark": {"type": "text", "tooltip": False, "fontSize": 11}, "encoding": {"text": text}})
    spec = {
        "height": max(LOWEST, ROW * len(drawn) + LABELS),
        "data": {"values": cells},
        "encoding": {"x": {"field": "column", **axis, "axis": {"labelAngle": -45}}, "y": {"field": "row", **axis}},
        "layer": layers,
    }
    some = f" The first {MOST_DRAWN} of {counted(len(columns), 'column')} are drawn." if len(columns) > MOST_DRAWN else ""
    words = f"{title} of every two columns; an empty cell is not defined, since a column does not vary.{some}"
    return chart("Correlation of every two columns", "correlation", words, spec)
