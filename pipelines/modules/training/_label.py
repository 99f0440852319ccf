"""The label as learners take it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Task
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import LARGEST, class_text

FEWEST_ROWS = 2


def target(values: pl.Series, task: Task) -> Any:
    """The label's values: numbers for a regression; for two classes the values themselves.

    Raises:
        ModuleError: When the values do not suit the task.
    """
    if len(values) < FEWEST_ROWS:
        raise ModuleError(
            "no_rows",
            f"There is {'only one' if len(values) else 'no'} row with a value of '{values.name}'; a model needs at least {FEWEST_ROWS}.",
            port="table",
            column=values.name,
            remedy="Give it more rows.",
        )
    return _number(values) if task == "regression" else _class(values)


def class_names(learner: Any, positive: str = "") -> tuple[str, str]:
    """The two classes of a fitted learner as text, the negative one first: the earlier in order, unless that one is named as positive."""
    first, second = class_text(pl.Series(learner.classes_))
    return (second, first) if positive == first else (first, second)


def check_positive(values: pl.Series, positive: str, task: Task) -> None:
    """Refuses a positive class that the label does not have.

    Raises:
        ModuleError: `unknown_class`.
    """
    if not positive:
        return
    if task == "regression":
        log(f"The positive class '{positive}' is not used: the learner predicts a number.", "warning")
        return
    found = class_text(values.unique().sort()).to_list()
    if positive not in found:
        raise ModuleError(
            "unknown_class",
            f"'{values.name}' does not have the value '{positive}'.",
            param="positive_class",
            column=values.name,
            remedy=f"Write one of {', '.join(found[:4])}, or nothing for {found[-1]}.",
        )


def _number(values: pl.Series) -> Any:
    if kind_of(values.dtype) != "number":
        raise ModuleError(
            "label_not_a_number",
            f"'{values.name}' does not hold numbers, and a regression predicts a number.",
            param="label",
            column=values.name,
            remedy="Choose a numeric label, or a classification learner.",
        )
    numbers = values.cast(pl.Float64).to_numpy()
    if not np.isfinite(numbers).all():
        raise ModuleError(
            "label_not_finite",
            f"'{values.name}' holds values that are not finite numbers.",
            param="label",
            column=values.name,
            remedy="Clean them first.",
        )
    if np.abs(numbers).max() > LARGEST:
        raise ModuleError(
            "label_too_large",
            f"'{values.name}' holds values beyond ±1e100, whose squares no number can hold.",
            param="label",
            column=values.name,
            remedy="Divide the column first, for example with Add Column.",
        )
    return numbers


def _class(values: pl.Series) -> Any:
    found = class_text(values.unique().sort()).to_list()
    if len(found) != 2:
        held = "only the value" if len(found) == 1 else f"{len(found)} different values:"
        some = ", ".join(f"'{value}'" for value in found[:4]) + (", …" if len(found) > 4 else "")
        raise ModuleError(
            "not_two_classes",
            f"'{values.name}' has {held} {some}; a two-class learner needs exactly two.",
            param="label",
            column=values.name,
            remedy="Choose another label, or keep the rows of two classes.",
        )
    if found[0].strip().lower() == found[1].strip().lower():
        log(f"The classes '{found[0]}' and '{found[1]}' differ only in spaces or in upper and lower case.", "warning")
    if values.dtype == pl.Boolean or values.dtype.is_integer() or (values.dtype.is_float() and bool((values % 1 == 0).all())):
        return values.to_numpy()
    return class_text(values).to_numpy().astype(str)
