"""Models that a script returns: what Score Model needs to know of them, and what is wrong with one that it could not use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import Model, Table
from pipelines.modelling.features import calendar_columns
from pipelines.modelling.task import LabelTask, Task
from pipelines.modelling.tasks import tasks
from pipelines.modules.script._tables import frame_of, is_table

NONE = Model("", "regression", None, "", ())
HOW = 'Return easel.model(estimator, table, label="..."), with the table of features it was fitted on; or replace(model, estimator=...).'


def helper(arrived: Sequence[Table], bundle: Path | None = None) -> SimpleNamespace:
    """What a script has by the name `easel`."""

    def model(estimator: Any, table: Any, label: str | None = None, positive: Any = None) -> Model:
        """A fitted estimator as a model: its features are the table's columns but the label, which clusters and anomalies need not have."""
        _require_estimator(estimator)
        if not is_table(table):
            raise _wrong(f"The features of a model must be a table, not a value of type {type(table).__name__}.")
        frame = frame_of(table, arrived)
        features = tuple((name, str(dtype)) for name, dtype in frame.schema.items() if name != label)
        _require_fitted(estimator)
        task = _task(estimator)
        if label is None and isinstance(task, LabelTask):
            raise _wrong(f"{_name(estimator)} predicts a label, but the script does not name it.")
        classes = task.classes(estimator, _positive(estimator, positive))
        return checked(Model(_name(estimator), task.id, estimator, str(label or ""), features, classes))

    return SimpleNamespace(model=model, bundle=bundle)


def is_estimator(value: Any) -> bool:
    """Whether a value is an estimator without what Easel needs to know of it."""
    return hasattr(value, "predict") and hasattr(value, "fit")


def bare(estimator: Any) -> ModuleError:
    """What is wrong with an estimator that was returned as it is."""
    return _wrong(f"main returned {_name(estimator)} without its feature columns and label.")


def checked(model: Model) -> Model:
    """The model, which Score Model can use; without a report that speaks of another.

    Raises:
        ModuleError: When its estimator is not fitted, or fitted on other columns than Score Model would give it.
    """
    estimator = model.estimator
    _require_estimator(estimator)
    _require_fitted(estimator)
    given = [part for column, dtype in model.features for part in (column, *calendar_columns(column, dtype).values())]
    fitted = list(getattr(estimator, "feature_names_in_", ()))
    if (fitted and fitted != given) or getattr(estimator, "n_features_in_", len(given)) != len(given):
        names = fitted or [f"{estimator.n_features_in_} columns"]
        raise _wrong(f"The estimator was fitted on {_listed(names)}, but Score Model would pass it {_listed(given)}.")
    return replace(model, report=None)


def _require_estimator(value: Any) -> None:
    if not is_estimator(value):
        raise _wrong(f"A model must be an estimator of scikit-learn, not a value of type {type(value).__name__}.")


def _require_fitted(estimator: Any) -> None:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except NotFittedError:
        raise _wrong("The estimator is not fitted.") from None
    except TypeError as wrong:
        raise _wrong(f"The estimator is not from scikit-learn: {wrong}.") from wrong


def _task(estimator: Any) -> Task:
    from sklearn.base import is_classifier

    found = next((task for task in tasks().values() if task.suits(estimator)), None)
    if found is not None:
        return found
    if is_classifier(estimator):
        raise _wrong(f"The estimator has {len(estimator.classes_)} class; Easel supports two or more.")
    raise _wrong(f"{_name(estimator)} is not a classifier, a regressor, a clustering that assigns new rows, or an outlier detector.")


def _positive(estimator: Any, positive: Any) -> str:
    """The positive class as text; "" lets the task choose."""
    if positive is None or not hasattr(estimator, "classes_"):
        return ""
    known = class_text(pl.Series(list(estimator.classes_))).to_list()
    chosen = str(class_text(pl.Series([positive]))[0])
    if chosen not in known:
        raise _wrong(f"The estimator has no class “{chosen}”; its classes are {_listed(known)}.")
    return chosen


def _name(estimator: Any) -> str:
    last = estimator.steps[-1][1] if getattr(estimator, "steps", None) else estimator
    return type(last).__name__


def _listed(names: Sequence[str]) -> str:
    return ", ".join(str(name) for name in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def _wrong(words: str) -> ModuleError:
    return ModuleError("wrong_model", words, param="code", remedy=HOW)
