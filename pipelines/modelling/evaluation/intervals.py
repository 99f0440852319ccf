"""How sure a figure is: 95 % confidence intervals from the rows that were judged.

Wilson (1927) for shares; DeLong, DeLong and Clarke-Pearson (1988) for the area under the ROC curve; else the normal approximation, for figures
that are no means by the delta method. With weights the number of rows is Kish's effective one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.modelling.evaluation.charts import Sure

Interval = tuple[float, float] | None
Z = 1.959963984540054  # the normal distribution's 97.5 % point
TITLE = "95\u00a0% confidence intervals"


def wilson(right: np.ndarray, weight: np.ndarray) -> Interval:
    """Of the share of rows that are right."""
    if not weight.sum() > 0:
        return None
    share, size = float(np.average(right, weights=weight)), weight.sum() ** 2 / (weight**2).sum()
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    off = Z / (1 + Z**2 / size) * np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return float(max(0.0, middle - off)), float(min(1.0, middle + off))


def around(value: float, influence: np.ndarray, weight: np.ndarray, low: float = -np.inf, high: float = np.inf) -> Interval:
    """Of a figure that is a mean of the rows, or moves with each row as `influence` says."""
    error = standard_error(influence, weight)
    return None if error is None else (float(max(low, value - Z * error)), float(min(high, value + Z * error)))


def standard_error(values: np.ndarray, weight: np.ndarray) -> float | None:
    """Of the weighted mean of values; None for fewer than two rows that weigh something."""
    rows = int((weight > 0).sum())
    if rows < 2:
        return None
    off = weight * (values - np.average(values, weights=weight))
    largest = float(np.abs(off).max()) or 1.0  # whose square may be no number
    return float(np.sqrt(((off / largest) ** 2).sum() * rows / (rows - 1)) * largest / weight.sum())


def area(auc: float, truth: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> Interval:
    """Of the area under the ROC curve, by how many rows of the other class each row is on the right side of."""
    positive = truth == 1
    above = placements(chance[positive], chance[~positive], weight[~positive])
    below = 1 - placements(chance[~positive], chance[positive], weight[positive])
    errors = [standard_error(above, weight[positive]), standard_error(below, weight[~positive])]
    if None in errors:
        return None
    off = Z * float(np.hypot(*errors))  # type: ignore[arg-type]
    return max(0.0, auc - off), min(1.0, auc + off)


def table(rows: Sequence[Sure], ways: str) -> Mapping[str, Any]:
    """The block that shows intervals: model, figure, value and interval of each."""
    shown = [[model, figure, value, *(interval or (None, None))] for model, figure, value, interval in rows]
    return {"type": "table", "title": f"{TITLE} ({ways})", "columns": ["Model", "Metric", "Value", "From", "To"], "rows": shown}


def placements(scores: np.ndarray, others: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return for each score the share of the others below it; those equal to it count half."""
    order = np.argsort(others, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    left, right = (np.searchsorted(others[order], scores, side) for side in ("left", "right"))
    found: np.ndarray = (sums[left] + sums[right]) / 2 / max(sums[-1], 1e-300)
    return found
