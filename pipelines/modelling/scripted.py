"""The estimator of Create Python Model: a class of a script as a learner. It holds code and the bytes of what was fitted; both are used in isolation only."""

from __future__ import annotations

import inspect
import pickle
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator
from sklearn.utils import Tags
from sklearn.utils.metaestimators import available_if

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.isolation import require_isolation
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.reporting import log
from pipelines.modelling.user_code import compiled, noting, told

TITLE = "Create Python Model"
NAME = "Model"  # the class that is taken where a script has several
FIT = ("fit", "train")
CHANCES = ("scored probabilities", "probabilities", "scored probability", "probability")
LABELS = ("scored labels", "labels", "label", "predictions", "prediction")


class ScriptedModel(BaseEstimator):  # type: ignore[misc]
    """A learner whose class is in a script.

    The fitted object is kept as bytes of pickle: a file of a model that is read, shown or moved runs none of its code. Only predicting does, which
    `require_isolation` allows in the isolated process of a step alone.
    """

    def __init__(self, code: str = "", task: str = "regression", library: str = "pandas", seed: int = 0) -> None:
        self.code, self.task, self.library, self.seed = code, task, library, seed

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "regressor" if self.task == "regression" else "classifier"
        return tags

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_opened"}

    def fit(self, matrix: Any, y: np.ndarray, columns: Sequence[str] = (), weights: Any = None) -> ScriptedModel:
        """Make an object of the script's class, and fit it."""
        require_isolation(TITLE)
        self.columns_ = [str(name) for name in columns] or [f"Col{place + 1}" for place in range(matrix.shape[1])]
        self.n_features_in_ = matrix.shape[1]
        if self.task != "regression":
            self.classes_ = np.unique(y)
        with _errors(), noting():
            made = model_class(self.code)()
            fit = next(getattr(made, name) for name in FIT if hasattr(made, name))
            random.seed(self.seed)
            np.random.seed(self.seed)
            fit(self._frame(matrix), self._label(y), **_weighed(fit, weights))
            self._opened = made
            self.state_ = np.frombuffer(_pickled(made), dtype=np.uint8)
        return self

    def predict(self, matrix: Any) -> np.ndarray:
        """Return the numbers or classes that the object predicts."""
        if self.task != "regression":
            return np.asarray(self.classes_[self.predict_proba(matrix).argmax(axis=1)])
        found = _column(self._asked("predict", matrix), matrix.shape[0], LABELS)
        try:
            return np.asarray(found, dtype=float)
        except (TypeError, ValueError) as wrong:
            raise _unusable("values that are not numbers") from wrong

    @available_if(lambda self: self.task != "regression")  # type: ignore[untyped-decorator]
    def predict_proba(self, matrix: Any) -> np.ndarray:
        """Return the probability of each class: those of the object, or 1 for the class that it predicts."""
        if hasattr(self._object(), "predict_proba"):
            return self._chances(self._asked("predict_proba", matrix), matrix.shape[0])
        found = self._asked("predict", matrix)
        if len(self.classes_) == 2 and (name := _named(found, CHANCES)) is not None:
            return self._chances(found[name], matrix.shape[0])
        log("The model has no predict_proba, so the predicted class has probability 1 and all others 0.", "warning")
        predicted = np.asarray([str(value) for value in _column(found, matrix.shape[0], LABELS)])
        chances = (predicted[:, None] == np.asarray([str(each) for each in self.classes_])[None, :]).astype(float)
        if len(strange := predicted[chances.sum(axis=1) == 0]):
            raise _unusable(f"the class “{strange[0][:60]}”, which the label does not have")
        return np.asarray(chances)

    def score(self, matrix: Any, y: Any) -> float:
        """Return R² or the accuracy."""
        from sklearn.metrics import accuracy_score, r2_score

        return float((r2_score if self.task == "regression" else accuracy_score)(y, self.predict(matrix)))

    def _object(self) -> Any:
        """The fitted object; its bytes are opened when it is used first."""
        require_isolation("This model")
        if not hasattr(self, "_opened"):
            with _errors(), noting():
                _script(self.code)
                self._opened = pickle.loads(self.state_.tobytes())  # noqa: S301  in isolation only
        return self._opened

    def _asked(self, method: str, matrix: Any) -> Any:
        made = self._object()
        with _errors(), noting():
            return getattr(made, method)(self._frame(matrix))

    def _chances(self, found: Any, rows: int) -> np.ndarray:
        try:
            chances = np.asarray(found, dtype=float)
        except (TypeError, ValueError) as wrong:
            raise _unusable("probabilities that are not numbers") from wrong
        if chances.ndim == 1 and len(self.classes_) == 2:
            chances = np.column_stack([1 - chances, chances])
        if chances.shape != (rows, len(self.classes_)):
            raise _unusable(f"probabilities of the shape {chances.shape} for {rows:,} rows and {len(self.classes_)} classes")
        if not ((chances >= -1e-9) & (chances <= 1 + 1e-9)).all():
            raise _unusable("probabilities below 0, above 1 or missing")
        own = [str(each) for each in getattr(self._object(), "classes_", self.classes_)]
        order = [str(each) for each in self.classes_]
        chances = np.clip(chances[:, [own.index(each) for each in order]] if sorted(own) == sorted(order) else chances, 0, 1)
        return np.asarray(chances)

    def _frame(self, matrix: Any) -> Any:
        if isinstance(matrix, pl.DataFrame):
            frame = matrix
        else:
            dense = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
            frame = pl.DataFrame([pl.Series(name, dense[:, place]) for place, name in enumerate(self.columns_)])
        return frame.to_pandas() if self.library == "pandas" else frame

    def _label(self, y: np.ndarray) -> Any:
        label = pl.Series("label", y.tolist() if y.dtype == object else y)
        return label.to_pandas() if self.library == "pandas" else label


