"""Good files of many kinds: right types, right values, and what was done said in notes."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.datasets.parsing.parse import DEFAULT, Options, Parsed, parse
from pipelines.texts.rules import Rules


class Read(NamedTuple):
    found: Parsed
    frame: pl.DataFrame

    @property
    def types(self) -> list[Any]:
        return self.frame.dtypes


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reading(content: str | bytes, format_: str = "csv", options: Options = DEFAULT) -> Read:
        file, out = tmp_path / "upload", tmp_path / "out"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        found = parse(file, format_, out, options=options)
        assert sorted(left.name for left in tmp_path.iterdir()) == ["out", "upload"]
        frame = pl.read_ipc(out)
        assert found.rows == frame.height and [column["name"] for column in found.columns] == frame.columns
        return Read(found, frame)

    return reading


TEXT = "name,price\nCafé,1\nÜber,2\n"


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_encodings(read: Any, codec: str, named: str) -> None:
    got = read(TEXT.encode(codec))
    assert got.found.encoding == named
    assert got.frame.rows() == [("Café", 1), ("Über", 2)]
    assert bool(got.found.notes) == (named == "Windows-1252")


def test_utf_16_without_a_mark(read: Any) -> None:
    assert read("name,price\nvolvo,1\n".encode("utf-16-be")).frame.rows() == [("volvo", 1)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(read: Any, delimiter: str, end: str) -> None:
    lines = ["a,b,c", '1,"x{}y",2024-01-31', "", "2,,", ""]
    content = end.join(lines).replace(",", delimiter).replace("{}", delimiter + end)
    got = read(content)
    assert got.frame.rows() == [(1, f"x{delimiter}{end}y", date(2024, 1, 31)), (2, None, None)]


@pytest.mark.parametrize(
    ("values", "dtype", "cells"),
    [
        (["1", "-2", "+3", ""], pl.Int64, [1, -2, 3, None]),
        (["9223372036854775807", "0"], pl.Int64, [2**63 - 1, 0]),
        (["1", "2.5", "-1e3", ".5"], pl.Float64, [1.0, 2.5, -1000.0, 0.5]),
        ([" 1", "2 ", "  "], pl.Int64, [1, 2, None]),
        (["True", "FALSE", ""], pl.Boolean, [True, False, None]),
        (["2024-01-31", ""], pl.Date, [date(2024, 1, 31), None]),
        (
            ["2024-01-31", "2024-01-31T10:00", "2024-01-31 10:00:01.5"],
            pl.Datetime("us"),
            [datetime(2024, 1, 31), datetime(2024, 1, 31, 10), datetime(2024, 1, 31, 10, 0, 1, 500_000)],
        ),
        (
            ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00+02:00"],
            pl.Datetime("us", "UTC"),
            [datetime(2024, 1, 31, 10, tzinfo=UTC), datetime(2024, 1, 31, 8, tzinfo=UTC)],
        ),
        (["007", "012"], pl.String, ["007", "012"]),
        (["12345678901234567890", "1"], pl.String, ["12345678901234567890", "1"]),
        (["1", "NA", " ? ", "n/a"], pl.Int64, [1, None, None, None]),
        (["1", "nan"], pl.Int64, [1, None]),
        (["1.5", "inf", "-Infinity"], pl.Float64, [1.5, float("inf"), float("-inf")]),
        (["inf", "inf"], pl.String, ["inf", "inf"]),
        (["true", "None"], pl.Boolean, [True, None]),
        (["NA", "?"], pl.String, ["NA", "?"]),
        (["Grvl", "NA"], pl.String, ["Grvl", "NA"]),
        (["1", "1e999"], pl.String, ["1", "1e999"]),
        (["2024-02-30", "2024-01-01"], pl.String, ["2024-02-30", "2024-01-01"]),
        (["01/02/2024", "02/02/2024"], pl.String, ["01/02/2024", "02/02/2024"]),
        (["yes", "no"], pl.String, ["yes", "no"]),
        (["1_000", "2"], pl.String, ["1_000", "2"]),
        (["", ""], pl.String, [None, None]),
    ],
)
def test_types_of_columns(read: Any, values: list[str], dtype: Any, cells: list[Any]) -> None:
    got = read("key,value\n" + "".join(f"k,{value}\n" for value in values))
    assert got.frame["value"].dtype == dtype
    assert got.frame["value"].to_list() == cells


def test_types_are_told_from_all_rows(read: Any) -> None:
    got = read("a,b\n" + "1,2024-01-01\n" * 30_000 + "1.5,2024-01-01T10:00\n" + "1,2024-01-01\n" * 30_000)
    assert got.types == [pl.Float64, pl.Datetime("us")]
    got = read("a\n" + "1\n" * 30_000 + "one\n")
    assert got.types == [pl.String] and got.found.notes == ["Column “a” is text because a value is not a number: “one”."]


def test_decimal_commas_where_semicolons_divide(read: Any) -> None:
    assert read("a;b;c\n1,5;1.234,5;1\n2;2;x,y\n").frame.rows() == [(1.5, 1234.5, "1"), (2.0, 2.0, "x,y")]
    assert read('a,b\n"1,5",x\n').types == [pl.String, pl.String]
    assert read("sep=;\na;b\n1,5;2\n").frame.rows() == [(1.5, 2)]


def test_names_are_repaired(read: Any) -> None:
    got = read("a,a,, b  c ,a_2\n1,2,3,4,5\n")
    assert got.frame.columns == ["a", "a_3", "column_3", "b c", "a_2"]
    assert len(got.found.notes) == 3


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("1,2.5,x\n3,4.5,y\n", ["column_1", "column_2", "column_3"]),
        ("country,2019,2020\nCH,1.5,2\n", ["country", "2019", "2020"]),
        ("x\ny\n", ["x"]),
        ("id,name\n1,x\n", ["id", "name"]),
        ("2024-01-01,1\n2024-01-02,2\n", ["column_1", "column_2"]),
        ("1,NA\n2,3\nNA,4\n", ["column_1", "column_2"]),
        ("a,NA\n2,3\nNA,4\n", ["a", "NA"]),
    ],
)
def test_whether_the_first_row_names_columns(read: Any, content: str, columns: list[str]) -> None:
    assert read(content).frame.columns == columns


def test_json(read: Any) -> None:
    got = read('{"a":1,"b":"x","c":[1,2],"d":"2020-01-01","n":"007"}\n\n{"a":2.5,"f":true,"n":"1"}\n', "json")
    assert got.frame.columns == ["a", "b", "c", "d", "n", "f"]
    assert got.frame.rows() == [(1.0, "x", "[1,2]", date(2020, 1, 1), "007", None), (2.5, None, None, None, "1", True)]
    assert read('[{"a": 1}, {"a": "x"}]', "json").frame.rows() == [("1",), ("x",)]


def test_missing_words_in_json(read: Any) -> None:
    got = read('{"a": 1, "b": "x"}\n{"a": "NA", "b": "NA"}\n{"a": " nan", "b": null}\n', "json")
    assert got.frame.rows() == [(1, "x"), (None, "NA"), (None, None)]
    assert got.found.notes[0] == "Column “a”: 1 × “NA” and 1 × “NaN” were read as missing."


def test_missing_words_in_a_workbook(read: Any) -> None:
    got = read(workbook(("One", [["a", "b"], [1.5, "x"], ["NA", "NA"], [2, "y"]])), "xlsx")
    assert got.frame.rows() == [(1.5, "x"), (None, "NA"), (2.0, "y")]
    assert got.found.notes[0] == "Column “a”: 1 × “NA” was read as missing."
    got = read(workbook(("One", [["a", "b"], [1, None], ["?", 2], ["nan", 3]])), "xlsx")
    assert got.frame.rows() == [(1, None), (None, 2), (None, 3)]
    got = read(workbook(("One", [["a"], [1.5], ["NA"]])), "xlsx", Options(Rules(())))
    assert got.frame.rows() == [("1.5",), ("NA",)] and got.found.notes


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, place, value)
    return file.getvalue()


def test_workbooks(read: Any) -> None:
    rows = [
        [None],
        [None, "n", "x", "t", "day", "moment", "code"],
        [None, 1, 1.5, "a", datetime(2024, 1, 31), datetime(2024, 1, 31, 10), "007"],
        [None, 2, 2, None, None, datetime(2024, 2, 1), "012"],
    ]
    got = read(workbook(("One", rows), ("Two", [["other"]])), "xlsx")
    assert got.found.notes == ["The workbook has 2 sheets; only sheet “One” was read."]
    assert got.frame.rows() == [
        (1, 1.5, "a", date(2024, 1, 31), datetime(2024, 1, 31, 10), "007"),
        (2, 2.0, None, None, datetime(2024, 2, 1), "012"),
    ]
    assert read(workbook(("One", [["a"], *([number] for number in range(2_000)), ["late"]])), "xlsx").types == [pl.String]


def test_parquet_and_arrow(read: Any) -> None:
    frame = pl.DataFrame(
        {
            "a": [1, None],
            "c": pl.Series(["x", "y"], dtype=pl.Categorical),
            "l": [[1], []],
            "d": pl.Series(["1.5", "2"]).cast(pl.Decimal(10, 2)),
        }
    )
    for format_ in ("parquet", "arrow"):
        file = io.BytesIO()
        frame.write_parquet(file) if format_ == "parquet" else frame.write_ipc(file, compression="zstd")
        got = read(file.getvalue(), format_)
        assert got.frame.rows() == [(1, "x", [1], 1.5), (None, "y", [], 2.0)]
        assert got.types == [pl.Int64, pl.String, pl.List(pl.Int64), pl.Float64]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=6)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
@pytest.mark.slow
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("text")
    with (folder / "upload").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("first", "second", "words"), *((*row, "word") for row in table)])
    parse(folder / "upload", "csv", folder / "out")
    back = pl.read_ipc(folder / "out")
    for place, name in enumerate(("first", "second")):
        if back[name].dtype == pl.String:
            assert back[name].to_list() == [row[place] or None for row in table]


def test_a_zip_archive_is_a_table_of_its_files(read: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {"data/": b"", "data/größe.csv": b"a\n1\n", "img.png": b"\x89PNG\x00", "__MACOSX/x": b"x", "7": b""}.items():
            made.writestr(name, content)
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    got = read(file.getvalue(), "zip")
    assert got.frame.to_dict(as_series=False) == {
        "path": ["data/größe.csv", "img.png", "7"],
        "bytes": [4, 5, 0],
        "content": [b"a\n1\n", b"\x89PNG\x00", b""],
    }
    assert got.found.notes == ["2 entries (links, files of a desktop, or without a name) were left out."]
