"""Multi-class classification: the probability of each of several classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, counted, listed
from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.classes import class_names, class_values, in_type_of, tell_lookalikes
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import figures, table
from pipelines.modelling.evaluation.class_scores import ClassScores
from pipelines.modelling.evaluation.confusion import confusion_chart, confusions
from pipelines.modelling.evaluation.scored import Scored, ScoredRows
from pipelines.modelling.features import LABELS, PROBABILITIES
from pipelines.modelling.task import LabelTask, Metric, Score
from pipelines.modelling.tasks.two_class import TASK as TWO_CLASSES

MOST_CLASSES = 500
REMEDY = "Give the probabilities of each class a column with the role score, and set the class as its positive class, with Edit Metadata."
AVERAGES = {"macro": "Macro: mean over the classes", "micro": "Micro: over all rows", "weighted": "Weighted by the rows of each class"}


class MultiClass:
    """The task of telling several classes apart."""

    id = "multi_class"
    order = 0  # a column for each of several classes is of no other task
    measure = "AUC"
    metrics: tuple[Metric, ...] = (
        Metric("accuracy", "Accuracy", "high"),
        Metric("f1_macro", "F1, macro", "high"),
        Metric("auc_macro", "AUC, one-vs-rest, macro", "high"),
        Metric("log_loss", "Log loss", "low"),
        Metric("kappa", "Cohen's kappa", "high"),
        Metric("mcc", "MCC", "high"),
        Metric("top_2_accuracy", "Top-2 accuracy", "high"),
        Metric("top_3_accuracy", "Top-3 accuracy", "high"),
        Metric("precision_macro", "Precision, macro", "high"),
        Metric("recall_macro", "Recall, macro", "high"),
    )
    further: tuple[Metric, ...] = (
        Metric("balanced_accuracy", "Balanced accuracy", "high"),
        Metric("norm_macro_recall", "Recall, macro, normalized", "high"),
        Metric("f1_micro", "F1, micro", "high"),
        Metric("f1_weighted", "F1, weighted", "high"),
        Metric("auc_weighted", "AUC, one-vs-rest, weighted", "high"),
        Metric("auc_one_vs_one", "AUC, one-vs-one, macro", "high"),
    )

    def suits(self, estimator: Any) -> bool:
        """Return whether an estimator is a fitted classifier of more than two classes."""
        from sklearn.base import is_classifier

        return bool(is_classifier(estimator)) and len(getattr(estimator, "classes_", ())) > 2

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether there are more than two classes."""
        return classes is not None and len(classes) > 2

    def narrowed(self, label: pl.Series) -> LabelTask:
        """Return the two-class task for a label of two values: a positive class, a threshold and an ROC curve say more of it."""
        return TWO_CLASSES if len(class_names(label)) == 2 else self

    def target(self, label: pl.Series) -> np.ndarray:
        """Return the label's values themselves: whole numbers and booleans as they are, all else as text.

        Raises:
            ModuleError: `one_class` or `too_many_classes`.
        """
        found = class_names(label)
        if len(found) == 1:
            raise ModuleError(
                "one_class",
                f"“{label.name}” has only the value “{found[0]}”; a model needs at least two classes.",
                param="label",
                column=label.name,
                remedy="Select another label, or keep the rows of more classes.",
            )
        if len(found) > MOST_CLASSES:
            raise ModuleError(
                "too_many_classes",
                f"“{label.name}” has {len(found):,} distinct values; a model has at most {MOST_CLASSES} classes.",
                param="label",
                column=label.name,
                remedy="Select another label, use a regression model if it is an amount, or combine rare values first.",
            )
        tell_lookalikes(found)
        single = class_text(label).alias("class").value_counts(name="rows").filter(pl.col("rows") == 1)["class"].sort().to_list()
        if single:
            log(f"The classes {listed(single)} have a single row each, which is too little to learn from.", "warning")
        return class_values(label)

    def check_positive(self, label: pl.Series, positive: str) -> None:
        """Log that a positive class is not used."""
        if positive:
            log(f"The positive class “{positive}” is not used: the model predicts the probability of each class.", "warning")

    def classes(self, learner: Any, positive: str) -> tuple[str, ...]:
        """Return the classes in the learner's order."""
        return tuple(class_text(pl.Series(learner.classes_)))

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return the classes."""
        return [("Classes", ", ".join(classes[:20]) + (f" and {len(classes) - 20} more" if len(classes) > 20 else ""))]

    def signals(self, y: np.ndarray) -> Sequence[np.ndarray]:
        """Return 1 for each class and 0 for the others, of the twenty most frequent classes."""
        values, rows = np.unique(y, return_counts=True)
        return [(y == value).astype(float) for value in values[np.argsort(-rows, kind="stable")[:20]]]

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return the most likely class of each row, of equally likely ones the first, and the probability of each class."""
        classes = model.classes or ()
        chances = model.estimator.predict_proba(features) if features.height else np.zeros((0, len(classes)))
        likely = pl.Series(classes, dtype=pl.String).gather(chances.argmax(axis=1) if features.height else [])
        names = [f"{PROBABILITIES} ({name})" for name in classes]
        columns = [Score(name, pl.Series(chances[:, at], dtype=pl.Float64), classes[at]) for at, name in enumerate(names)]
        return [Score(LABELS, in_type_of(label, likely, model.label)), *columns]

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score] | None:
        """Return the columns of `score` without values; None before training, which finds the classes."""
        if model.classes is None:
            return None
        columns = [Score(f"{PROBABILITIES} ({name})", pl.Series(dtype=pl.Float64), name) for name in model.classes]
        return [Score(LABELS, pl.Series(dtype=pl.String() if label is None else label)), *columns]

    def claims(self, rows: ScoredRows) -> bool:
        """Return whether there is a score column for each of several classes."""
        return len(rows.classes) > 2

    def read(self, rows: ScoredRows) -> Scored:
        """Return the place of each true class, and the probability of each class; a class without a column has probability 0.

        Raises:
            ModuleError: `no_probability`, when there is no column of a class or one holds what is no probability.
        """
        if not rows.classes:
            raise ModuleError(
                "no_probability",
                f"“{rows.score_column}” has no positive class, so the class of its probabilities is unknown.",
                port="scored",
                column=rows.score_column,
                remedy=REMEDY,
            )
        scores = np.column_stack([rows.frame[column].cast(pl.Float64).to_numpy() for column in rows.classes.values()])
        if wrong := [
            column for column, values in zip(rows.classes.values(), scores.T, strict=True) if values.min() < 0 or values.max() > 1
        ]:
            raise ModuleError(
                "no_probability",
                f"“{wrong[0]}” has values below 0 or above 1, so they cannot be probabilities.",
                port="scored",
                column=wrong[0],
                remedy=REMEDY,
            )
        if off := int((np.abs(scores.sum(axis=1) - 1) > 1e-3).sum()):
            log(f"The probabilities of {counted(off, 'row')} do not add up to 1.", "warning")
        actual = class_text(rows.label)
        names = list(rows.classes)
        if new := sorted(set(actual.unique()) - set(names)):
            log(f"There is no probability for the classes {listed(new)}; it counts as 0.", "warning")
        names += new
        scores = np.column_stack([scores, np.zeros((len(scores), len(new)))])
        places = {name: place for place, name in enumerate(names)}
        truth = np.array([places[name] for name in actual])
        return Scored(rows.name, truth, scores, weight=rows.weight, classes=tuple(names))

    def metric_values(self, scored: Scored) -> dict[str, float | None]:
        """Return the figures by key; what needs other classes too is None where only one occurs."""
        return ClassScores(scored).figures

    def metric_value(self, scored: Scored, key: str) -> float | None:
        """Return one of the figures without those of other kinds."""
        return ClassScores(scored).figure(key)

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return how much each row moves the figures."""
        return ClassScores(scored).influences

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the figures with their intervals, their averages, the figures of each class, and which classes are taken for which."""
        judged = [ClassScores(one) for one in scored]
        metrics: list[dict[str, Any]] = [{"name": one.name, "metrics": found.figures} for one, found in zip(scored, judged, strict=True)]
        weighed = any(one.weight is not None for one in scored)
        sure, more = ([row for found in judged for row in found.intervals(some)] for some in (self.metrics, self.further))
        averages = [
            [metric["name"], title, *(metric["metrics"][f"{name}_{average}"] for name in ("precision", "recall", "f1"))]
            for metric in metrics
            for average, title in AVERAGES.items()
        ]
        amount = "Weight" if weighed else "Rows"
        blocks = [
            figures("Metrics (rows weighted)" if weighed else "Metrics", self.metrics, metrics, sure),
            intervals.table(sure, "AUC by DeLong, proportions by Wilson, others by the normal approximation and the delta method"),
            table("Averages over the classes", ["Model", "Average", "Precision", "Recall", "F1"], averages),
            figures("Further metrics (rows weighted)" if weighed else "Further metrics", self.further, metrics, more),
            *(confusion_chart(one.name, found.confusion, one.classes, amount) for one, found in zip(scored, judged, strict=True)),
            table("Classes", ["Model", "Class", amount, *CLASS_COLUMNS], [row for found in judged for row in found.by_class()]),
            table(
                "Confused classes, most frequent first",
                ["Model", "Actual", "Predicted", amount, "Share of the actual class"],
                [row for one, found in zip(scored, judged, strict=True) for row in confusions(one.name, found.confusion, one.classes)],
            ),
        ]
        return Report("Evaluation", blocks, metrics)


TASK = MultiClass()
CLASS_COLUMNS = ("Predicted", "Precision", "Recall", "F1", "AUC, one-vs-rest")
