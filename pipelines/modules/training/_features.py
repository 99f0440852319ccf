"""Which columns of a table a model learns from."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.learning import CATEGORY, as_feature
from pipelines.catalogue.ports import Table
from pipelines.catalogue.telling import note

FEWEST_NAMES = 20


def choose_features(table: Table, label: str) -> list[tuple[str, str]]:
    """The feature columns and their types; says which were left out, and why.

    Raises:
        ModuleError: `no_features` when none is left.
    """
    features = []
    for column in table.columns_with("feature"):
        if column == label:
            continue
        name, dtype = as_feature(table, column)
        if why := _unfit(table.frame[column], dtype):
            note(f"'{column}' was left out: {why}.", "warning")
        else:
            features.append((name, dtype))
    if not features:
        raise ModuleError(
            "no_features", "No column is left to learn from.", port="table", remedy="Give the table at least one feature column."
        )
    return features


def _unfit(values: pl.Series, dtype: str) -> str | None:
    if values.null_count() == len(values):
        return "it has no values"
    kind = "text" if dtype == CATEGORY else kind_of(values.dtype)
    if kind == "other":
        return f"a learner cannot use {values.dtype} values"
    present = len(values) - values.null_count()
    if kind == "text" and (distinct := values.drop_nulls().n_unique()) > max(FEWEST_NAMES, present / 2):
        return f"{distinct} different texts in {present} rows name the rows rather than describe them"
    return None
