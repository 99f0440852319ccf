"""Classes of scripts: they get the encoded features, or the columns as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.modelling.encoders import one_hot_columns
from pipelines.modelling.family import Family, TrainingData

AS_THEY_ARE = "Columns as they are"  # a title of the setting `features`


def _encode(frame: pl.DataFrame, features: Sequence[tuple[str, str]], settings: Mapping[str, Any]) -> Any:
    if settings.get("features") != AS_THEY_ARE:
        return one_hot_columns(frame, features, settings)
    from sklearn.compose import ColumnTransformer

    kept = ColumnTransformer([("columns", "passthrough", frame.columns)], verbose_feature_names_out=False)
    return kept.set_output(transform="polars")


def _fit(learner: Any, data: TrainingData) -> Any:
    return learner.fit(data.matrix, data.y, data.columns.get_feature_names_out(), data.weights)


FAMILY = Family(
    "scripted",
    encode=_encode,
    fit=_fit,
    libraries=("scikit-learn", "numpy", "pandas"),
    trusted=("pipelines.modelling.scripted.ScriptedModel",),
)
