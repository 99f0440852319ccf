"""Quantiles: the prediction of values that a number stays below with given probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import Block, Sure, chart, curves, figures, guide, table
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.features import LARGEST, QUANTILES
from pipelines.modelling.task import Metric, Score
from pipelines.modelling.tasks.regression import Regression

AVERAGE = Metric("average_quantile_loss", "Average quantile loss", "low")
REMEDY = "Score the rows with a model that predicts quantiles."


class Quantile(Regression):
    """The task of predicting quantiles of a number. The classes of its models and scores are the quantiles, as text."""

    id = "quantile"
    order = 8  # its models are regressors too
    metrics: tuple[Metric, ...] = (AVERAGE, Metric("r1", "R¹", "high"))
    further: tuple[Metric, ...] = ()

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator predicts several quantiles."""
        return super().suits(estimator) and hasattr(estimator, "quantiles")

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are quantiles."""
        return classes is not None and all(_level(each) is not None for each in classes)

    def classes(self, learner: Any, positive: str) -> Any:
        """Return the quantiles in the learner's order."""
        return tuple(f"{each:g}" for each in learner.quantiles)

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return the quantiles."""
        return [("Quantiles predicted", ", ".join(classes))]

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return a column for each quantile."""
        levels = model.classes or ()
        found = model.estimator.predict(features) if features.height else np.zeros((0, len(levels)))
        return [Score(_column(each), pl.Series(found[:, at], dtype=pl.Float64), each) for at, each in enumerate(levels)]

    def score_columns(self, model: Model, label: pl.DataType | None) -> Any:
        """Return the columns of `score` without values; None before training, which finds the quantiles."""
        return None if model.classes is None else [Score(_column(each), pl.Series(dtype=pl.Float64), each) for each in model.classes]

    def claims(self, rows: ScoredRows) -> bool:
        """Return False: numbers of another tool do not say that they are quantiles."""
        return False

    def read(self, rows: ScoredRows) -> Scored:
        """Return true numbers, and the predicted quantiles in ascending order of their levels.

        Raises:
            ModuleError: When the label holds no numbers, one side values that are too large, or a score column names no quantile.
        """
        plain = super().read(rows)
        levels = sorted((level, column) for name, column in rows.classes.items() if (level := _level(name)) is not None)
        if not levels:
            words = f"“{rows.score_column}” does not say which quantile it is."
            raise ModuleError("no_quantile", words, port="scored", column=rows.score_column, remedy=REMEDY)
        scores = np.column_stack([rows.frame[column].cast(pl.Float64).to_numpy() for _, column in levels])
        if not np.abs(scores).max() <= LARGEST:
            words = "Predicted quantiles are infinite or beyond ±1e100, which is too large to compare."
            raise ModuleError("value_too_large", words, port="scored", column=levels[0][1], remedy="Remove those rows with Filter Rows.")
        if crossed := int((np.diff(scores, axis=1) < 0).any(axis=1).sum()):
            log(f"In {counted(crossed, 'row')} a quantile is below a lower one.", "warning")
        return Scored(plain.name, plain.truth, scores, weight=plain.weight, classes=tuple(f"{level:g}" for level, _ in levels))

    def metric_values(self, scored: Scored) -> dict[str, float | None]:
        """Return the mean quantile loss over the quantiles, that of each, and R¹."""
        from pipelines.modelling.quantile_forest import explained, losses

        levels = [float(each) for each in scored.classes]
        each = np.average(losses(scored.truth, scored.score, levels), axis=0, weights=scored.weight)
        varies = bool((scored.truth != scored.truth[0]).any())
        return {
            AVERAGE.key: float(each.mean()),
            "r1": explained(scored.truth, scored.score, levels, scored.weight) if varies else None,
            **{_key(level): float(loss) for level, loss in zip(scored.classes, each, strict=True)},
        }

    def metric_value(self, scored: Scored, key: str) -> float | None:
        """Return one of the figures."""
        return self.metric_values(scored)[key]

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return nothing: losses of quantiles are compared without intervals."""
        return {}

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the losses with their intervals, how many rows are below each quantile, and how many are between two."""
        levels = sorted({level for one in scored for level in one.classes}, key=float)
        of_each = [Metric(_key(level), f"Quantile loss, {level}", "low") for level in levels]
        none = dict.fromkeys(metric.key for metric in of_each)
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": none | self.metric_values(one)} for one in scored]
        title = "Metrics (rows weighted)" if any(one.weight is not None for one in scored) else "Metrics"
        sure = _intervals(scored, metrics)
        blocks = [
            figures(title, (*self.metrics, *of_each), metrics, sure),
            intervals.table(sure, "by the normal approximation"),
            table("Rows at or below each quantile", ["Model", "Quantile", "Share of rows", "From", "To"], _below(scored)),
            table("Rows between two quantiles", ["Model", "From", "To", "Expected", "Share of rows", "Mean width"], _between(scored)),
            _calibration(scored),
        ]
        return Report("Evaluation", blocks, metrics)


