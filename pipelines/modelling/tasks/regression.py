"""The report on predicted numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import chart, figures, layer, thinned
from pipelines.modelling.evaluation.scored import Scored

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
    """Figures, how sure they are, predicted against actual, and the residuals."""
    metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": regression_metrics(one.truth, one.score, one.weight)} for one in read]
    title = "Figures (rows weighed)" if any(one.weight is not None for one in read) else "Figures"
    return Report("Evaluation", [figures(title, COLUMNS, metrics), _sureness(read, metrics), _against(read), _residuals(read)], metrics)


def regression_metrics(truth: np.ndarray, guess: np.ndarray, weight: np.ndarray | None = None) -> dict[str, float | None]:
    """The five figures; those relative to the mean are None where the truth does not vary."""

    def mean(values: np.ndarray) -> float:
        return float(np.average(values, weights=weight))

    off, spread = truth - guess, truth - mean(truth)
    varies = bool((truth != truth[0]).any()) and mean(spread**2) > 0
    relative_squared = mean(off**2) / mean(spread**2) if varies else None
    return {
        "mean_absolute_error": mean(np.abs(off)),
        "root_mean_squared_error": mean(off**2) ** 0.5,
        "relative_absolute_error": mean(np.abs(off)) / mean(np.abs(spread)) if varies else None,
        "relative_squared_error": relative_squared,
        "r2": None if relative_squared is None else 1 - relative_squared,
    }


def _sureness(read: Sequence[Scored], metrics: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    rows: list[tuple[str, str, float | None, intervals.Interval]] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        weight, off = one.weights, one.truth - one.score
        squared = intervals.around(found["root_mean_squared_error"] ** 2, off**2, weight, low=0)
        rows += [
            (one.name, "Rows", len(off), None),
            (one.name, COLUMNS[0][1], found[COLUMNS[0][0]], intervals.around(found["mean_absolute_error"], np.abs(off), weight, low=0)),
            (one.name, COLUMNS[1][1], found[COLUMNS[1][0]], squared and (squared[0] ** 0.5, squared[1] ** 0.5)),
        ]
        if found["r2"] is not None:  # it moves with a row's squared error and with its square from the mean, both as shares of the spread
            from_mean = (one.truth - np.average(one.truth, weights=weight)) ** 2
            influence = (found["relative_squared_error"] * from_mean - off**2) / np.average(from_mean, weights=weight)
            rows.append((one.name, "R²", found["r2"], intervals.around(found["r2"], influence, weight, high=1)))
    return intervals.table(rows, "by the normal approximation and the delta method")


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
