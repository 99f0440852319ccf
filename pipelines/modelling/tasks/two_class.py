"""Two-class classification: the probability of the positive of two classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import USUAL_THRESHOLD, Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.classes import class_names, class_values, in_type_of, tell_lookalikes
from pipelines.modelling.evaluation import intervals, two_class_scores
from pipelines.modelling.evaluation.charts import Sure, figures
from pipelines.modelling.evaluation.curves import calibration, calibration_bins, lift, precision_recall, roc
from pipelines.modelling.evaluation.influences import influences_at_threshold, influences_of_probabilities
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.evaluation.thresholds import decided
from pipelines.modelling.evaluation.two_class_scores import AT_THRESHOLD
from pipelines.modelling.features import LABELS, PROBABILITIES
from pipelines.modelling.task import LabelTask, Metric, Score

THRESHOLDS = np.arange(201) / 200


class TwoClass:
    """The task of telling two classes apart."""

    id = "two_class"
    order = 1
    measure = "AUC"
    metrics: tuple[Metric, ...] = (
        Metric("auc", "AUC", "high"),
        Metric("average_precision", "Average precision", "high"),
        Metric("log_loss", "Log loss", "low"),
        Metric("brier", "Brier score", "low"),
        Metric("mcc", "MCC", "high"),
    )
    further: tuple[Metric, ...] = (
        Metric("accuracy", "Accuracy", "high"),
        Metric("balanced_accuracy", "Balanced accuracy", "high"),
        Metric("precision", "Precision", "high"),
        Metric("recall", "Recall", "high"),
        Metric("f1", "F1", "high"),
    )

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator is a fitted classifier of two classes."""
        from sklearn.base import is_classifier

        return bool(is_classifier(estimator)) and len(getattr(estimator, "classes_", ())) == 2

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are two classes."""
        return classes is not None and len(classes) == 2

    def narrowed(self, label: pl.Series) -> LabelTask:
        """Return the task itself."""
        return self

    def target(self, label: pl.Series) -> np.ndarray:
        """Return the label's values themselves: whole numbers and booleans as they are, all else as text.

        Raises:
            ModuleError: `not_two_classes`.
        """
        found = class_names(label)
        if len(found) != 2:
            held = "only the value" if len(found) == 1 else f"{len(found)} distinct values:"
            some = ", ".join(f"“{value}”" for value in found[:4]) + (", …" if len(found) > 4 else "")
            raise ModuleError(
                "not_two_classes",
                f"“{label.name}” has {held} {some}; a two-class model needs exactly two.",
                param="label",
                column=label.name,
                remedy="Select another label, keep the rows of two classes with Filter Rows, or use a multiclass module.",
            )
        tell_lookalikes(found)
        return class_values(label)

    def check_positive(self, label: pl.Series, positive: str) -> None:
        """Check that the label has the positive class.

        Raises:
            ModuleError: `unknown_class`.
        """
        found = class_names(label)
        if positive and positive not in found:
            raise ModuleError(
                "unknown_class",
                f"“{label.name}” does not have the value “{positive}”.",
                param="positive_class",
                column=label.name,
                remedy=f"Enter one of {', '.join(found[:4])}, or leave it empty for {found[-1]}.",
            )

    def classes(self, learner: Any, positive: str) -> tuple[str, ...]:
        """Return the negative and the positive class: the earlier and the later in order, unless the earlier is named as positive."""
        first, second = class_text(pl.Series(learner.classes_))
        return (second, first) if positive == first else (first, second)

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return the two classes."""
        return list(zip(("Negative class", "Positive class"), classes, strict=True))

    def signals(self, y: np.ndarray) -> Sequence[np.ndarray]:
        """Return 1 for the later class and 0 for the earlier."""
        return [(y == np.unique(y)[-1]).astype(float)]

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return the predicted class and the probability of the positive class of each row."""
        negative, positive = model.classes or ("", "")
        chances = pl.Series(_probabilities(model, features) if features.height else [], dtype=pl.Float64)
        likely = chances.to_frame("p").select(pl.when(pl.col("p") >= threshold).then(pl.lit(positive)).otherwise(pl.lit(negative)))
        labels = in_type_of(label, likely.to_series(), model.label)
        return [Score(LABELS, labels, positive), Score(PROBABILITIES, chances, positive, _own(threshold))]

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score]:
        """Return the columns of `score`, without values."""
        positive = model.classes[1] if model.classes else None
        return [
            Score(LABELS, pl.Series(dtype=pl.String() if label is None else label), positive),
            Score(PROBABILITIES, pl.Series(dtype=pl.Float64), positive, _own(model.threshold)),
        ]

    def claims(self, rows: ScoredRows) -> bool:
        """Return whether a class is named, or no model is, the label has two values and all scores can be probabilities."""
        if rows.role.positive or rows.role.model:
            return bool(rows.role.positive)
        classes, score = class_names(rows.label), rows.score
        if len(classes) != 2 or score.min() < 0 or score.max() > 1:
            return False
        log(f"The scores are read as probabilities of “{classes[1]}”. To change the positive class, use Edit Metadata.")
        return True

    def read(self, rows: ScoredRows) -> Scored:
        """Return 0 or 1 for the true class, and the probability of the positive class: the one of the role, else the later in order.

        Raises:
            ModuleError: When the scores are not probabilities, or the label has a third class.
        """
        classes, score = class_text(rows.label), rows.score
        values = classes.unique().sort().to_list()
        positive = rows.role.positive or class_names(rows.label)[-1]
        if score.min() < 0 or score.max() > 1:
            raise ModuleError(
                "no_probability",
                f"“{rows.score_column}” has values below 0 or above 1, so they are not probabilities of “{positive}”.",
                port="scored",
                column=rows.score_column,
                remedy="Scale the scores to 0 to 1 with Normalize Data first.",
            )
        others = [value for value in values if value != positive]
        if len(others) > 1:
            raise ModuleError(
                "not_two_classes",
                f"“{rows.label_column}” has the values {', '.join(others[:3])} besides “{positive}”; Evaluate Model needs two classes.",
                port="scored",
                column=rows.label_column,
                remedy="Keep the rows of the two classes in training with Filter Rows.",
            )
        negative = others[0] if others else f"not {positive}"
        truth, (threshold, labelled) = (classes == positive).cast(pl.Int8).to_numpy(), decided(rows, positive)
        return Scored(rows.name, truth, score, positive, negative, rows.weight, threshold=threshold, guessed=labelled)

    def metric_values(self, scored: Scored) -> dict[str, float | int | None]:
        """Return the figures; a row counts as positive as it was predicted, else from a probability of 0.5 on. What needs both classes is None where only one occurs."""
        return two_class_scores.figures(scored.truth, scored.score, scored.weight, scored.guess)

    def metric_value(self, scored: Scored, key: str) -> float | None:
        """Return one of the figures without the others."""
        return two_class_scores.figure(key, scored.truth, scored.score, scored.weight, scored.guess)

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return how much each row moves the figures; the average precision has no such number."""
        return influences_of_probabilities(scored.truth, scored.score, scored.weights, scored.guess)

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the figures with their intervals, the threshold to move, and the curves."""
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": self.metric_values(one)} for one in scored]
        weighed = ", rows weighted" if any(one.weight is not None for one in scored) else ""
        positive = " and ".join(dict.fromkeys(f"“{one.positive}”" for one in scored))
        threshold = {
            "type": "threshold",
            "title": f"At a threshold (positive class {positive}{weighed})",
            "models": [_counts(one, metric["metrics"]) for one, metric in zip(scored, metrics, strict=True)],
        }
        sure = _intervals(scored, metrics)
        ways = "AUC by DeLong, proportions by Wilson, others by the normal approximation"
        used = " and ".join(dict.fromkeys(one.at for one in scored))
        heads, more = (
            [each._replace(title=f"{each.title} at {used}") if each.key in AT_THRESHOLD else each for each in some]
            for some in (self.metrics, self.further)
        )
        tables = [figures(f"Metrics (positive class {positive}{weighed})", heads, metrics, sure), intervals.table(sure, ways)]
        further = figures(f"Further metrics (positive class {positive}{weighed})", more, metrics, sure)
        charts = [roc(scored), precision_recall(scored), lift(scored), calibration(scored), calibration_bins(scored)]
        return Report("Evaluation", [*tables, threshold, further, *charts], metrics)


TASK = TwoClass()


def _probabilities(model: Model, features: pl.DataFrame) -> pl.Series:
    """The probability of the positive class, which need not be the learner's second."""
    classes = class_text(pl.Series(model.estimator.classes_)).to_list()
    place = classes.index(model.classes[1]) if model.classes else 1
    return pl.Series(model.estimator.predict_proba(features)[:, place])