TASK = Quantile()


def _column(level: str) -> str:
    return f"{QUANTILES} ({level})"


def _key(level: str) -> str:
    return f"quantile_loss_{level}"


def _level(text: str | None) -> float | None:
    """The quantile that a text names."""
    try:
        level = float(text or "")
    except ValueError:
        return None
    return level if 0 < level < 1 else None


def _intervals(read: Sequence[Scored], metrics: Sequence[Mapping[str, Any]]) -> Sequence[Sure]:
    from pipelines.modelling.quantile_forest import losses

    rows: list[Sure] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        each = losses(one.truth, one.score, [float(level) for level in one.classes])
        mean = found[AVERAGE.key]
        rows += [
            (one.name, "Rows", len(one.truth), None),
            (one.name, AVERAGE.title, mean, intervals.around(mean, each.mean(axis=1), one.weights, low=0)),
            *(
                (
                    one.name,
                    f"Quantile loss, {level}",
                    found[_key(level)],
                    intervals.around(found[_key(level)], each[:, at], one.weights, low=0),
                )
                for at, level in enumerate(one.classes)
            ),
        ]
    return rows


def _below(read: Sequence[Scored]) -> list[list[Any]]:
    """The share of rows at or below each quantile, which should be the quantile."""
    rows = []
    for one in read:
        under = one.truth[:, None] <= one.score
        for at, level in enumerate(one.classes):
            low, high = intervals.wilson(under[:, at], one.weights) or (None, None)
            rows.append([one.name, level, float(np.average(under[:, at], weights=one.weights)), low, high])
    return rows


def _between(read: Sequence[Scored]) -> list[list[Any]]:
    """The share of rows between a quantile and its counterpart above the median, such as 0.05 and 0.95."""
    rows = []
    for one in read:
        at = {round(float(level), 12): place for place, level in enumerate(one.classes)}
        pairs = [(low, high) for low in at if low < 0.5 and (high := at.get(round(1 - low, 12))) is not None]
        for low, high in pairs:
            first, second = one.score[:, at[low]], one.score[:, high]
            inside = (one.truth >= first) & (one.truth <= second)
            width = float(np.average(second - first, weights=one.weight))
            rows.append(
                [one.name, one.classes[at[low]], one.classes[high], 1 - 2 * low, float(np.average(inside, weights=one.weight)), width]
            )
    return rows


def _calibration(read: Sequence[Scored]) -> Block:
    points = [{"model": name, "quantile": float(level), "share": share, "at": float(level)} for name, level, share, *_ in _below(read)]
    exact = [{"quantile": end, "share": end} for end in (0, 1)]
    spec = curves(
        points,
        guide("exact", exact, exact[1], above=True),
        x=("quantile", "Quantile"),
        y=("share", "Share of rows at or below it"),
        shares="xy",
        dots=True,
    )
    return chart(
        "Rows below each quantile", "quantile_calibration", "On the dashed line, as many rows as expected are below a quantile.", spec
    )
