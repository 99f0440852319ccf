"""The settings of a trained model: those of its learner, with the threshold that is found on predictions of left-out rows where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.family import Family
from pipelines.modelling.thresholds import model_settings
from pipelines.modules.training._fit import fit


def settings_of(
    untrained: UntrainedModel,
    family: Family,
    frame: pl.DataFrame,
    y: Any,
    features: Sequence[tuple[str, str]],
    weights: Any,
    classes: tuple[str, ...] | None,
) -> dict[str, Any]:
    """Return the settings of the model that is trained on these rows, as `fit` takes them.

    Raises:
        ModuleError: `cannot_learn`; `threshold_needs_two_classes`, `few_of_class`.
    """

    def chances(some: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, Any]:
        own = None if weights is None else weights[some]
        fitted = fit(untrained, family, frame[some], y[some], features, own).pipeline
        return fitted.predict_proba(frame[others]), fitted[-1].classes_

    return model_settings(untrained.settings, y, weights, classes, chances)
