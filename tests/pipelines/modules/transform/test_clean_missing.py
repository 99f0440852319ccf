"""Clean Missing Data."""

import json
from datetime import date

import polars as pl
import pytest
from sklearn.experimental import enable_iterative_imputer  # noqa: F401

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"mode": "drop_rows"})
FRAME = pl.DataFrame({"n": [1, 2, 2, None], "x": [0.5, None, float("nan"), 1.5], "t": ["a", None, "b", "b"], "full": [1, 2, 3, 4]})


def clean(frame=FRAME, **settings):
    return only("transform.clean_missing", settings, table=frame).frame


def test_rows_are_left_out_and_what_is_not_a_number_is_missing():
    assert clean(mode="drop_rows")["full"].to_list() == [1]
    assert clean(mode="drop_rows", columns=["n"])["full"].to_list() == [1, 2, 3]


def test_columns_are_left_out():
    assert clean(mode="drop_columns").columns == ["full"]
    assert clean(mode="drop_columns", min_ratio=0.5).columns == ["n", "t", "full"]


def test_a_value_is_read_as_each_columns_type():
    assert clean(value="7").to_dict(as_series=False) == {
        "n": [1, 2, 2, 7],
        "x": [0.5, 7, 7, 1.5],
        "t": ["a", "7", "b", "b"],
        "full": [1, 2, 3, 4],
    }
    assert clean(value="7").schema == FRAME.schema


def test_mean_median_and_mode():
    assert clean(mode="mean", columns=["n", "x"])["n"].to_list() == [1, 2, 2, pytest.approx(5 / 3)]
    assert clean(mode="median", columns=["n", "x"])["x"].to_list() == [0.5, 1, 1, 1.5]
    most = clean(mode="mode", columns=["n", "t"])
    assert most["n"].to_list() == [1, 2, 2, 2] and most["t"].to_list() == ["a", "b", "b", "b"] and most.schema == FRAME.schema


def test_of_several_most_frequent_values_the_smallest_is_taken():
    assert clean(pl.DataFrame({"x": ["b", "a", None]}), mode="mode")["x"].to_list() == ["b", "a", "a"]


def test_a_ratio_chooses_columns():
    assert clean(value="0", max_ratio=0.25).null_count().row(0) == (0, 1, 0, 0)
    assert clean(value="0", min_ratio=0.3)["n"].null_count() == 1


def test_indicators():
    frame = clean(value="0", columns=["n"], indicators=True)
    assert frame["n_IsMissing"].to_list() == [False, False, False, True]


@pytest.mark.parametrize(("all_missing", "columns"), [("keep", ["e", "n"]), ("remove", ["n"])])
def test_a_column_without_values(all_missing, columns):
    frame = pl.DataFrame({"e": [None, None], "n": [1, None]}, schema={"e": pl.Float64, "n": pl.Int64})
    for mode in ("value", "mean", "mode"):
        assert clean(frame, mode=mode, all_missing=all_missing).columns == columns


@pytest.mark.parametrize("mode", ["value", "mean", "median", "mode", "drop_rows"])
@pytest.mark.parametrize("indicators", [True, False])
def test_columns_are_told_for_every_way_even_with_a_column_without_values(mode, indicators):
    frame = pl.DataFrame({"e": [None, None], "n": [1, None]}, schema={"e": pl.Float64, "n": pl.Int64})
    module = catalogue().modules["transform.clean_missing"]
    settings = module.read_settings({"mode": mode, "indicators": indicators})
    told, _ = module.columns(Table(frame.clear()), **settings)
    assert told.frame.schema == clean(frame, mode=mode, indicators=indicators).schema


@pytest.mark.parametrize("mode", ["value", "mode"])
def test_types_are_told_that_filling_changes_and_those_it_keeps(mode):
    frame = pl.DataFrame(
        {"e": pl.Series(["a", None], dtype=pl.Enum(["a"])), "none": [None, None], "i": pl.Series([1, None], dtype=pl.Int8)}
    )
    module = catalogue().modules["transform.clean_missing"]
    told, _ = module.columns(Table(frame.clear()), **module.read_settings({"mode": mode}))
    assert told.frame.schema == clean(frame, mode=mode).schema == {"e": pl.String, "none": pl.String, "i": pl.Int8}


def test_dates_and_switches():
    frame = pl.DataFrame({"d": [date(2024, 1, 1), None], "b": [True, None]})
    assert clean(frame, mode="mode").row(1) == (date(2024, 1, 1), True)
    assert clean(frame.select("d"), value="2020-05-05")["d"].to_list() == [date(2024, 1, 1), date(2020, 5, 5)]
    assert clean(frame.select("b"), value="no")["b"].to_list() == [True, False]


