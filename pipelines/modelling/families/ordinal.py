"""A learner of classes in an order that is made of a two-class learner, whose family encodes and fits each part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text, listed
from pipelines.catalogue.reporting import log
from pipelines.modelling.families import one_against
from pipelines.modelling.families.one_against import fit_part
from pipelines.modelling.family import TrainingData


def _fit(learner: Any, data: TrainingData) -> Any:
    classes = _in_order(np.unique(data.y), learner.order)
    log(f"The order of the classes is {' < '.join(class_text(pl.Series(classes)).to_list()[:20])}{' < …' if len(classes) > 20 else ''}.")
    return learner.fit(data.matrix, data.y, classes, lambda above: fit_part(learner, replace(data, y=above)))


def _in_order(classes: np.ndarray, order: Any) -> np.ndarray:
    """The classes from low to high: in the order that is given, else by number."""
    names = class_text(pl.Series(classes)).to_list()
    if order:
        if missing := [name for name in names if name not in order]:
            raise ModuleError(
                "unknown_order",
                f"The order does not contain the classes {listed(missing)}.",
                param="order",
                remedy=f"Enter all classes from low to high, separated by commas, such as {', '.join(names[:5])}.",
            )
        return classes[np.argsort([list(order).index(name) for name in names])]
    numbers = pl.Series(names).cast(pl.Float64, strict=False)
    if classes.dtype != bool and numbers.null_count():
        raise ModuleError(
            "unknown_order",
            f"The order of the classes {listed(names)} is not known: they are texts.",
            param="order",
            remedy=f"Enter all classes from low to high, separated by commas, such as {', '.join(names[:5])}.",
        )
    return classes if classes.dtype == bool else classes[np.argsort(numbers.to_numpy(), kind="stable")]


FAMILY = replace(one_against.FAMILY, name="ordinal", fit=_fit, trusted=("pipelines.modelling.ordinal.OrdinalClassifier",))
