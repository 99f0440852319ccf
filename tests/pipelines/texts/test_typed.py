"""Text columns read as what they hold: missing-value words, dates in several forms, and notes on what was taken for what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import polars as pl
import pytest

from pipelines.texts.rules import USUAL, Rules
from pipelines.texts.typed import WITH_COMMA, typed

DAY_FIRST, MONTH_FIRST = Rules(dates="day_first"), Rules(dates="month_first")


class Read(NamedTuple):
    dtype: pl.DataType
    cells: list[Any]
    notes: list[str]


def read(values: list[str | None], rules: Rules = USUAL, **options: Any) -> Read:
    frame, notes = typed(pl.LazyFrame({"x": values}, schema={"x": pl.String}), rules=rules, **options)
    column = frame.collect()["x"]
    return Read(column.dtype, column.to_list(), notes)


def test_words_are_missing_where_the_rest_are_values() -> None:
    got = read(["1", "NA", "na", " ? ", "2", None, ""])
    assert (got.dtype, got.cells) == (pl.Int64, [1, None, None, None, 2, None, None])
    assert got.notes == ["Column “x”: 2 × “NA” and 1 × “?” were read as missing."]
    assert read(["1.5", "NaN", "N/A", "-", "\\N", "null"]).cells == [1.5, None, None, None, None, None]
    assert read(["true", "None"]).cells == [True, None]
    assert read(["2024-01-31", "#N/A"]).cells == [date(2024, 1, 31), None]
    assert read(["1,5", "NA"], candidates=WITH_COMMA).cells == [1.5, None]


def test_words_far_below_the_first_rows_count_too() -> None:
    got = read(["1.5"] * 30_000 + ["NA"] * 200 + ["2"])
    assert got.dtype == pl.Float64 and got.notes == ["Column “x”: 200 × “NA” were read as missing."]
    got = read(["NA"] * 30_000 + ["1.5"])
    assert got.dtype == pl.Float64 and got.cells[-1] == 1.5


def test_words_stay_in_columns_of_text() -> None:
    got = read(["Grvl", "Pave", "NA", "NA"])
    assert (got.dtype, got.cells) == (pl.String, ["Grvl", "Pave", "NA", "NA"])
    assert "“x” (2 × “NA”)" in got.notes[0] and "in the upload options" in got.notes[0]
    got = read(["Grvl", "Pave", "NA", " ? "], Rules(in_text=True))
    assert got.cells == ["Grvl", "Pave", None, None]
    assert got.notes == ["Column “x”: 1 × “NA” and 1 × “?” were read as missing."]


def test_a_column_of_nothing_but_words() -> None:
    """It may be a category that is always there, so it stays as a category of a larger file would."""
    got = read(["NA", "?"])
    assert (got.dtype, got.cells) == (pl.String, ["NA", "?"]) and got.notes
    assert read(["NA", "?"], Rules(in_text=True)).cells == [None, None]


def test_words_can_be_chosen() -> None:
    assert read(["1", "-999", "2"], Rules(("-999",))).cells == [1, None, 2]
    assert read(["1", "-999", "2"]).cells == [1, -999, 2]
    assert read(["2024-01-01", "9999-12-31"], Rules(("9999-12-31",))).cells == [date(2024, 1, 1), None]
    got = read(["1", "NA"], Rules(()))
    assert got.cells == ["1", "NA"] and got.notes == ["Column “x” is text because a value is not a number: “NA”."]


def test_infinite_numbers_are_told() -> None:
    got = read(["1", "inf", "-Infinity"])
    assert got.cells == [1, float("inf"), float("-inf")]
    assert "1 × “inf” and 1 × “-infinity” were read as infinite" in got.notes[0]
    assert read(["1", "inf"], Rules(("inf", "-inf"))).cells == [1, None]
    assert read(["inf", "inf"]).dtype == pl.String


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        (["2012/01/31", "2012/2/1", ""], [date(2012, 1, 31), date(2012, 2, 1), None]),
        (["2012/01/31 10:05", "2012/02/01"], [datetime(2012, 1, 31, 10, 5), datetime(2012, 2, 1)]),
        (["2012-1-31", "2012-12-1"], [date(2012, 1, 31), date(2012, 12, 1)]),
        (["25/12/2024", "03/04/2024", "NA"], [date(2024, 12, 25), date(2024, 4, 3), None]),
        (["12/25/2024", "03/04/2024"], [date(2024, 12, 25), date(2024, 3, 4)]),
        (["3/14/2024 2:05 PM", "3/4/2024 12:00 AM"], [datetime(2024, 3, 14, 14, 5), datetime(2024, 3, 4)]),
        (["31-12-2024 23:59:59.5", "1-1-2024"], [datetime(2024, 12, 31, 23, 59, 59, 500_000), datetime(2024, 1, 1)]),
        (["03.04.2024", "01.02.2024"], [date(2024, 4, 3), date(2024, 2, 1)]),
    ],
)
def test_dates_that_are_not_iso(values: list[str], cells: list[Any]) -> None:
    got = read(values)  # type: ignore[arg-type]
    assert got.cells == cells
    assert any("was read as dates, " in note for note in got.notes)


def test_what_settles_day_and_month_is_told() -> None:
    assert read(["03/04/2024"] * 30_000 + ["25/12/2024"]).notes == ["Column “x” was read as dates, day first, as “25/12/2024” shows."]


def test_day_or_month_is_never_guessed() -> None:
    got = read(["03/04/2024", "05/06/2024"])
    assert got.dtype == pl.String
    assert "“03/04/2024”, can be read day first or month first. Select the order in the upload options" in got.notes[0]
    assert read(["03/04/2024", "05/06/2024"], DAY_FIRST).cells == [date(2024, 4, 3), date(2024, 6, 5)]
    assert read(["03/04/2024", "05/06/2024"], MONTH_FIRST).cells == [date(2024, 3, 4), date(2024, 5, 6)]
    assert read(["03/04/2024", "25/12/2024"], MONTH_FIRST).cells == [date(2024, 4, 3), date(2024, 12, 25)]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["25/12/2024", "12/25/2024"], "different orders of day and month"),
        (["2024-01-01", "2024-01-02", "2024-02-30"], "a value is not a date: “2024-02-30”"),
        (["01/02/2024", "2/3/2024", "some day"], "a value is not a date: “some day”"),
        (["1", "2", "?!", "3"], "a value is not a number: “?!”"),
    ],
)
def test_a_column_is_dates_as_a_whole_or_stays_text(values: list[str], why: str) -> None:
    got = read(values)  # type: ignore[arg-type]
    assert got.cells == values and why in got.notes[-1]


def test_notes_on_many_columns_are_few() -> None:
    frame = pl.LazyFrame({f"c{number}": ["1", "NA"] for number in range(100)})
    _, notes = typed(frame)
    assert len(notes) == 21 and notes[-1] == "80 more columns have values that were read as missing, 80 cells in total."


def test_decimal_commas_beside_a_few_words_are_told() -> None:
    got = read(["190063,70", "395274,94", "on request"], candidates=WITH_COMMA)
    assert got.dtype == pl.String and got.notes == ["Column “x” is text because a value is not a number: “on request”."]
    got = read(["1,5", "1.55", "2,5"], candidates=WITH_COMMA)
    assert got.notes == ["Column “x” is text because some of its numbers have a decimal point, others a decimal comma."]