def _intervals(read: Sequence[Scored], metrics: Sequence[Mapping[str, Any]]) -> Sequence[Sure]:
    rows: list[Sure] = []
    for one, found in ((one, metric["metrics"]) for one, metric in zip(read, metrics, strict=True)):
        truth, chance, weight, guess = one.truth, one.score, one.weights, one.guess
        balanced = influences_at_threshold(truth, guess, weight)["balanced_accuracy"]
        sure = None if found["auc"] is None else intervals.area(found["auc"], truth, chance, weight)
        rows += [
            (one.name, "Rows", len(truth), None),
            (one.name, "AUC", found["auc"], sure),
            (
                one.name,
                "Log loss",
                found["log_loss"],
                intervals.around(found["log_loss"], two_class_scores.log_losses(truth, chance), weight, low=0),
            ),
            (one.name, "Brier score", found["brier"], intervals.around(found["brier"], (truth - chance) ** 2, weight, low=0, high=1)),
            (one.name, f"Accuracy at {one.at}", found["accuracy"], intervals.wilson(guess == truth, weight)),
            (
                one.name,
                f"Balanced accuracy at {one.at}",
                found["balanced_accuracy"],
                intervals.around(found["balanced_accuracy"], balanced, weight, low=0, high=1),
            ),
            (one.name, f"Precision at {one.at}", found["precision"], intervals.wilson(truth[guess], weight[guess])),
            (one.name, f"Recall at {one.at}", found["recall"], intervals.wilson(guess[truth == 1], weight[truth == 1])),
        ]
    return rows


