"""Files to take away: read back, they are the table."""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.catalogue.errors import ModuleError
from pipelines.preview import export as exporting
from pipelines.preview.export import export

SCHEMA = {"n": pl.Int64, "x": pl.Float64, "t": pl.String, "b": pl.Boolean, "d": pl.Date, "m": pl.Datetime("us")}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=8).filter(lambda text: text.strip() == text)
ROW = st.tuples(
    st.none() | st.integers(-(2**40), 2**40),
    st.none() | st.floats(-1e9, 1e9),
    st.none() | TEXT,
    st.none() | st.booleans(),
    st.none() | st.dates(date(1950, 1, 1)),
    st.none() | st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
)


def written(frame: pl.DataFrame, as_: str, folder: Path, **options: Any) -> Path:
    file = folder / f"out.{as_}"
    export(frame, as_, file, **options)
    return file


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=10))
def test_csv_and_parquet_come_back(tmp_path_factory: pytest.TempPathFactory, table: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("export")
    frame = pl.DataFrame(table, schema=SCHEMA, orient="row")
    assert_frame_equal(pl.read_parquet(written(frame, "parquet", folder)), frame)
    back = pl.read_csv(
        written(frame, "csv", folder, raw=True),
        schema_overrides=dict.fromkeys("dm", pl.String) | {"n": pl.Int64, "x": pl.Float64, "t": pl.String, "b": pl.Boolean},
    )
    back = back.with_columns(
        pl.col("d").str.to_date(strict=False), pl.col("m").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    )
    assert_frame_equal(back, frame)


def test_a_workbook_comes_back(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "n": [1, None, -3],
            "x": [1.5, math.nan, math.inf],
            "t": ["=1+1", "http://x.org", None],
            "b": [True, None, False],
            "d": [date(2024, 1, 31), None, date(1850, 1, 1)],
            "m": [datetime(2024, 1, 31, 12), None, datetime(2024, 2, 1)],
            "big": [2**60, 1, None],
            "z": [datetime(2024, 1, 1, tzinfo=UTC)] * 3,
            "s": [timedelta(1)] * 3,
        }
    )
    back = pd.DataFrame(pl.read_excel(written(frame, "xlsx", tmp_path)).to_dicts())
    assert back["t"].tolist()[:2] == ["=1+1", "http://x.org"]
    assert back["b"].tolist()[0] is True and back["n"].tolist()[0] == 1
    assert [str(value) for value in back["x"]][::2] == ["1.5", "Infinity"]
    assert str(back["d"][0]).startswith("2024-01-31") and back["d"][2] == "1850-01-01"
    assert str(back["big"][0]) == str(2**60)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_a_text_that_begins_like_a_formula_is_made_harmless(tmp_path: Path, start: str) -> None:
    frame = pl.DataFrame({f"{start}h": [f"{start}cmd|' /C calc'!A0", "plain"], "n": [-5, 3]})
    content = written(frame, "csv", tmp_path).read_bytes().decode()
    (head, first, second) = pd.read_csv(io.StringIO(content), header=None, dtype=str, lineterminator="\n").to_numpy().tolist()
    assert head[0].startswith("'") and first[0].startswith("'") and second[0] == "plain"
    assert first[1] == "-5", "numbers stay numbers"
    assert "'" + start not in written(frame, "csv", tmp_path, raw=True).read_bytes().decode()


def test_lists_and_bytes_become_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"l": [[1, 2], None], "b": [b"ab", None], "c": pl.Series(["x", None], dtype=pl.Categorical)})
    assert written(frame, "csv", tmp_path).read_text() == 'l,b,c\n"[1,2]",2 bytes,x\n,,\n'


def test_what_excel_cannot_hold_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tall = pl.DataFrame({"x": pl.int_range(1_048_576, eager=True)})
    with pytest.raises(ModuleError, match="1,048,575 rows"):
        export(tall, "xlsx", tmp_path / "a")
    with pytest.raises(ModuleError, match="16,384 columns"):
        export(pl.DataFrame({f"c{place}": [1] for place in range(16_385)}), "xlsx", tmp_path / "a")
    monkeypatch.setattr(exporting, "EXCEL_CELLS", 3)
    with pytest.raises(ModuleError, match="4 cells"):
        export(pl.DataFrame({"a": [1, 2], "b": [1, 2]}), "xlsx", tmp_path / "a")
    with pytest.raises(ModuleError, match="cannot be downloaded as “exe”"):
        export(tall, "exe", tmp_path / "a")
