"""Rows against the same question answered in plain Python."""

from __future__ import annotations

import json
import math
import re
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole
from pipelines.execution.codecs import open_frame
from pipelines.preview.columns import Column
from pipelines.preview.rows import rows

SCHEMA = {"n": pl.Int64, "x": pl.Float64, "t": pl.String, "b": pl.Boolean, "d": pl.Date}
ROW = st.tuples(
    st.none() | st.integers(-3, 3),
    st.none() | st.sampled_from([0.0, -1.5, 2.5, math.nan, math.inf, -math.inf]),
    st.none() | st.sampled_from(["", "a", "B", "ab", "a.b", "Äb", "-x"]),
    st.none() | st.booleans(),
    st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 4)),
)
TABLE = st.lists(ROW, max_size=25)
VALUES: dict[str, list[Any]] = {
    "n": [-1, 0, "2", "1.5"],
    "x": [0, "-1.5", 2.5],
    "t": ["a", "", "B"],
    "b": [True, "false"],
    "d": ["2020-01-02", "2020-01-03T12:00"],
}
FILTER = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "column": st.just(name),
            "op": st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "missing", "present"]),
            "value": st.sampled_from(VALUES[name]),
        }
    )
)
SORT = st.lists(
    st.sampled_from([sign + name for name in SCHEMA for sign in ("", "-")]), max_size=3, unique_by=lambda key: key.removeprefix("-")
)


def missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def as_value(name: str, value: Any) -> Any:
    match name:
        case "n" | "x":
            return float(value)
        case "b":
            return {"true": True, "false": False}[str(value).lower()]
        case "d":
            return datetime.fromisoformat(value)
    return value


def passes(row: dict[str, Any], asked: dict[str, Any]) -> bool:
    cell = row[asked["column"]]
    if asked["op"] in ("missing", "present"):
        return missing(cell) == (asked["op"] == "missing")
    if missing(cell):
        return asked["op"] == "!="
    value = as_value(asked["column"], asked["value"])
    cell = datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell
    results: dict[str, bool] = {
        "=": cell == value,
        "!=": cell != value,
        "<": cell < value,
        "<=": cell <= value,
        ">": cell > value,
        ">=": cell >= value,
    }
    return results[asked["op"]]


def ordered(table: list[dict[str, Any]], sort: list[str]) -> list[dict[str, Any]]:
    for key in reversed(sort):
        name = key.removeprefix("-")
        present = [row for row in table if not missing(row[name])]
        present.sort(key=lambda row: row[name], reverse=key.startswith("-"))
        table = present + [row for row in table if missing(row[name])]
    return table