def _counts(one: Scored, metrics: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of how many rows, or how much weight, each threshold is right and wrong: a row is positive from the threshold on."""
    at = USUAL_THRESHOLD if one.threshold is None else one.threshold
    thresholds = np.union1d(THRESHOLDS, [at])
    fn, positives = _below(one, 1, thresholds)
    tn, negatives = _below(one, 0, thresholds)
    return {
        "name": one.name,
        "positive": one.positive,
        "negative": one.negative,
        "auc": metrics["auc"],
        "weighed": one.weight is not None,
        "at": at,
        "thresholds": thresholds.tolist(),
        "tp": (positives - fn).tolist(),
        "fp": (negatives - tn).tolist(),
        "tn": tn.tolist(),
        "fn": fn.tolist(),
    }


def _below(one: Scored, truth: int, thresholds: np.ndarray) -> tuple[np.ndarray, Any]:
    """How much of a class each threshold is above, and how much there is."""
    score = one.score[one.truth == truth]
    order = np.argsort(score, kind="stable")
    sizes = np.ones(len(score), dtype=int) if one.weight is None else one.weight[one.truth == truth][order]
    sums = np.concatenate([np.zeros(1, dtype=sizes.dtype), np.cumsum(sizes)])
    return sums[np.searchsorted(score[order], thresholds, "left")], sums[-1]


def _own(threshold: float) -> float | None:
    return None if threshold == USUAL_THRESHOLD else threshold
