"""Imported models: nothing is trained, only their types may be loaded from a file."""

from __future__ import annotations

from pipelines.modelling.family import Family

FAMILY = Family(
    "imported",
    trusted=tuple(f"pipelines.modelling.imported.{name}" for name in ("ForeignEstimator", "LightGBMText", "OnnxModel", "XGBoostFile")),
)