def shown(value: Any) -> Any:
    if missing(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(TABLE, SORT, st.lists(FILTER, max_size=3), st.sampled_from(["", "a", "A.", "b"]), st.integers(0, 5), st.integers(0, 10))
def test_equals_plain_python(table: Any, sort: list[str], filters: list[Any], search: str, offset: int, limit: int) -> None:
    frame = pl.DataFrame(table, schema=SCHEMA, orient="row")
    plain = [dict(zip(SCHEMA, row, strict=True)) for row in table]
    plain = [
        row
        for row in plain
        if all(passes(row, asked) for asked in filters)
        and search.lower() in (row["t"] or "").lower()
        and (row["t"] is not None or not search)
    ]
    plain = ordered(plain, sort)
    found = rows(frame, sort=sort, filters=filters, search=search, offset=offset, limit=limit)
    assert found.total == len(plain)
    assert found.rows == [[shown(value) for value in row.values()] for row in plain[offset : offset + limit]]
    json.dumps(found.rows, allow_nan=False)


def test_cells_are_fit_for_json() -> None:
    frame = pl.DataFrame(
        {
            "moment": [datetime(2024, 1, 31, 12, 0, 1)],
            "zoned": [datetime(2024, 1, 31, tzinfo=UTC)],
            "clock": [clock(1, 2)],
            "span": [timedelta(hours=1)],
            "long": ["x" * 3_000],
            "bytes": [b"\0" * 2_048],
            "list": [list(range(50))],
            "big": [2**60],
            "none": [None],
            "struct": [{"a": 1}],
            "decimal": [Decimal("1.5")],
        }
    )
    (row,) = rows(frame).rows
    assert row[:4] == ["2024-01-31T12:00:01", "2024-01-31T00:00:00+00:00", "01:02:00", "1:00:00"]
    assert len(row[4]) == 1_001 and row[4].endswith("…")
    assert row[5] == "2,048 bytes"
    assert row[6].startswith("[0,1,2") and row[6].endswith("… 50 in total")
    assert row[7:] == [str(2**60), None, '{"a":1}', 1.5]


def test_categories_are_text_with_roles() -> None:
    frame = pl.DataFrame(
        {"c": pl.Series(["b", "a", None], dtype=pl.Categorical), "e": pl.Series(["x", "y", "x"], dtype=pl.Enum(["y", "x"]))}
    )
    found = rows(frame, {"c": ColumnRole("label", categorical=True)}, sort=["c"], filters=[{"column": "e", "op": "=", "value": "x"}])
    assert found.rows == [["b", "x"], [None, "x"]]
    assert found.columns[0] == Column("c", "Categorical", "text", "label", True)


@pytest.mark.parametrize(
    ("column", "value", "wanted"),
    [("n", "many", "a number"), ("b", "maybe", "true or false"), ("d", "soon", "a date or time"), ("x", None, "a number")],
)
def test_a_bad_value_names_the_column(column: str, value: Any, wanted: str) -> None:
    with pytest.raises(ModuleError, match=f"Column “{column}” can be compared with {wanted}") as refused:
        rows(pl.DataFrame(schema=SCHEMA), filters=[{"column": column, "op": ">", "value": value}])
    assert (refused.value.code, refused.value.column) == ("bad_value", column)


def test_contains_takes_words_not_patterns() -> None:
    frame = pl.DataFrame({"t": ["a.c", "abc", "(x", None], "n": [10, 21, 3, 4]})
    assert [row[0] for row in rows(frame, filters=[{"column": "t", "op": "contains", "value": "A.C"}]).rows] == ["a.c"]
    assert [row[0] for row in rows(frame, search="(").rows] == ["(x"]
    assert [row[1] for row in rows(frame, filters=[{"column": "n", "op": "contains", "value": "1"}]).rows] == [10, 21]


def test_a_name_that_begins_with_a_dash() -> None:
    frame = pl.DataFrame({"-x": [1, 2], "x": [2, 1]})
    assert rows(frame, sort=["-x"]).rows == [[1, 2], [2, 1]]
    assert rows(frame, sort=["--x"]).rows == [[2, 1], [1, 2]]


def test_unknown_columns_and_a_table_of_nothing() -> None:
    with pytest.raises(ModuleError, match=re.escape("no column “y”")):
        rows(pl.DataFrame({"x": [1]}), sort=["y"])
    assert rows(pl.DataFrame({"x": []}), sort=["x"], search="a") == rows(pl.DataFrame({"x": []}))
    assert rows(pl.DataFrame()).rows == []
    assert rows(pl.DataFrame({"x": [1, 2]}), offset=10).rows == []


@pytest.mark.slow
def test_a_million_rows(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    count = 1_000_000
    columns = {f"x{place}": chance.normal(size=count) for place in range(15)} | {
        f"t{place}": chance.choice(["a", "b", "c"], count) for place in range(4)
    }
    pl.DataFrame(columns).write_ipc(tmp_path / "t.arrow", compression="uncompressed")

    def seconds(**question: Any) -> float:
        started = time.perf_counter()
        assert rows(open_frame(tmp_path / "t.arrow"), key="t", **question).total == count
        return time.perf_counter() - started

    seconds(limit=1)
    assert seconds(limit=500) < 0.2
    assert seconds(limit=500, offset=900_000) < 0.2
    assert seconds(sort=["-x0"]) < 3
    assert seconds(sort=["-x0"], offset=500_000) < 0.5
