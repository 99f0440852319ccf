"""scikit-learn's histogram boosting: category codes instead of one-hot columns, and missing values as they are."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.phrases import listed
from pipelines.catalogue.reporting import log
from pipelines.modelling.encoders import category_places, code_columns
from pipelines.modelling.family import Family, Features, TrainingData


def _with_values(frame: pl.DataFrame, features: Features) -> Features:
    """Without the columns that hold infinite values only, which are missing: scikit-learn cannot bin them."""
    empty = [column for column, _ in features if frame[column].null_count() == frame.height]
    if empty:
        log(f"The columns {listed(empty)} have no finite values and are not used.", "warning")
    return [feature for feature in features if feature[0] not in empty]


def _fit(learner: Any, data: TrainingData) -> Any:
    learner.set_params(categorical_features=category_places(data.columns))
    return learner.fit(data.matrix, data.y, sample_weight=data.weights)


FAMILY = Family(
    "histogram_boosting",
    encode=lambda frame, features, settings: code_columns(frame, _with_values(frame, features)),
    fit=_fit,
    warm=("sklearn.ensemble",),
    libraries=("scikit-learn", "numpy", "scipy"),
    trusted=(  # of functools.partial the function is looked at too: it is no way to any other
        "functools.partial",
        "sklearn.utils.validation.check_array",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.link.MultinomialLogit",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfMultinomialLoss",
        "sklearn._loss.loss.HalfSquaredError",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    ),
)
