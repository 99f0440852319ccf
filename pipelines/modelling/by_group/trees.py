"""LightGBM's models of numbers, as arrays and the text of their trees: of thousands of small models the encoder and the archive cost more than the trees.

The matrix is the one of `code_columns`, so the trees are those of Train Model.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text
from pipelines.modelling.family import Family, Features, TrainingData
from pipelines.modelling.features import kind_named

NO_TEXTS = SimpleNamespace(output_indices_={})  # an encoder without categories


class Kept(msgspec.Struct):
    """What is stored of a model: the columns in the order of the matrix, the means of those without gaps, the trees, and the scale of the label."""

    columns: list[str]
    means: list[float]
    trees: bytes
    classes: list[str] | None
    scale: tuple[float, float] | None


def suits(family: Family, estimator: Any, features: Features) -> bool:
    """Return whether a learner is one of LightGBM, and all features are numbers."""
    known = family.name == "lightgbm" and type(estimator).__name__ in ("LGBMRegressor", "LGBMClassifier")
    return known and all(kind_named(dtype) in ("number", "boolean") for _, dtype in features)


def fit(family: Family, estimator: Any, frame: pl.DataFrame, y: Any, weights: Any, settings: Mapping[str, Any]) -> TreesOfNumbers:
    """Fit the learner to a frame of numbers."""
    from sklearn.base import clone

    gaps = [name for name in frame.columns if frame[name].null_count()]
    columns = [name for name in frame.columns if name not in gaps] + gaps
    matrix = np.ascontiguousarray(frame.select(columns).to_numpy())
    means = frame.select(columns[: len(columns) - len(gaps)]).to_numpy().mean(axis=0)
    learner = family.fit(clone(estimator), TrainingData(matrix, y, weights, NO_TEXTS, settings, ()))
    inner = getattr(learner, "regressor_", learner)
    scaler = getattr(learner, "transformer_", None)
    classes = getattr(inner, "classes_", None)
    return TreesOfNumbers(
        Kept(
            columns,
            means.tolist(),
            zlib.compress(inner.booster_.model_to_string().encode(), 1),
            None if classes is None else class_text(pl.Series(classes)).to_list(),
            None if scaler is None else (float(scaler.mean_[0]), float(scaler.scale_[0])),
        )
    )


@dataclass(frozen=True)
class TreesOfNumbers:
    """A trained model, which predicts as an estimator of scikit-learn does."""

    kept: Kept

    @cached_property
    def classes_(self) -> np.ndarray:
        """The classes, in the order of the probabilities."""
        return np.array(self.kept.classes, dtype=object)

    @cached_property
    def _booster(self) -> Any:
        from lightgbm import Booster

        return Booster(model_str=zlib.decompress(self.kept.trees).decode())

    def predict(self, frame: pl.DataFrame) -> np.ndarray:
        """Return the predicted number of each row."""
        found: np.ndarray = self._booster.predict(self._matrix(frame))
        return found if self.kept.scale is None else found * self.kept.scale[1] + self.kept.scale[0]

    def predict_proba(self, frame: pl.DataFrame) -> np.ndarray:
        """Return the probability of each class for each row."""
        found: np.ndarray = self._booster.predict(self._matrix(frame))
        return np.column_stack([1 - found, found]) if found.ndim == 1 else found

    def _matrix(self, frame: pl.DataFrame) -> np.ndarray:
        filled: Sequence[pl.Expr] = [pl.col(name).fill_null(mean) for name, mean in zip(self.kept.columns, self.kept.means, strict=False)]
        return np.ascontiguousarray(frame.select(*filled, *self.kept.columns[len(filled) :]).to_numpy())
