"""What learners see of a table: feature columns as numbers and texts, label values as classes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table

CATEGORY = "Categorical"


def kind_named(dtype: str) -> str:
    """The kind of a feature by the name of its type, as `Model.features` keeps it."""
    if dtype in ("String", CATEGORY) or dtype.startswith("Enum"):
        return "text"
    if dtype == "Boolean":
        return "boolean"
    return "datetime" if dtype.startswith(("Date", "Time", "Duration")) else "number"


def as_feature(table: Table, column: str) -> tuple[str, str]:
    """A column as a feature: its name, and its type's name or CATEGORY for one that holds categories."""
    return column, CATEGORY if table.is_categorical(column) else str(table.frame.schema[column])


def feature_frame(frame: pl.DataFrame, features: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """The feature columns as a learner takes them: numbers, switches and days since 1970 as Float64, all else as text.

    What is not a finite number is missing.

    Raises:
        ModuleError: `missing_columns` or `wrong_type`, when the table is not like the one the model was trained on.
    """
    absent = [column for column, _ in features if column not in frame.columns]
    if absent:
        some = ", ".join(f"'{column}'" for column in absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")
        raise ModuleError(
            "missing_columns",
            f"The model was trained with columns that are not in this table: {some}.",
            port="table",
            column=absent[0],
            remedy="Prepare this table with the same steps as the training table.",
        )
    return frame.select(_feature(frame, column, dtype) for column, dtype in features)


def class_text(values: pl.Series) -> pl.Series:
    """Label values as the text that names their class; whole numbers lose their decimals, so 1.0 and 1 are one class."""
    if values.dtype.is_float() and bool((values.drop_nulls() % 1 == 0).all()):
        values = values.cast(pl.Int64)
    return values.cast(pl.String)


def _feature(frame: pl.DataFrame, column: str, trained: str) -> pl.Expr:
    dtype, wanted = frame.schema[column], kind_named(trained)
    if dtype == pl.Null:
        return pl.col(column).cast(pl.String if wanted == "text" else pl.Float64)
    if trained != CATEGORY and (found := kind_of(dtype)) != wanted:
        raise ModuleError(
            "wrong_type",
            f"'{column}' held {wanted}s when the model was trained; here it holds {found}s.",
            port="table",
            column=column,
            remedy="Change its type with Edit Metadata.",
        )
    if wanted == "text":
        return pl.col(column).cast(pl.String)
    if wanted == "datetime":
        return _days(column, dtype)
    number = pl.col(column).cast(pl.Float64)
    return pl.when(number.is_finite()).then(number).alias(column)


def _days(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(column).to_physical().cast(pl.Float64)
    per_day = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}[getattr(dtype, "time_unit", "ns") or "ns"]
    return pl.col(column).to_physical().cast(pl.Float64) / per_day