def model_class(code: str) -> Any:
    """Run a script, and return its class with fit or train, and predict.

    Raises:
        ModuleError: `no_class` or `several_classes`.
    """
    module = _script(code)
    own = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__]
    found = {value.__name__: value for value in own if hasattr(value, "predict") and any(hasattr(value, name) for name in FIT)}
    if not found:
        raise ModuleError(
            "no_class",
            "The script does not define a class with the methods fit and predict.",
            param="code",
            remedy="Add “class Model:” with “def fit(self, X, y):” and “def predict(self, X):”.",
        )
    if len(found) > 1 and NAME not in found:
        words = f"The script defines several classes with fit and predict: {listed(list(found))}."
        raise ModuleError("several_classes", words, param="code", remedy=f"Name the one to train {NAME}.")
    return found.get(NAME) or next(iter(found.values()))


def _script(code: str) -> ModuleType:
    """The script as a module that pickle finds again: in `sys.modules`, by a digest of its code."""
    name = f"easel_script_{sha256(code.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        module = ModuleType(name)
        sys.modules[name] = module
        try:
            exec(compiled(code), module.__dict__)  # noqa: S102  in isolation only
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (ModuleError, MemoryError):
        raise
    except UNFORESEEN as wrong:
        raise told(wrong, TITLE) from wrong


def _weighed(fit: Any, weights: Any) -> dict[str, Any]:
    if weights is None:
        return {}
    if "sample_weight" in inspect.signature(fit).parameters:
        return {"sample_weight": weights}
    log("Row weights are not used: the model has no parameter sample_weight.", "warning")
    return {}


def _pickled(made: Any) -> bytes:
    try:
        return pickle.dumps(made, protocol=5)
    except UNFORESEEN as wrong:
        words = f"The fitted model cannot be stored: {str(wrong)[:300].rstrip('.')}."
        raise ModuleError("cannot_store", words, remedy="Keep in self only what pickle can store: no lambda, no open file.") from wrong


def _named(found: Any, names: Sequence[str]) -> str | None:
    """The column of a data frame that has one of these names."""
    columns = getattr(found, "columns", ())
    return next((column for name in names for column in columns if str(column).lower() == name), None)


def _column(found: Any, rows: int, names: Sequence[str]) -> Any:
    """The predictions: a column by its name, or the only one."""
    if hasattr(found, "columns"):
        name = _named(found, names)
        if name is None and len(found.columns) != 1:
            raise _unusable(f"the columns {listed([str(each) for each in found.columns])}, none of them named Scored Labels")
        found = found[found.columns[0] if name is None else name]
    values = np.asarray(found)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.shape != (rows,):
        raise _unusable(f"values of the shape {values.shape} for {rows:,} rows")
    return values


def _unusable(what: str) -> ModuleError:
    return ModuleError(
        "wrong_prediction",
        f"The model of {TITLE} predicted {what}.",
        remedy="Return one value for each row from predict, and one column for each class from predict_proba.",
    )
