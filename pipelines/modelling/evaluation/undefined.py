"""Why a figure has no value of some rows, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.modelling.task import Metric

_BOTH, _SEVERAL, _DIFFERENT = "rows of both classes", "rows of several classes", "actual values that differ"
_POSITIVE = "actual values that are not negative, and predictions above 0"
NEEDS = {
    "auc": _BOTH,
    "average_precision": _BOTH,
    "auc_macro": _SEVERAL,
    "auc_weighted": _SEVERAL,
    "auc_one_vs_one": _SEVERAL,
    "norm_macro_recall": _SEVERAL,
    "kappa": _SEVERAL,
    "top_2_accuracy": "more than two classes",
    "top_3_accuracy": "more than three classes",
    "relative_absolute_error": _DIFFERENT,
    "relative_squared_error": _DIFFERENT,
    "r2": _DIFFERENT,
    "normalized_mean_absolute_error": _DIFFERENT,
    "normalized_root_mean_squared_error": _DIFFERENT,
    "spearman": "actual values that differ, and predictions that differ",
    "mean_absolute_percentage_error": "actual values other than 0",
    "root_mean_squared_log_error": "actual values and predictions above -1",
    "poisson_deviance": _POSITIVE,
    "tweedie_deviance": _POSITIVE,
}

_NEGATIVE: tuple[Callable[[np.ndarray], np.ndarray], str, str] = (lambda truth: truth < 0, "negative", "Root mean squared error")
# Values of a label of which a figure never has a value, in words, and a figure that has one.
NEVER: Mapping[str, tuple[Callable[[np.ndarray], np.ndarray], str, str]] = {
    "mean_absolute_percentage_error": (lambda truth: truth == 0, "0", "Mean absolute error"),
    "root_mean_squared_log_error": (lambda truth: truth <= -1, "-1 or less", "Root mean squared error"),
    "poisson_deviance": _NEGATIVE,
    "tweedie_deviance": _NEGATIVE,
}


def check_label(metric: Metric, label: pl.Series) -> None:
    """Check that a metric can have a value of a label, whatever is predicted.

    Raises:
        ModuleError: `metric_of_other_labels`.
    """
    if metric.key == "top_3_accuracy" and (classes := label.drop_nulls().n_unique()) <= 3:
        words = f"“{label.name}” has {counted(classes, 'class', 'classes')}, so one of the three most likely is always right."
        raise ModuleError(
            "metric_of_other_labels", words, param="metric", column=label.name, remedy="Select another metric, such as Accuracy."
        )
    if metric.key not in NEVER:
        return
    is_unsuited, words, other = NEVER[metric.key]
    numbers = label.cast(pl.Float64, strict=False).to_numpy()  # where a value is missing it is no number, and suits
    if rows := int(np.count_nonzero(is_unsuited(numbers))):
        raise ModuleError(
            "metric_of_other_labels",
            f"“{label.name}” is {words} in {counted(rows, 'row')}, of which {metric.title} has no value.",
            param="metric",
            column=label.name,
            remedy=f"Select another metric, such as {other}, or remove those rows with Filter Rows.",
        )


def why_undefined(key: str) -> str:
    """Return what a figure needs to have a value; empty where it has one of any rows."""
    return f"It needs {NEEDS[key]}." if key in NEEDS else ""
