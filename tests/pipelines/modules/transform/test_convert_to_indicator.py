"""Convert to Indicator Values."""

import json

import polars as pl

from pipelines.catalogue.ports import Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

FRAME = pl.DataFrame({"t": ["b", "a", None], "n": [1, 2, 3]})


def test_a_column_for_every_value():
    frame = only("transform.convert_to_indicator", table=FRAME).frame
    assert frame.columns == ["t", "n", "t-a", "t-b", "t-Missing"]
    assert frame.select("t-a", "t-b", "t-Missing").rows() == [(0, 1, 0), (1, 0, 0), (0, 0, 1)]


def test_columns_may_be_replaced_and_numbers_chosen():
    assert only("transform.convert_to_indicator", {"columns": ["n"], "replace": True}, table=FRAME).frame.columns == [
        "t",
        "n-1",
        "n-2",
        "n-3",
    ]


def test_a_value_that_is_new_is_nothing():
    fitted = run("transform.convert_to_indicator", {"replace": True}, table=FRAME)["transform"]
    kept = Transform(**json.loads(json.dumps(vars(fitted))))
    assert only("transform.apply_transformation", transform=kept, table=pl.DataFrame({"t": ["c"]})).frame.row(0) == (0, 0, 0)


def test_refusals():
    many = pl.DataFrame({"t": [str(number) for number in range(300)]})
    assert "300" in refuses("transform.convert_to_indicator", {}, "too_many_values", table=many).words
    refuses("transform.convert_to_indicator", {}, "duplicate_column", table=FRAME.with_columns(pl.lit(1).alias("t-a")))
    refuses("transform.convert_to_indicator", {}, "duplicate_column", table=pl.DataFrame({"t": ["Missing", None]}))
    refuses("transform.convert_to_indicator", {"columns": ["l"]}, "wrong_type", table=pl.DataFrame({"l": [[1]]}))


def test_what_was_not_there_before_is_told(notes):
    fitted = run("transform.convert_to_indicator", {"replace": True}, table=pl.DataFrame({"t": ["a", "b"]}))["transform"]
    assert notes == []
    frame = only("transform.apply_transformation", transform=fitted, table=pl.DataFrame({"t": ["a", None, "c", "d"]})).frame
    assert frame.rows() == [(1, 0), (0, 0), (0, 0), (0, 0)]
    assert notes == [
        "“t”: 2 rows have a value that did not occur when the columns were fitted (“c”, “d”); all indicators are 0 in those rows.",
        "“t”: 1 row has a missing value, although none was missing when the columns were fitted; all indicators are 0 in those rows.",
    ]


def test_what_is_no_finite_number_is_missing():
    frame = only(
        "transform.convert_to_indicator", {"columns": ["x"]}, table=pl.DataFrame({"x": [1.0, float("nan"), float("inf"), None]})
    ).frame
    assert frame.columns == ["x", "x-1.0", "x-Missing"] and frame["x-Missing"].to_list() == [0, 1, 1, 1]


def test_values_that_look_the_same_are_told(notes):
    only("transform.convert_to_indicator", table=pl.DataFrame({"t": ["yes", "yes ", "no"]}))
    assert "“yes” and “yes ”" in notes[0] and "trim" in notes[0]
