"""Starts on the logarithm of a skewed label, beside those on the label itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipelines.modelling.automl.portfolio import Start

LOGARITHM = "logarithm"  # among settings: what Transform Label predicts of the logarithm of the label, the mean or the median
LOGARITHM_FOLDS = 0  # a smearing factor from the training rows: that of a number of trees needs no further training
LEARNERS = ("linear", "boosted_trees", "catboost", "xgboost", "neural_network")  # means of rows, as of forests, gain nothing from it
OF_MEDIANS = (  # metrics that the median suits, rather than the mean
    "mean_absolute_error",
    "normalized_mean_absolute_error",
    "relative_absolute_error",
    "median_absolute_error",
    "mean_absolute_percentage_error",
    "root_mean_squared_log_error",
)
SKEWED = 1.0


def is_skewed(label: np.ndarray) -> bool:
    """Return whether numbers are 0 or more with a skew above 1, so that a regression of their logarithm may be the better one."""
    from scipy.stats import skew

    return bool(label.min() >= 0 and label.std() > 0 and skew(label) > SKEWED)


def with_logarithms(starts: Sequence[Start], metric: str) -> list[Start]:
    """Return starts, each learner's first one followed by the same on the logarithm of the label, where it may gain.

    Args:
        starts: The starts on the label itself, in order.
        metric: The key of the metric that counts.
    """
    found, waiting = list[Start](), set(LEARNERS)
    for start in starts:
        found.append(start)
        if start.learner.name in waiting:
            waiting.remove(start.learner.name)
            predicts = "median" if metric in OF_MEDIANS else "mean"
            found.append(replace(start, settings={**start.settings, LOGARITHM: predicts}))
    return found
