"""Tables that modules are tortured with, made of the tables of a module's example: the same columns and settings, other contents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.ports import Table
from tests.pipelines.modules.examples import Use

Names = Sequence[str]
Change = Callable[[pl.DataFrame, Names], pl.DataFrame]
Torture = Callable[[Module, Use], Use]

CATEGORIES, COLUMNS = 10_000, 2_000
TEXTS = (
    "12", "3.5", "1e5", "NaN", "inf", "-", "", " ", "\t\n", "abc", "ABC", "äöü", "e\u0301", "🚗👩\u200d👩\u200d👧", "nu\x00ll", "long " * 4000,
    "'; DROP TABLE t1; --", '"quoted"', "a,b", "<b>", "1,234.5", "2024-01-01", "TRUE", "None", "\u202eright to left", "=1+1", "$1", "\\n", "{}",
    "%s", None, ".*", "(", "中文 文本", "9" * 400, "\ufeffbom",
)  # fmt: skip
NAMES = (
    "价格 €", "e\u0301te\u0301", "🚗👩\u200d👧", "^begins", "ends$", "**", '"quoted"', "back\\slash", "{braces}", "%s", " space ", "a.b", "[0]", "two\nlines", "null",
    "'", "`tick`", "x" * 500, "\u202eright to left", "a,b", "<b>", "$1", "rows", "index", "",
)  # fmt: skip


def names_at(module: Module, use: Use, port: str) -> list[str]:
    """The columns of a port that the settings name."""
    found: list[str] = []
    for param in module.params:
        value = use.settings.get(param.name)
        if param.port == port and param.kind is ParamKind.COLUMN and value:
            found.append(value)
        elif param.port == port and param.kind is ParamKind.COLUMNS and isinstance(value, list):
            found += [name for name in value if isinstance(name, str)]
    return list(dict.fromkeys(found))


def some_columns(frame: pl.DataFrame) -> list[str]:
    """Two columns of numbers and two of texts."""
    kinds = {column: kind_of(dtype) for column, dtype in frame.schema.items()}
    return [column for kind in ("number", "text") for column in [name for name in kinds if kinds[name] == kind][:2]]


def changed(module: Module, use: Use, change: Change) -> Use:
    """The use with other tables; a change gets the columns that the settings name, else some of them."""
    inputs = {}
    for port, values in use.inputs.items():
        names = names_at(module, use, port)
        inputs[port] = [
            value.with_frame(change(value.frame, names or some_columns(value.frame))) if isinstance(value, Table) else value
            for value in values
        ]
    return replace(use, inputs=inputs)


def content(change: Change) -> Torture:
    """A torture of the tables alone."""
    return lambda module, use: changed(module, use, change)


def every(expression: Callable[[str, pl.DataType], pl.Expr]) -> Torture:
    """A torture that puts another value into each column."""

    def change(frame: pl.DataFrame, _: Names) -> pl.DataFrame:
        return frame.with_columns(expression(name, dtype).alias(name) for name, dtype in frame.schema.items())

    return content(change)


def columns_param(module: Module, use: Use) -> Param | None:
    """The setting that selects columns by a rule unless it names some."""
    open_ = (param for param in module.params if param.kind is ParamKind.COLUMNS and not param.required and param.name not in use.settings)
    return next((param for param in open_ if param.default), None)


def in_place(make: Callable[[int], pl.Series]) -> Torture:
    """Columns that the settings name get other types; where a rule selects columns, these are named."""

    def torture(module: Module, use: Use) -> Use:
        param, settings = columns_param(module, use), use.settings
        if param and (param.port or "table") in use.inputs:
            frame = next(value.frame for value in use.inputs[param.port or "table"] if isinstance(value, Table))
            some = [name for name in some_columns(frame) if name not in names_at(module, use, param.port or "table")]
            settings = {**settings, param.name: some}
        return changed(module, replace(use, settings=settings), lambda frame, names: _typed(frame, names, make))

    return torture


def _typed(frame: pl.DataFrame, names: Names, make: Callable[[int], pl.Series]) -> pl.DataFrame:
    return frame.with_columns(make(frame.height).alias(name) for name in names if name in frame.columns)


def beside(*made: Callable[[int], pl.Series]) -> Torture:
    """Columns of other types beside those of the example."""
    return content(lambda frame, _: frame.with_columns(make(frame.height).alias(f"beside {i}") for i, make in enumerate(made)))


def strange_names(module: Module, use: Use) -> Use:
    """Columns are called otherwise, in the settings too; equal ones alike in all tables."""
    frames = [value.frame for values in use.inputs.values() for value in values if isinstance(value, Table)]
    named = [name for port in use.inputs for name in names_at(module, use, port)]
    order = dict.fromkeys([*named, *(name for frame in frames for name in frame.columns)])
    new = dict(zip(order, (*NAMES, *(f"列 {i}" for i in range(len(order)))), strict=False))

    def follow(given: Any) -> Any:
        return [new.get(name, name) for name in given] if isinstance(given, list) else new.get(given, given)

    settings = {
        param.name: follow(given) for param in module.params if param.port in use.inputs and (given := use.settings.get(param.name))
    }
    inputs = {
        port: [_with_names(value, new) if isinstance(value, Table) else value for value in values] for port, values in use.inputs.items()
    }
    return Use({**use.settings, **settings}, inputs)


def _with_names(table: Table, new: Mapping[str, str]) -> Table:
    frame = table.frame.rename({name: new[name] for name in table.frame.columns})
    return Table(frame, {new.get(name, name): role for name, role in table.roles.items()})


def one_column(module: Module, use: Use) -> Use:
    """The first column that a setting names is all there is, and each setting names it."""
    inputs, settings = {}, dict(use.settings)
    for port, values in use.inputs.items():
        frame = next((value.frame for value in values if isinstance(value, Table)), None)
        if frame is None:
            inputs[port] = values
            continue
        only = next((name for name in names_at(module, use, port) if name in frame.columns), frame.columns[0])
        inputs[port] = [value.only([only]) if isinstance(value, Table) and only in value.frame.columns else value for value in values]
        settings |= {
            param.name: [only] if param.kind is ParamKind.COLUMNS else only
            for param in module.params
            if param.port == port and use.settings.get(param.name)
        }
    return Use(settings, inputs)


def many_categories(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    """10,000 rows, with as many values of the texts."""
    texts = [name for name in names if frame.schema.get(name) == pl.String] or frame.select(pl.col(pl.String)).columns[:1]
    rows = pl.int_range(CATEGORIES, eager=True)
    return frame[(rows % max(1, frame.height)).to_list()].with_columns(pl.format("category {}", rows).alias(name) for name in texts)


def many_columns(module: Module, use: Use) -> Use:
    """2,000 columns of numbers, and all are selected where no column is named."""
    param = columns_param(module, use)
    settings = {**use.settings, **({param.name: "all"} if param else {})}

    return changed(module, replace(use, settings=settings), lambda frame, _: frame.hstack(_numbers(frame.height)))


@cache
def _numbers(rows: int) -> pl.DataFrame:
    row, column = np.arange(rows)[:, None], np.arange(COLUMNS)
    return pl.DataFrame((row * (7 + column) + column) % 101 / 7, schema=[f"number {i}" for i in range(COLUMNS)])


def extremes(name: str, dtype: pl.DataType) -> pl.Expr:
    """Infinities and NaN among the numbers."""
    if not dtype.is_numeric():
        return pl.col(name)
    row, value = pl.int_range(pl.len()), pl.col(name).cast(pl.Float64)
    return (
        pl.when(row % 5 == 0)
        .then(float("inf"))
        .when(row % 5 == 1)
        .then(float("-inf"))
        .when(row % 5 == 2)
        .then(float("nan"))
        .otherwise(value)
    )


def huge(name: str, dtype: pl.DataType) -> pl.Expr:
    """Numbers whose sums, squares and differences overflow, and some that are nearly 0."""
    if not dtype.is_numeric():
        return pl.col(name)
    row = pl.int_range(pl.len())
    return pl.when(row % 4 == 0).then(1.7e308).when(row % 4 == 1).then(-1.7e308).when(row % 4 == 2).then(5e-324).otherwise(row.cast(float))


def _only_numbers(value: Any) -> Callable[[str, pl.DataType], pl.Expr]:
    return lambda name, dtype: pl.lit(value) if dtype.is_numeric() else pl.col(name)


def _typed_values(values: Callable[[int], Any], dtype: pl.DataType | type[pl.DataType]) -> Callable[[int], pl.Series]:
    """A column of a type; each seventh value is missing."""
    return cache(lambda height: pl.Series([None if i % 7 == 3 else values(i) for i in range(height)], dtype=dtype))


TYPES: Mapping[str, Callable[[int], pl.Series]] = {
    "dates": _typed_values(lambda i: date(2024, 2, 28) + timedelta(days=i % 17), pl.Date),
    "times with a zone": _typed_values(lambda i: datetime(2024, 3, 30, 12) + timedelta(hours=i), pl.Datetime("us", "Europe/Zurich")),
    "times": _typed_values(lambda i: datetime(1, 1, 1) if i % 5 == 0 else datetime(9999, 12, 31, 23, 59), pl.Datetime("ms")),
    "durations": _typed_values(lambda i: timedelta(hours=i - 5), pl.Duration("ns")),
    "times of day": _typed_values(lambda i: time(i % 24, i % 60), pl.Time),
    "yes and no": _typed_values(lambda i: i % 3 == 0, pl.Boolean),
    "decimals": lambda height: (pl.int_range(height, eager=True) * 37 % 101).cast(pl.Decimal(38, 10)),
    "whole numbers beyond 64 bits": _typed_values(lambda i: 2**63 + i * 1000, pl.UInt64),
    "small whole numbers": _typed_values(lambda i: i * 37 % 256 - 128, pl.Int8),
    "bytes": _typed_values(lambda i: i * 91 % 256, pl.UInt8),
    "lists": _typed_values(lambda i: list(range(i % 4)), pl.List(pl.Int64)),
    "structs": _typed_values(lambda i: {"a": i, "b": str(i)}, pl.Struct({"a": pl.Int64, "b": pl.String})),
    "binary": _typed_values(lambda i: bytes([i % 256, 0, 255]), pl.Binary),
    "categorical": _typed_values(lambda i: "xyz"[i % 3], pl.Categorical),
    "enum": _typed_values(lambda i: "xyz"[i % 3], pl.Enum(["z", "y", "x", "never"])),
    "nulls without a type": _typed_values(lambda i: None, pl.Null),
    "mixed text": _typed_values(lambda i: TEXTS[i % len(TEXTS)], pl.String),
}
TORTURES: Mapping[str, Torture] = {
    "no rows": content(lambda frame, _: frame.clear()),
    "no columns": content(lambda frame, _: pl.DataFrame()),
    "one row": content(lambda frame, _: frame.head(1)),
    "two rows": content(lambda frame, _: frame.head(2)),
    "one column": one_column,
    "all missing": every(lambda name, dtype: pl.lit(None, dtype)),
    "all not a number": every(_only_numbers(float("nan"))),
    "all infinite": every(_only_numbers(float("inf"))),
    "infinities": every(extremes),
    "huge numbers": every(huge),
    "constant": every(lambda name, dtype: pl.col(name).drop_nulls().first()),
    "duplicates": content(lambda frame, _: pl.concat([frame, frame, frame])),
    "10,000 categories": content(many_categories),
    "2,000 columns": many_columns,
    "strange names": strange_names,
    "every type beside": beside(*TYPES.values()),
    **{f"{name} in place": in_place(make) for name, make in TYPES.items()},
}
UNSEEN = "unseen values"
# Of rows that a fitted transformation meets after those that it was fitted on.
CHANGES = (
    UNSEEN, "no rows", "one row", "one column", "all missing", "all infinite", "infinities", "huge numbers", "constant",
    *(f"{name} in place" for name in ("times", "durations", "yes and no", "bytes", "lists", "binary", "categorical", "nulls without a type", "mixed text")),
)  # fmt: skip


def unseen(frame: pl.DataFrame, _: Names) -> pl.DataFrame:
    """Texts that were not there before, and some that are missing."""
    row = pl.int_range(pl.len())
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.when(row % 3 > 0).then(pl.format("never seen {}", row)).alias(name) for name in texts)


def taken_names(new: Mapping[str, Sequence[str]]) -> Torture:
    """The tables have columns that are called as those that the module adds: `new` by input port."""

    def change(frame: pl.DataFrame, names: Names, added: Sequence[str]) -> pl.DataFrame:
        spare = [name for name in reversed(frame.columns) if name not in names]
        return frame.rename(dict(zip(spare, added, strict=False)))

    def torture(module: Module, use: Use) -> Use:
        for port in use.inputs:
            held = {name for value in use.inputs[port] if isinstance(value, Table) for name in value.frame.columns}
            added = list(dict.fromkeys(name for name in new.get(port, ()) if name not in held))
            part = changed(module, replace(use, inputs={port: use.inputs[port]}), partial(change, added=added))
            use = replace(use, inputs={**use.inputs, **part.inputs})
        return use

    return torture
