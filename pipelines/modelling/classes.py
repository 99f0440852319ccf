"""Classes of a label: as a learner receives them, and as predictions give them back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.reporting import log


def class_names(label: pl.Series) -> list[str]:
    """Return the classes of a label as text, in the order in which a learner has them: of numbers and booleans by value, of all else by their text.

    The text counts also for types with an order of their own, such as Enum: learners get texts.
    """
    values = label.unique()
    return (class_text(values.sort()) if _as_they_are(label) else class_text(values).sort()).to_list()


def places_of(texts: pl.Series) -> pl.Series:
    """The place of each text among the different ones in order, from 0; several times as fast as ranks."""
    return texts.cast(pl.Enum(texts.unique().drop_nulls().sort())).to_physical().cast(pl.UInt32)


def class_values(label: pl.Series) -> np.ndarray:
    """Return the label's values themselves: whole numbers and booleans as they are, all else as text."""
    return label.to_numpy() if _as_they_are(label) else class_text(label).to_numpy().astype(str)


def _as_they_are(label: pl.Series) -> bool:
    """Whether a learner gets the values themselves, and no texts."""
    return label.dtype == pl.Boolean or label.dtype.is_integer() or (label.dtype.is_float() and bool((label % 1 == 0).all()))


def lookalikes(names: Sequence[str]) -> list[list[str]]:
    """Return the classes that differ only in spaces or case, group by group."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.strip().lower(), []).append(name)
    return [group for group in found.values() if len(group) > 1]


def tell_lookalikes(names: Sequence[str]) -> None:
    """Log classes that differ only in spaces or case."""
    for group in lookalikes(names):
        same = [f"“{name}”" for name in group]
        listed = " and ".join([", ".join(same[:-1]), same[-1]])
        log(f"The classes {listed} differ only in spaces or case.", "warning")


def in_type_of(wanted: pl.DataType | None, labels: pl.Series, column: str) -> pl.Series:
    """Return predicted classes in the type of the label, where the table has one."""
    if wanted is None:
        return labels
    if wanted == pl.Boolean:
        return labels == "true"
    try:
        return labels.cast(wanted)
    except pl.exceptions.PolarsError:
        log(f"“{column}” has another type than in training, so Scored Labels is text.", "warning")
        return labels
