"""LightGBM's models of numbers, as arrays and the text of their trees: of thousands of small models the encoder and the archive cost more than the trees.

The matrix is the one of `code_columns`, so the trees are those of Train Model. Where nothing is held out, weighted by class or scaled, LightGBM's own
interface fits them: the estimator of scikit-learn writes and reads all trees once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text
from pipelines.modelling.boosting import needs_scaling
from pipelines.modelling.families.lightgbm import learning_rate
from pipelines.modelling.family import Family, Features, TrainingData
from pipelines.modelling.features import kind_named

NO_TEXTS = SimpleNamespace(output_indices_={})  # an encoder without categories
NOT_OF_THE_BOOSTER = ("n_estimators", "importance_type", "class_weight")  # what only the estimator of scikit-learn knows


class Kept(msgspec.Struct):
    """What is stored of a model: the columns in the order of the matrix, the means of those without gaps, the trees, and the scale of the label."""

    columns: list[str]
    means: list[float]
    trees: bytes
    length: int
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
    booster, classes, scale = _fitted(family, clone(estimator), matrix, y, weights, settings)
    text = booster.model_to_string().encode()
    return TreesOfNumbers(Kept(columns, means.tolist(), _codec().compress(text, asbytes=True), len(text), classes, scale))


def _codec() -> Any:
    """Return the compression of the trees: a fourth of the time of zlib, and smaller."""
    import pyarrow

    return pyarrow.Codec("zstd", 1)


Scale = tuple[float, float] | None


def _fitted(
    family: Family, learner: Any, matrix: np.ndarray, y: Any, weights: Any, settings: Mapping[str, Any]
) -> tuple[Any, list[str] | None, Scale]:
    """Return the trees, the classes, and the centre and scale of a scaled label."""
    if not (settings.get("validation_share") or learner.class_weight or needs_scaling(learner, y)):
        return *_fitted_plainly(learner, matrix, y, weights), None
    learner = family.fit(learner, TrainingData(matrix, y, weights, NO_TEXTS, settings, ()))
    inner, scaler = getattr(learner, "regressor_", learner), getattr(learner, "transformer_", None)
    classes = getattr(inner, "classes_", None)
    scale = None if scaler is None else (float(scaler.mean_[0]), float(scaler.scale_[0]))
    return inner.booster_, None if classes is None else class_text(pl.Series(classes)).to_list(), scale


def _fitted_plainly(learner: Any, matrix: np.ndarray, y: Any, weights: Any) -> tuple[Any, list[str] | None]:
    from lightgbm import Booster, Dataset
    from lightgbm.basic import LightGBMError
    from sklearn.base import is_classifier

    asked = {"objective": "regression"} | {name: value for name, value in learner.get_params().items() if value is not None}
    asked = {name: value for name, value in asked.items() if name not in NOT_OF_THE_BOOSTER}
    asked.setdefault("learning_rate", learning_rate(len(y)))
    classes = None
    if is_classifier(learner):
        found, y = np.unique(y, return_inverse=True)
        asked |= {"objective": "binary"} if len(found) <= 2 else {"objective": "multiclass", "num_class": len(found)}
        classes = class_text(pl.Series(found)).to_list()
    try:
        booster = Booster(asked, Dataset(matrix, y, weight=weights, params=asked, categorical_feature=[]))
        for _ in range(learner.n_estimators):
            booster.update()
    except LightGBMError as fault:
        raise ValueError(str(fault)) from fault
    return booster, classes


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

        return Booster(model_str=_codec().decompress(self.kept.trees, self.kept.length, asbytes=True).decode())

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
