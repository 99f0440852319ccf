"""Tables as a script gets and gives them: Polars or pandas frames, a series, or a dict of columns."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import polars as pl

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.ports import Frame, Table
from pipelines.catalogue.reporting import log

Library = Literal["polars", "pandas"]
ACCEPTED = "Return Polars or pandas DataFrames, a Series, or a dict of columns; at most four tables. A model is easel.model(...)."


def given(table: Table | None, library: Library) -> Any:
    """A table as the script gets it: its own, to be changed at will."""
    if table is None:
        return None
    return table.frame.to_pandas() if library == "pandas" else table.frame.clone()


def is_table(value: Any) -> bool:
    """Whether a value is a table of any form."""
    if isinstance(value, pl.DataFrame | pl.LazyFrame | pl.Series) or _pandas(value, "DataFrame", "Series"):
        return True
    return isinstance(value, Mapping) and bool(value) and all(_is_column(column) for column in value.values())


def frame_of(value: Any, arrived: Sequence[Table]) -> Frame:
    """The frame of a table of any form; what pandas cannot hold gets the type back that it arrived with.

    Raises:
        ModuleError: When it cannot be made one; the column is named.
    """
    if _pandas(value, "DataFrame", "Series"):
        frame = _like(_from_pandas(value), arrived)
    elif isinstance(value, Mapping):
        frame = _from_columns({str(name): column for name, column in value.items()})
    elif isinstance(value, pl.Series):
        frame = value.to_frame(value.name or "value")
    else:
        frame = value.collect() if isinstance(value, pl.LazyFrame) else value
    for name, dtype in frame.schema.items():
        if dtype == pl.Object:
            raise _objects(name)
    return frame


def _pandas(value: Any, *types: str) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, tuple(getattr(pandas, name) for name in types))


def _is_column(value: Any) -> bool:
    return isinstance(value, list | tuple | pl.Series) or _pandas(value, "Series", "Index") or type(value).__name__ == "ndarray"


def _from_pandas(value: Any) -> Frame:
    import pandas as pd

    data = value.to_frame(value.name if value.name is not None else "value") if isinstance(value, pd.Series) else value
    if not (isinstance(data.index, pd.RangeIndex) and data.index.name is None):
        names = ", ".join(f"“{name}”" for name in data.index.names if name is not None)
        log(f"The pandas index {names + ' ' if names else ''}was left out. Call reset_index() to keep it as a column.", "warning")
    data = data.reset_index(drop=True)
    data.columns = ["_".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in data.columns]
    if len(twice := data.columns[data.columns.duplicated()]):
        raise ModuleError(
            "duplicate_column",
            f"Two columns are named “{twice[0]}”.",
            param="code",
            column=twice[0],
            remedy="Rename one of them in the script.",
        )
    return pl.DataFrame({name: _column(name, lambda name=name: pl.from_pandas(data[name])) for name in data.columns})  # also an empty name


def _from_columns(columns: Mapping[str, Any]) -> Frame:
    made = [_column(name, lambda value=value: pl.Series(_listed(value))) for name, value in columns.items()]
    if len({column.len() for column in made}) > 1:
        lengths = ", ".join(f"“{column.name}” {column.len():,}" for column in made)
        words = f"The columns that main returned differ in length: {lengths}."
        raise ModuleError("wrong_return", words, param="code", remedy="Return columns of equal length.")
    return pl.DataFrame({column.name: column for column in made})


def _listed(value: Any) -> Any:
    return value.to_numpy() if _pandas(value, "Series", "Index") else value


def _column(name: str, make: Any) -> pl.Series:
    try:
        return make().alias(name)  # type: ignore[no-any-return]
    except UNFORESEEN as wrong:
        raise _objects(name) from wrong


def _objects(name: str) -> ModuleError:
    return ModuleError(
        "object_column",
        f"Column “{name}” contains Python objects or values of several types, which a table cannot store.",
        param="code",
        column=name,
        remedy="Convert them to numbers, text or dates, for example with astype(str) or map_elements(str, return_dtype=pl.String).",
    )


def _like(frame: Frame, arrived: Sequence[Table]) -> Frame:
    """Whole numbers with gaps, which pandas makes decimal, and days, which it makes times, as they arrived; where no value is changed by it."""
    before = {name: dtype for table in reversed(arrived) for name, dtype in table.frame.schema.items()}
    for name, dtype in frame.schema.items():
        was = before.get(name, dtype)
        if (dtype.is_float() and was.is_integer()) or (dtype == pl.Datetime and was == pl.Date):
            back = frame[name].cast(was, strict=False)
            if back.cast(dtype).equals(frame[name], null_equal=True):
                frame = frame.with_columns(back)
    return frame


def say_roles(arrived: Sequence[Table], frames: Sequence[Frame]) -> None:
    """Say which columns with a role are gone; the others keep it by their names."""
    left = {name for frame in frames for name in frame.columns}
    for column, role in {column: role.role for table in reversed(arrived) for column, role in table.roles.items()}.items():
        if frames and role != "feature" and column not in left:
            log(f"Column “{column}” is not in a returned table, so its role ({role}) is lost.", "warning")
