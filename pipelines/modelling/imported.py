"""Estimators of imported models: what another program trained, behind the methods of scikit-learn.

They hold a file of a stranger, or an estimator whose values are a stranger's: they predict in isolation only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.metaestimators import available_if

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.isolation import require_isolation

TITLE = "An imported model"


class ImportedModel(BaseEstimator):  # type: ignore[misc]
    """What all imported models have: their columns in order, and their classes, None for a number.

    `content` are the bytes of a file, as an array of numbers from 0 to 255.
    """

    def __init__(self, columns: Sequence[str] = (), classes: Sequence[str] | None = None, content: Any = None) -> None:
        self.columns, self.classes, self.content = columns, classes, content

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor" if self.classes is None else "classifier"
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_opened"}

    @property
    def classes_(self) -> np.ndarray:
        """Return the classes, as text.

        Raises:
            AttributeError: When it predicts a number.
        """
        if self.classes is None:
            raise AttributeError("classes_")
        return np.asarray(self.classes, dtype=object)

    def predict(self, features: pl.DataFrame) -> np.ndarray:
        """Return the predicted numbers or classes of a frame of features."""
        if self.classes is None:
            return self._checked(features, (features.height,))
        return np.asarray(self.classes_[self.predict_proba(features).argmax(axis=1)])

    @available_if(lambda self: self.classes is not None)  # type: ignore[untyped-decorator]
    def predict_proba(self, features: pl.DataFrame) -> np.ndarray:
        """Return the probability of each class, rows x classes."""
        return self._checked(features, (features.height, len(self.classes or ())))

    def _checked(self, features: pl.DataFrame, shape: tuple[int, ...]) -> np.ndarray:
        require_isolation(TITLE)
        if not hasattr(self, "_opened"):
            self._opened = self._open()
        scores = np.asarray(self._scores(self._opened, features.select(self.columns)), dtype=np.float64)
        if len(shape) == 2 and shape[1] == 2 and scores.size == shape[0]:
            second = scores.reshape(-1)
            scores = np.column_stack([1 - second, second])
        if scores.size != np.prod(shape):
            words = f"The imported model gives values of the shape {scores.shape}, where {shape} were expected."
            raise ModuleError("wrong_prediction", words, remedy="Import it with another task, or with all its classes in order.")
        return scores.reshape(shape)

    def _open(self) -> Any:
        """Return what predicts, once in a process."""
        raise NotImplementedError

    def _scores(self, opened: Any, features: pl.DataFrame) -> Any:
        """Return numbers, or the probabilities of all classes, of two that of the second."""
        raise NotImplementedError


class ForeignEstimator(ImportedModel):
    """An estimator of scikit-learn, fitted elsewhere on a pandas frame, or on an array where it knows no names of columns."""

    def __init__(
        self,
        columns: Sequence[str] = (),
        classes: Sequence[str] | None = None,
        content: Any = None,
        estimator: Any = None,
        named: bool = True,
    ) -> None:
        super().__init__(columns, classes, content)
        self.estimator, self.named = estimator, named

    def _open(self) -> Any:
        return self.estimator

    def _scores(self, opened: Any, features: pl.DataFrame) -> Any:
        import pandas as pd

        # as pandas has them: a missing text is NaN
        values = {
            name: np.array([np.nan if value is None else value for value in column], dtype=object)
            if column.dtype == pl.String
            else column.to_numpy()
            for name, column in zip(features.columns, features.iter_columns(), strict=True)
        }
        rows = pd.DataFrame(values)
        given = rows if self.named else rows.to_numpy()
        return opened.predict(given) if self.classes is None else opened.predict_proba(given)


class _Trees(ImportedModel):
    """Boosted trees: `categories` are the texts of text columns in the order of their numbers."""

    def __init__(
        self,
        columns: Sequence[str] = (),
        classes: Sequence[str] | None = None,
        content: Any = None,
        categories: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(columns, classes, content)
        self.categories = categories

    def _matrix(self, features: pl.DataFrame) -> np.ndarray:
        columns = []
        for name in features.columns:
            values = features[name]
            if known := (self.categories or {}).get(name):
                values = values.replace_strict(
                    list(known), [float(place) for place in range(len(known))], default=None, return_dtype=pl.Float64
                )
            columns.append(values.cast(pl.Float64).fill_null(np.nan).to_numpy())
        return np.column_stack(columns)


class LightGBMText(_Trees):
    """A LightGBM model in its text format."""

    def _open(self) -> Any:
        import lightgbm

        return lightgbm.Booster(model_str=np.asarray(self.content, dtype=np.uint8).tobytes().decode())

    def _scores(self, opened: Any, features: pl.DataFrame) -> Any:
        return opened.predict(self._matrix(features), num_threads=1)


class XGBoostFile(_Trees):
    """An XGBoost model in its JSON or UBJSON format."""

    def _open(self) -> Any:
        import xgboost

        return xgboost.Booster(params={"nthread": 1}, model_file=bytearray(np.asarray(self.content, dtype=np.uint8).tobytes()))

    def _scores(self, opened: Any, features: pl.DataFrame) -> Any:
        return opened.inplace_predict(self._matrix(features), validate_features=False)


class OnnxModel(ImportedModel):
    """An ONNX model. `inputs` are the name and type of each input; one input of all columns, or one for each. `output` has the scores.

    A missing number is NaN, and a missing text the empty one, for ONNX has no other.
    """

    def __init__(
        self,
        columns: Sequence[str] = (),
        classes: Sequence[str] | None = None,
        content: Any = None,
        inputs: Sequence[Sequence[str]] = (),
        output: str = "",
    ) -> None:
        super().__init__(columns, classes, content)
        self.inputs, self.output = inputs, output

    def _open(self) -> Any:
        return session(np.asarray(self.content, dtype=np.uint8).tobytes())

    def _scores(self, opened: Any, features: pl.DataFrame) -> Any:
        if len(self.inputs) == len(self.columns):
            given = {name: _array(features[column], type_) for column, (name, type_) in zip(self.columns, self.inputs, strict=True)}
        else:
            ((name, type_),) = self.inputs
            given = {name: np.column_stack([_array(features[column], type_) for column in self.columns])}
        (scores,) = opened.run([self.output], given)
        if isinstance(scores, list):  # a mapping of classes to probabilities for each row, as converters write by default
            return [[row[key] for key in row] for row in scores]
        return scores


ONNX_TYPES: Mapping[str, Any] = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
    "tensor(string)": object,
}


def session(content: bytes) -> Any:
    """Return what executes an ONNX file, in one thread.

    Raises:
        ModuleError: `extra_missing` without ONNX Runtime; `damaged` when it refuses the file.
    """
    try:
        import onnxruntime
    except ModuleNotFoundError as missing:
        words = "The model needs ONNX Runtime, which is not installed on this machine."
        raise ModuleError("extra_missing", words, remedy="Install it with make run EXTRAS=onnx.") from missing
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as wrong:  # its errors have no base class of their own
        words = f"ONNX Runtime refuses the file: {' '.join(str(wrong).split())[:300]}."
        raise ModuleError("damaged", words, remedy="Check it with onnx.checker.check_model, and export it again.") from wrong


def _array(values: pl.Series, type_: str) -> np.ndarray:
    """Return a column as an array of rows x 1."""
    if type_ == "tensor(string)":
        text = values.cast(pl.String).fill_null("")
        return np.asarray(text.to_list(), dtype=object).reshape(-1, 1)
    wanted = ONNX_TYPES[type_]
    if wanted not in (np.float32, np.float64) and values.null_count():
        words = f"“{values.name}” has missing values, which the ONNX model cannot take: its input is a whole number or a truth value."
        raise ModuleError("missing_value", words, column=values.name, remedy="Fill them with Clean Missing Data.")
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy().astype(wanted).reshape(-1, 1)
