"""Learners of the logarithm of the label: what undoes it, and the factor for the mean of the label's own scale."""

from __future__ import annotations

from typing import Any

import numpy as np


def undoing(log_factor: float) -> Any:
    """Return the fitted transformer whose inverse is from logarithms to labels: a predicted z gives factor x exp(z) - 1."""
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    steps = [("logarithm", FunctionTransformer(np.log1p, np.expm1)), ("smearing", StandardScaler(with_std=False))]
    for step, value in zip(steps, (0.0, log_factor), strict=True):
        step[1].fit(np.full((1, 1), value))
    return Pipeline(steps)


def log_factor(logarithms: np.ndarray, predicted: np.ndarray, weights: Any) -> float:
    """Return the logarithm of the smearing factor: the mean of exp(residual).

    Source: N. Duan, “Smearing Estimate: A Nonparametric Retransformation Method”, JASA 78 (1983).

    Args:
        logarithms: The logarithm of each label.
        predicted: What is predicted for it.
        weights: The weight of each row, or None.

    Raises:
        ValueError: When the residuals are too large for it.
    """
    with np.errstate(over="ignore"):
        factor = float(np.average(np.exp(logarithms - predicted), weights=weights))
    if not 0 < factor < float("inf"):
        raise ValueError("the residuals of the logarithm are too large for a smearing factor")
    return float(np.log(factor))


def is_of_logarithm(learner: Any) -> bool:
    """Return whether a fitted learner predicts the logarithm of the label, and then undoes it."""
    return list(getattr(getattr(learner, "transformer_", None), "named_steps", ())) == ["logarithm", "smearing"]


def shift_of(learner: Any) -> float:
    """Return what a learner of the logarithm adds to it before it is undone: the logarithm of the smearing factor, 0 for none."""
    return float(learner.transformer_["smearing"].mean_[0])
