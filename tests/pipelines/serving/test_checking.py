"""Rows of a request against a signature."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.serving.checking import BadRows, check, check_columns
from pipelines.serving.signature import NotServable, Signature, columns_of, read_dtype

FRAME = pl.DataFrame(
    {
        "whole": [1, None],
        "small": pl.Series([1, 2], dtype=pl.UInt8),
        "number": [0.5, 2.0],
        "text": ["a", "b"],
        "kind": pl.Series(["x", "y"], dtype=pl.Categorical),
        "truth": [True, False],
        "day": [date(2026, 1, 31), None],
        "moment": pl.Series([datetime(2026, 1, 31, tzinfo=UTC)] * 2, dtype=pl.Datetime("us", "UTC")),
    }
)
SIGNATURE = Signature(columns_of(Table(FRAME)), ())
ROW = {
    "whole": 7, "small": 255, "number": 3, "text": "c", "kind": "z", "truth": True, "day": "2026-02-01", "moment": "2026-02-01T10:00:00+02:00",
}  # fmt: skip


def errors(*rows):
    with pytest.raises(BadRows) as wrong:
        check(SIGNATURE, rows)
    return [(error.row, error.column) for error in wrong.value.errors]


def test_the_signature_is_of_the_real_columns():
    named = {column.name: column for column in SIGNATURE.inputs}
    assert [column.type for column in SIGNATURE.inputs] == ["integer", "integer", "number", "text", "text", "boolean", "date", "datetime"]
    assert (named["whole"].nullable, named["small"].nullable) == (True, False)
    assert (named["number"].low, named["number"].high) == (0.5, 2.0)
    assert (named["kind"].categorical, named["kind"].dtype, named["kind"].categories) == (True, "String", ("x", "y"))
    assert all(read_dtype(column.dtype) == column.polars for column in SIGNATURE.inputs)


def test_a_column_of_lists_is_named():
    with pytest.raises(NotServable, match="many"):
        columns_of(Table(pl.DataFrame({"many": [[1]]})))


def test_right_rows_have_the_types_of_the_signature():
    found = check(SIGNATURE, [ROW]).table
    assert found.frame.row(0) == (7, 255, 3.0, "c", "z", True, date(2026, 2, 1), datetime(2026, 2, 1, 8, tzinfo=UTC))
    assert found.is_categorical("kind")
    assert check_columns(SIGNATURE, {name: [value] for name, value in ROW.items()}).table.frame.equals(found.frame)


def test_whole_numbers_take_null_and_arrive_as_text_beyond_what_a_number_holds():
    found = check(SIGNATURE, [{**ROW, "whole": "9007199254740993"}, {**ROW, "whole": None}, {**ROW, "whole": 4.0}])
    assert found.table.frame["whole"].to_list() == [9007199254740993, None, 4]


@pytest.mark.parametrize(
    "values", [[111.0, 2.0], [111.0, None, -0.0], [111.0, 2], [None, 2], [2.0**53, None], [111.0, "2", None], ["111.0", "-2.", None]]
)
def test_whole_numbers_may_be_written_as_decimals(values):
    found = check(SIGNATURE, [{**ROW, "whole": value} for value in values]).table.frame["whole"]
    assert (found.dtype, found.to_list()) == (pl.Int64, [None if value is None else int(float(value)) for value in values])


@pytest.mark.parametrize("value", [1.5, 2.0**63, -(2.0**64), float("inf"), float("nan"), True])
@pytest.mark.parametrize("others", [[], [7], [7.0], [7.0, None], [None]])
def test_among_decimals_what_is_no_whole_number_is_named(value, others):
    assert errors(*({**ROW, "whole": other} for other in [*others, value])) == [(len(others), "whole")]


@pytest.mark.parametrize("value", [2**63, -(2.0**64)])
def test_a_whole_number_out_of_bounds_is_told_the_bounds(value):
    with pytest.raises(BadRows) as wrong:
        check(SIGNATURE, [{**ROW, "whole": value}])
    assert wrong.value.errors[0].words.endswith("is not a whole number from -9,223,372,036,854,775,808 to 9,223,372,036,854,775,807.")


def test_a_column_that_had_gaps_may_be_left_out_another_may_not():
    assert check(SIGNATURE, [{name: value for name, value in ROW.items() if name != "whole"}]).table.frame["whole"].to_list() == [None]
    assert errors(ROW, {name: value for name, value in ROW.items() if name != "text"}) == [(1, "text")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("whole", 1.5), ("whole", True), ("whole", "x"), ("whole", 2**63), ("small", 256), ("small", -1), ("number", "1.5"), ("number", True),
        ("text", 5), ("truth", 1), ("day", "31.01.2026"), ("day", 5), ("moment", "2026-02-01T10:00:00"), ("moment", {}),
    ],
)  # fmt: skip
def test_another_type_is_refused_with_row_column_and_remedy(column, value):
    with pytest.raises(BadRows) as wrong:
        check(SIGNATURE, [ROW, {**ROW, column: value}])
    (error,) = wrong.value.errors
    assert (error.row, error.column) == (1, column)
    assert column in error.words and error.remedy


def test_what_is_no_object_is_refused_and_further_columns_are_ignored_with_a_warning():
    assert errors(ROW, 5) == [(1, None)]
    assert check(SIGNATURE, [{**ROW, "more": 1}]).warnings == ("The column “more” is not used by the model; it was ignored.",)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(BadRows, match="values"):
        check_columns(SIGNATURE, {**{name: [value] for name, value in ROW.items()}, "text": ["a", "b"]})


def test_at_most_a_hundred_errors_are_told():
    assert len(errors(*[{**ROW, "text": 1}] * 300)) == 100
