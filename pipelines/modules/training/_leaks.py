"""Features that give the label away: each alone predicts it almost perfectly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.learning import kind_named
from pipelines.catalogue.ports import Task

MOST_ROWS = 5_000  # looked at, evenly spread over the table
FEWEST_ROWS = 20
SURE = 0.999


def find_leaks(frame: pl.DataFrame, features: Sequence[tuple[str, str]], y: Any, task: Task) -> Iterator[tuple[str, str]]:
    """The features that predict the label alone, and how well.

    Args:
        frame: The feature columns as `feature_frame` makes them.
        features: The columns and the names of their types.
        y: The label's values.
        task: What is predicted.
    """
    if frame.height < FEWEST_ROWS:
        return
    some = np.linspace(0, frame.height - 1, min(frame.height, MOST_ROWS)).astype(int)
    label = np.asarray(y)[some]
    truth = (label == np.unique(label)[-1]).astype(float) if task == "two_class" else label.astype(float)
    if not truth.std() > 0:
        return
    for column, dtype in features:
        values = frame[column].gather(some)
        found = _by_group(values, truth) if kind_named(dtype) == "text" else _by_order(values, truth, task)
        gap = _correlation(values.is_null().cast(pl.Float64).to_numpy(), truth)
        if found or gap > SURE:
            what = "whether it has a value" if not found else "it"
            measure = found or f"R² {gap:.4g}"
            yield column, f"{what} alone predicts the label almost perfectly ({measure}). Is it known before the label is?"


def _by_group(values: pl.Series, truth: np.ndarray) -> str | None:
    """Of texts: how well the mean of each text's rows does. Where texts are as rare as rows that says nothing."""
    groups = pl.DataFrame({"text": values, "truth": truth})
    if groups["text"].n_unique() > groups.height / 10:
        return None
    means = groups.select(pl.col("truth").mean().over("text")).to_series().to_numpy()
    r2 = 1 - ((truth - means) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
    return f"R² {r2:.4g}" if r2 > SURE else None


def _by_order(values: pl.Series, truth: np.ndarray, task: Task) -> str | None:
    known = values.is_not_null().to_numpy()
    number, truth = values.to_numpy()[known], truth[known]
    if len(number) < FEWEST_ROWS or not truth.std() > 0:
        return None
    if task == "regression":
        r2 = _correlation(number, truth)
        return f"R² {r2:.4g}" if r2 > SURE else None
    from sklearn.metrics import roc_auc_score

    auc = float(roc_auc_score(truth, number))
    return f"AUC {max(auc, 1 - auc):.4g}" if max(auc, 1 - auc) > SURE else None


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    """The squared correlation; 0 where one side does not vary."""
    a, b = left - left.mean(), right - right.mean()
    a, b = a / (np.abs(a).max() or 1.0), b / (np.abs(b).max() or 1.0)
    spread = (a @ a) * (b @ b)
    return float((a @ b) ** 2 / spread) if spread > 0 else 0.0