def test_other_types_keep_their_type():
    frame = pl.DataFrame({"c": pl.Series(["a", None], dtype=pl.Categorical), "i": pl.Series([1, None], dtype=pl.Int8)})
    assert clean(frame, mode="mode").schema == frame.schema
    assert clean(frame.select("c"), value="zzz")["c"].to_list() == ["a", "zzz"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"mode": "mean", "columns": ["t"]}, "not_a_number"),
        ({"value": "x", "columns": ["n"]}, "wrong_value"),
        ({"value": "1.5", "columns": ["n"]}, "wrong_value"),
    ],
)
def test_refusals(settings, code):
    assert refuses("transform.clean_missing", settings, code, table=FRAME).column


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "drop_rows"},
        {"mode": "drop_columns"},
        {"value": "3"},
        {"mode": "mode", "indicators": True},
        {"mode": "mean", "columns": ["n", "x"]},
    ],
)
def test_the_transform_does_the_same_again_from_json(settings):
    result = run("transform.clean_missing", settings, table=FRAME)
    kept = Transform(**json.loads(json.dumps(vars(result["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=FRAME).frame.equals(result["table"].frame)


def test_means_are_those_of_the_table_it_was_fitted_on():
    fitted = run("transform.clean_missing", {"mode": "mean", "columns": ["n"]}, table=FRAME)["transform"]
    other = pl.DataFrame({"n": [None, 100]})
    assert only("transform.apply_transformation", transform=fitted, table=other).frame["n"].to_list() == [pytest.approx(5 / 3), 100]


ANY = pl.DataFrame(
    {"d": [date(2024, 1, 1), None], "x": [1.0, None], "t": ["a", None], "l": [[1], None], "y": [None, 1], "w": [1.0, None]},
    schema_overrides={"y": pl.Int64},
)
ROLES = {"y": ColumnRole("label"), "w": ColumnRole("weight")}


@pytest.mark.parametrize(("mode", "filled"), [("value", {"x", "t"}), ("mean", {"x"}), ("median", {"x"}), ("mode", {"d", "x", "t"})])
def test_the_default_columns_suit_any_table(mode, filled, notes):
    module = catalogue().modules["transform.clean_missing"]
    table = Table(ANY.drop("l") if mode == "mode" else ANY, ROLES)
    frame = only("transform.clean_missing", {"mode": mode}, table=table).frame
    assert {column for column in frame.columns if not frame[column].null_count()} == filled
    assert "“y” (it is the label), “w” (it is the weight)" in notes[0] and ("“d”" in notes[0]) == (mode != "mode")
    told, _ = module.columns(table.with_frame(table.frame.clear()), **module.read_settings({"mode": mode}))
    assert told.frame.schema == frame.schema


def test_columns_without_gaps_are_not_spoken_of(notes):
    only("transform.clean_missing", {"mode": "mean"}, table=Table(ANY.head(1).drop("y"), ROLES))
    assert notes == []


def test_a_label_is_cleaned_when_it_is_named():
    assert only("transform.clean_missing", {"columns": ["y"]}, table=Table(ANY, ROLES)).frame["y"].to_list() == [0, 1]
    assert only("transform.clean_missing", {"mode": "drop_rows"}, table=Table(ANY, ROLES)).frame.height == 0
    assert "y" in only("transform.clean_missing", {"mode": "drop_columns"}, table=Table(ANY, ROLES)).frame.columns


def test_infinities_are_missing_and_told(notes):
    frame = pl.DataFrame({"x": [1.0, float("inf"), 3.0, float("-inf")]})
    assert clean(frame, mode="mean")["x"].to_list() == [1.0, 2.0, 3.0, 2.0]
    assert clean(frame, mode="drop_rows")["x"].to_list() == [1.0, 3.0]
    assert clean(frame, mode="mode")["x"].to_list() == [1.0, 1.0, 3.0, 1.0]
    assert "Infinite values are treated as missing: “x” (2)." in notes


@pytest.mark.parametrize(("all_missing", "columns"), [("keep", ["e", "n"]), ("remove", ["n"])])
@pytest.mark.parametrize("named", [True, False])
def test_a_column_without_values_may_be_a_text(all_missing, columns, named):
    frame = pl.DataFrame({"e": [None, None], "n": [1, None]}, schema={"e": pl.String, "n": pl.Int64})
    settings = {"mode": "mean", "all_missing": all_missing} | ({"columns": ["e", "n"]} if named else {})
    assert clean(frame, **settings).columns == (columns if named else ["e", "n"])


def test_it_warns_when_a_number_becomes_a_text(warned):
    frame = pl.DataFrame({"status": ["good", None], "amount": [1, None]})
    clean(frame)
    assert warned == ["Missing texts are now “0” in “status”. Exclude columns where that is wrong, such as a label."]


@pytest.mark.parametrize(
    ("settings", "texts"),
    [({"value": "unknown"}, ["a", None]), ({"mode": "mode"}, ["a", None]), ({}, ["a", "b"])],
    ids=["text", "mode", "whole"],
)
def test_it_does_not_warn_where_no_number_becomes_a_text(warned, settings, texts):
    clean(pl.DataFrame({"t": texts}), **settings)
    assert warned == []


@pytest.mark.parametrize(("gaps", "count"), [(1, 0), (3, 1)], ids=["few", "most"])
def test_it_warns_when_most_rows_are_removed(warned, gaps, count):
    clean(pl.DataFrame({"n": [*[None] * gaps, *range(4 - gaps)]}, schema={"n": pl.Int64}), mode="drop_rows")
    assert len(warned) == count
