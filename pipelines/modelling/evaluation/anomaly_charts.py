"""Pictures and tables of scores of anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.modelling.evaluation.charts import Block, bin_edges, chart, table

if TYPE_CHECKING:
    from pipelines.modelling.tasks.anomaly import Detected

BINS = 40


def scores_chart(one: Detected) -> Block:
    """How many rows have each score, and from where on a row counts as an anomaly."""
    return histogram(
        one.name,
        one.score,
        None if one.flagged is None or one.flagged.all() or not one.flagged.any() else float(one.score[one.flagged].min()),
    )


def histogram(name: str, scores: np.ndarray, threshold: float | None) -> Block:
    """A bar for the rows of each range of scores, and the threshold."""
    rows, edges = np.histogram(scores, bin_edges(scores, BINS))
    bars = [
        {"from": low, "to": high, "rows": many}
        for low, high, many in zip(edges[:-1].tolist(), edges[1:].tolist(), rows.tolist(), strict=True)
    ]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "tooltip": True},
            "encoding": {
                "x": {"field": "from", "type": "quantitative", "title": "Anomaly score", "bin": {"binned": True}},
                "x2": {"field": "to"},
                "y": {"field": "rows", "type": "quantitative", "title": "Rows", "stack": None},
            },
        }
    ]
    if threshold is not None:
        at, x = {"values": [{"from": threshold, "name": "anomalies"}]}, {"field": "from", "type": "quantitative"}
        text = {"type": "text", "style": "guide-name", "fontSize": 11, "align": "left", "baseline": "top", "tooltip": False}
        layers += [
            {"data": at, "mark": {"type": "rule", "style": "guide", "tooltip": False}, "encoding": {"x": x}},
            {"data": at, "mark": text, "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "name", "type": "nominal"}}},
        ]
    words = "Number of rows by score; larger is more unusual. Rows on the right of the line count as anomalies."
    return chart(f"Scores of {name}", "anomaly_scores", words if threshold is not None else words.split(". ")[0] + ".", {"layer": layers})


def counts(read: Sequence[Detected]) -> Block:
    """How often flag and label agree."""
    head = ["Model", "Anomalies found", "Anomalies missed", "False alarms", "Others", "Rows with a label"]
    rows = []
    for one in read:
        if (known := one.labelled) is None or one.flagged is None:
            continue
        truth, flagged = known.truth == 1, one.flagged[one.judged]
        cells = (truth & flagged, truth & ~flagged, ~truth & flagged, ~truth & ~flagged)
        rows.append([one.name, *(int(cell.sum()) for cell in cells), len(truth)])
    return table("At the model's threshold", head, rows)
