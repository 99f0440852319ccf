"""Fitting: the scikit-learn pipeline from feature columns to the label. It holds library classes only, so that skops can keep it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl

from pipelines.catalogue.learning import kind_named
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.telling import note, progress

MOST_CATEGORIES = 100


def fit(untrained: UntrainedModel, frame: pl.DataFrame, y: Any, features: Sequence[tuple[str, str]], weights: Any) -> Any:
    """Fit a learner.

    Args:
        untrained: The learner.
        frame: The feature columns, as `feature_frame` makes them.
        y: The label's values.
        features: The columns and the names of their types.
        weights: A weight for each row, or None.

    Returns:
        The fitted scikit-learn pipeline.
    """
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    texts = [column for column, dtype in features if kind_named(dtype) == "text"]
    numbers = [column for column, _ in features if column not in texts]
    columns = _linear_columns(numbers, texts) if untrained.scales else _tree_columns(numbers, texts)
    with _warnings_as_notes():
        matrix = columns.fit_transform(frame)
        learner = _sized(clone(untrained.estimator), matrix)
        learner.fit(matrix, y, sample_weight=weights, **_extras(learner, len(numbers), len(texts)))
    if hasattr(learner, "_class_map"):  # needed while fitting only, and its numpy keys cannot be kept as JSON
        learner._class_map = {}
    return Pipeline([("columns", columns), ("learner", learner)])


def _linear_columns(numbers: list[str], texts: list[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    scaled = Pipeline([("impute", SimpleImputer(add_indicator=True)), ("scale", StandardScaler())])
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False)
    return ColumnTransformer([("numbers", scaled, numbers), ("texts", one_hot, texts)], verbose_feature_names_out=False)


def _tree_columns(numbers: list[str], texts: list[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OrdinalEncoder

    nan = float("nan")
    ordinal = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=nan, encoded_missing_value=nan, max_categories=MOST_CATEGORIES
    )
    return ColumnTransformer([("numbers", "passthrough", numbers), ("texts", ordinal, texts)], verbose_feature_names_out=False)


def _sized(learner: Any, matrix: Any) -> Any:
    """The learner with the settings that depend on the size of the data."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import Ridge

    if isinstance(learner, Ridge):  # ours is a weight on the mean of the squares, Ridge's on their sum
        return learner.set_params(alpha=learner.alpha * len(matrix))
    if isinstance(learner, TransformedTargetRegressor):  # a step that is longer than 1 / |row|² diverges
        return learner.set_params(regressor__eta0=learner.regressor.eta0 / float((matrix**2).sum(axis=1).mean() + 1))
    return learner


def _extras(learner: Any, numbers: int, texts: int) -> dict[str, Any]:
    if not type(learner).__module__.startswith("lightgbm"):
        return {}

    def tell(stand: Any) -> None:
        progress(stand.iteration + 1, stand.end_iteration, "trees")

    return {"callbacks": [tell], "categorical_feature": list(range(numbers, numbers + texts))}


@contextmanager
def _warnings_as_notes() -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for words in dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught if "Convergence" in warning.category.__name__):
        note(words, "warning")
