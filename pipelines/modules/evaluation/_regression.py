"""The report on predicted numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modules.evaluation._charts import chart, figures, layer, thinned
from pipelines.modules.evaluation._scored import Scored

COLUMNS = (
    ("mean_absolute_error", "Mean absolute error", "low"),
    ("root_mean_squared_error", "Root mean squared error", "low"),
    ("relative_absolute_error", "Relative absolute error", "low"),
    ("relative_squared_error", "Relative squared error", "low"),
    ("r2", "R²", "high"),
)
MOST_DOTS = 2000
BINS = 30


def regression_report(read: Sequence[Scored]) -> Report:
    """Figures, predicted against actual, and the residuals."""
    metrics = [{"name": one.name, "metrics": regression_metrics(one.truth, one.score)} for one in read]
    return Report("Evaluation", [figures("Errors", COLUMNS, metrics), _against(read), _residuals(read)], metrics)


def regression_metrics(truth: np.ndarray, guess: np.ndarray) -> dict[str, float | None]:
    """The five figures; those relative to the mean are None where the truth does not vary."""
    off, spread = truth - guess, truth - truth.mean()
    varies = bool((truth != truth[0]).any())
    relative_squared = float((off**2).sum() / (spread**2).sum()) if varies else None
    return {
        "mean_absolute_error": float(np.abs(off).mean()),
        "root_mean_squared_error": float(np.sqrt((off**2).mean())),
        "relative_absolute_error": float(np.abs(off).sum() / np.abs(spread).sum()) if varies else None,
        "relative_squared_error": relative_squared,
        "r2": None if relative_squared is None else 1 - relative_squared,
    }


def _against(read: Sequence[Scored]) -> Mapping[str, Any]:
    dots = [
        {"model": one.name, "actual": float(one.truth[row]), "predicted": float(one.score[row])}
        for one in read
        for row in thinned(len(one.truth), MOST_DOTS // len(read))
    ]
    ends = [min(float(one.truth.min()) for one in read), max(float(one.truth.max()) for one in read)]
    spec = layer(
        {
            "mark": {"type": "line", "strokeDash": [4, 4], "color": "#8a8f98"},
            "data": {"values": [{"actual": end, "predicted": end} for end in ends]},
            "encoding": {},
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 0.6, "tooltip": True},
            "data": {"values": dots},
            "encoding": {"color": {"field": "model", "type": "nominal", "title": "Model"}},
        },
        x=("actual", "Actual"),
        y=("predicted", "Predicted"),
        zero=False,
    )
    return chart("Predicted against actual", "predicted_actual", "Each dot is a row; on the dashed line a prediction is exact.", spec)


def _residuals(read: Sequence[Scored]) -> Mapping[str, Any]:
    off = [one.truth - one.score for one in read]
    edges = np.histogram_bin_edges(np.concatenate(off), bins=BINS)
    bars = [
        {"model": one.name, "from": float(low), "to": float(high), "rows": int(count)}
        for one, values in zip(read, off, strict=True)
        for low, high, count in zip(edges[:-1], edges[1:], np.histogram(values, edges)[0], strict=True)
    ]
    spec = {
        "data": {"values": bars},
        "mark": {"type": "bar", "opacity": 1 if len(read) == 1 else 0.5, "tooltip": True},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "title": "Actual − predicted", "bin": {"binned": True}},
            "x2": {"field": "to"},
            "y": {"field": "rows", "type": "quantitative", "title": "Rows", "stack": None},
            "color": {"field": "model", "type": "nominal", "title": "Model"},
        },
    }
    return chart("Residuals", "residuals", "How many rows were off by how much.", spec)
