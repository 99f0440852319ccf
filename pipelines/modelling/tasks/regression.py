"""Regression: the prediction of a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation import intervals, number_scores
from pipelines.modelling.evaluation.charts import Sure, bin_edges, chart, figures, guide, layer, thinned
from pipelines.modelling.evaluation.influences import influences_of_errors
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.features import LABELS, LARGEST
from pipelines.modelling.task import LabelTask, Metric, Score

MOST_DOTS = 2000
BINS = 30
OFF = "Actual − predicted"


class Regression:
    """The task of predicting a number."""

    id = "regression"
    order = 9  # any numbers can be scores of a regression
    measure = "R²"
    metrics: tuple[Metric, ...] = (
        Metric("mean_absolute_error", "Mean absolute error", "low"),
        Metric("root_mean_squared_error", "Root mean squared error", "low"),
        Metric("relative_absolute_error", "Relative absolute error", "low"),
        Metric("relative_squared_error", "Relative squared error", "low"),
        Metric("r2", "R²", "high"),
    )
    further: tuple[Metric, ...] = (
        Metric("median_absolute_error", "Median absolute error", "low"),
        Metric("mean_absolute_percentage_error", "Mean absolute percentage error", "low"),
        Metric("root_mean_squared_log_error", "Root mean squared log error", "low"),
        Metric("normalized_mean_absolute_error", "Normalized mean absolute error", "low"),
        Metric("normalized_root_mean_squared_error", "Normalized root mean squared error", "low"),
        Metric("spearman", "Spearman correlation", "high"),
        Metric("poisson_deviance", "Poisson deviance", "low"),
        Metric("tweedie_deviance", "Tweedie deviance, power 1.5", "low"),
    )

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator predicts numbers."""
        from sklearn.base import is_regressor

        return bool(is_regressor(estimator))

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are no classes."""
        return classes is None

    def narrowed(self, label: pl.Series) -> LabelTask:
        """Return the task itself."""
        return self

    def target(self, label: pl.Series) -> np.ndarray:
        """Return the label as finite numbers.

        Raises:
            ModuleError: When it does not hold such numbers.
        """
        if kind_of(label.dtype) != "number":
            raise _bad_label(
                "label_not_a_number",
                f"“{label.name}” is not numeric, but a regression model predicts a number.",
                label.name,
                "Select a numeric label, or use a classification module.",
            )
        numbers = label.cast(pl.Float64).to_numpy()
        if not np.isfinite(numbers).all():
            raise _bad_label(
                "label_not_finite",
                f"“{label.name}” has values that are not finite numbers.",
                label.name,
                "Remove those rows with Filter Rows first.",
            )
        if np.abs(numbers).max() > LARGEST:
            raise _bad_label(
                "label_too_large",
                f"“{label.name}” has values beyond ±1e100, which are too large to square.",
                label.name,
                "Divide the column with Add Column first.",
            )
        return numbers

    def check_positive(self, label: pl.Series, positive: str) -> None:
        """Log that a positive class is not used."""
        if positive:
            log(f"The positive class “{positive}” is not used, because the model predicts a number.", "warning")

    def classes(self, learner: Any, positive: str) -> None:
        """Return None: numbers have no classes."""
        return None

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return nothing: numbers have no classes."""
        return []

    def signals(self, y: np.ndarray) -> Sequence[np.ndarray]:
        """Return the numbers themselves."""
        return [y.astype(float)]

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return the predicted number of each row."""
        return [Score(LABELS, pl.Series(model.estimator.predict(features) if features.height else [], dtype=pl.Float64))]

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score]:
        """Return the column of predicted numbers."""
        return [Score(LABELS, pl.Series(dtype=pl.Float64))]

    def claims(self, rows: ScoredRows) -> bool:
        """Return True: it is asked last."""
        return True

    def read(self, rows: ScoredRows) -> Scored:
        """Return true and predicted numbers.

        Raises:
            ModuleError: When the label holds no numbers, or one side values that are too large.
        """
        if kind_of(rows.label.dtype) != "number":
            raise ModuleError(
                "label_not_a_number",
                f"“{rows.label_column}” is not numeric, but the scores are numbers.",
                port="scored",
                column=rows.label_column,
                remedy="Score a table whose label has the same type as in training.",
            )
        numbers, score = rows.label.cast(pl.Float64).to_numpy(), rows.score
        for column, values in ((rows.label_column, numbers), (rows.score_column, score)):
            if not np.abs(values).max() <= LARGEST:
                raise ModuleError(
                    "value_too_large",
                    f"“{column}” has values that are infinite or beyond ±1e100, which are too large to square.",
                    port="scored",
                    column=column,
                    remedy="Divide the column with Add Column, or remove those rows with Filter Rows.",
                )
        return Scored(rows.name, numbers, score, weight=rows.weight)

    def metric_values(self, scored: Scored) -> dict[str, float | None]:
        """Return the figures; None where one has no value, as those relative to the mean where the truth does not vary."""
        return {key: self.metric_value(scored, key) for key in number_scores.KEYS}

    def metric_value(self, scored: Scored, key: str) -> float | None:
        """Return one of the figures without the others."""
        return number_scores.figure(key, scored.truth, scored.score, scored.weight)

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return how much each row moves the figures."""
        return influences_of_errors(scored.truth, scored.score, scored.weights)

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the figures with their intervals, predicted against actual values, and the residuals."""
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": self.metric_values(one)} for one in scored]
        title = "Metrics (rows weighted)" if any(one.weight is not None for one in scored) else "Metrics"
        sure = _intervals(scored, metrics)
        table = intervals.table(sure, "by the normal approximation and the delta method")
        further = figures(f"Further {title.lower()}", self.further, metrics, sure)
        return Report(
            "Evaluation", [figures(title, self.metrics, metrics, sure), table, _against(scored), _residuals(scored), further], metrics
        )


TASK = Regression()


def _bad_label(code: str, words: str, column: str, remedy: str) -> ModuleError:
    return ModuleError(code, words, param="label", column=column, remedy=remedy)


def _intervals(read: Sequence[Scored], metrics: Sequence[Mapping[str, Any]]) -> Sequence[Sure]:
    rows: list[Sure] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        weight, off = one.weights, one.truth - one.score
        squared = intervals.around(found["root_mean_squared_error"] ** 2, off**2, weight, low=0)
        rows += [
            (one.name, "Rows", len(off), None),
            (
                one.name,
                "Mean absolute error",
                found["mean_absolute_error"],
                intervals.around(found["mean_absolute_error"], np.abs(off), weight, low=0),
            ),
            (one.name, "Root mean squared error", found["root_mean_squared_error"], squared and (squared[0] ** 0.5, squared[1] ** 0.5)),
        ]
        if found["r2"] is not None:  # it moves with a row's squared error and with its square from the mean, both as shares of the spread
            from_mean = (one.truth - np.average(one.truth, weights=weight)) ** 2
            influence = (found["relative_squared_error"] * from_mean - off**2) / np.average(from_mean, weights=weight)
            rows.append((one.name, "R²", found["r2"], intervals.around(found["r2"], influence, weight, high=1)))
    return rows


def _against(read: Sequence[Scored]) -> Mapping[str, Any]:
    dots = [
        {"model": one.name, "actual": float(one.truth[row]), "predicted": float(one.score[row])}
        for one in read
        for row in thinned(len(one.truth), MOST_DOTS // len(read))
    ]
    seen = [values for one in read for values in (one.truth, one.score)]
    low, high = min(float(values.min()) for values in seen), max(float(values.max()) for values in seen)
    exact = [{"actual": end, "predicted": end} for end in (low, high)]
    points = {
        "mark": {"type": "point", "tooltip": True},
        "data": {"values": dots},
        "encoding": {"color": {"field": "model", "type": "nominal", "title": "Model"}},
    }
    spec = layer(*guide("exact", exact, exact[1], above=True), points, x=("actual", "Actual"), y=("predicted", "Predicted"), zero=False)
    return chart(
        "Predicted against actual",
        "predicted_actual",
        "Each dot is a row. On the dashed line, the prediction equals the actual value.",
        spec,
    )


def _residuals(read: Sequence[Scored]) -> Mapping[str, Any]:
    off = [one.truth - one.score for one in read]
    edges = bin_edges(np.concatenate(off), BINS)
    found = [(one.name, np.histogram(values, edges)[0].tolist()) for one, values in zip(read, off, strict=True)]
    spec = _bars(edges.tolist(), *found[0]) if len(found) == 1 else _outlines(edges.tolist(), found)
    none, at_none = {"values": [{"from": 0, "name": "exact"}]}, {"x": {"field": "from", "type": "quantitative"}}
    zero = [
        {"data": none, "mark": {"type": "rule", "style": "guide", "tooltip": False}, "encoding": at_none},
        {
            "data": none,
            "mark": {"type": "text", "style": "guide-name", "fontSize": 11, "align": "left", "baseline": "top", "tooltip": False},
            "encoding": {**at_none, "y": {"value": 0}, "text": {"field": "name", "type": "nominal"}},
        },
    ]
    return chart("Residuals", "residuals", "Number of rows by actual − predicted.", {"layer": [spec, *zero]})


def _bars(edges: Sequence[float], name: str, counts: Sequence[int]) -> Mapping[str, Any]:
    """The residuals of one model."""
    bars = [{"model": name, "from": low, "to": high, "rows": count} for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)]
    return {
        "data": {"values": bars},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "title": OFF, "bin": {"binned": True}},
            "x2": {"field": "to"},
            "y": {"field": "rows", "type": "quantitative", "title": "Rows", "stack": None},
        },
    }


def _outlines(edges: Sequence[float], found: Sequence[tuple[str, Sequence[int]]]) -> Mapping[str, Any]:
    """The residuals of several models: outlines, since bars over each other hide one another."""
    steps = [
        {"model": name, "at": at, "from": edge, "rows": rows}
        for name, counts in found
        for at, (edge, rows) in enumerate(zip([edges[0], *edges], [0, *counts, 0], strict=True))
    ]
    return {
        "data": {"values": steps},
        "mark": {"type": "line", "interpolate": "step-after", "tooltip": True},
        "encoding": {
            "x": {"field": "from", "type": "quantitative", "title": OFF},
            "y": {"field": "rows", "type": "quantitative", "title": "Rows"},
            "color": {"field": "model", "type": "nominal", "title": "Model"},
            "order": {"field": "at", "type": "quantitative"},
        },
    }
