"""Apply Transformation."""

import polars as pl
import pytest

from pipelines.catalogue.ports import Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import run

FITTED = {
    id: run(id, settings, table=pl.DataFrame({"x": [1.0, None], "t": ["a", "b"]}))["transform"]
    for id, settings in {
        "transform.clean_missing": {"mode": "drop_rows"},
        "transform.normalize": {},
        "transform.convert_to_indicator": {},
    }.items()
}


def test_columns_that_are_missing_are_named():
    for fitted in FITTED.values():
        wrong = refuses("transform.apply_transformation", {}, "missing_columns", transform=fitted, table=pl.DataFrame({"other": [1]}))
        assert wrong.column in wrong.words and wrong.port == "table"


def test_a_column_of_another_type():
    refuses(
        "transform.apply_transformation", {}, "not_a_number", transform=FITTED["transform.normalize"], table=pl.DataFrame({"x": ["one"]})
    )


def test_a_transformation_of_another_easel():
    refuses("transform.apply_transformation", {}, "unknown_transform", transform=Transform("whiten", {}), table=pl.DataFrame({"x": [1]}))


def applied(id, settings, fitted, new):
    return run("transform.apply_transformation", {}, transform=run(id, settings, table=fitted)["transform"], table=new)["table"].frame


NUMBERS = pl.DataFrame({"x": [1.5, None]})


def test_rows_that_are_left_out_are_counted(notes):
    new = pl.DataFrame({"x": [1.0, None, float("nan"), 2.0]})
    assert applied("transform.clean_missing", {"mode": "drop_rows"}, NUMBERS, new).height == 2
    assert notes[-1] == "2 rows with a missing value were removed; 2 remain."


def test_values_that_are_filled_in_are_counted(notes):
    new = pl.DataFrame({"x": [1.0, None, float("nan"), 2.0], "full": [1, 2, 3, 4]})
    applied("transform.clean_missing", {"mode": "mean"}, NUMBERS.with_columns(full=1), new)
    assert notes[-1] == "Missing values were replaced: “x” (2)."


def test_columns_that_are_left_out_are_named(notes):
    applied("transform.clean_missing", {"mode": "drop_columns"}, NUMBERS.with_columns(y=1), pl.DataFrame({"x": [1.0], "y": [1]}))
    assert notes[-1] == "Removed: “x”."


def test_a_decimal_filled_into_whole_numbers_keeps_its_decimals(notes):
    frame = applied("transform.clean_missing", {"mode": "value", "value": "2.5"}, NUMBERS, pl.DataFrame({"x": [1, None]}))
    assert frame["x"].to_list() == [1.0, 2.5]
    assert "“x” has whole numbers here; it becomes decimal, because 2.5 replaces missing values." in notes


@pytest.mark.parametrize(
    ("fitted", "settings", "new"),
    [
        (pl.DataFrame({"x": ["a", None]}), {"mode": "value", "value": "unknown"}, pl.DataFrame({"x": [1, None]})),
        (NUMBERS, {"mode": "mean"}, pl.DataFrame({"x": ["a", None]})),
    ],
)
def test_a_column_that_cannot_hold_what_is_filled_in_is_named(fitted, settings, new):
    cleaning = run("transform.clean_missing", settings, table=fitted)["transform"]
    wrong = refuses("transform.apply_transformation", {}, "wrong_type", transform=cleaning, table=new)
    assert wrong.column == "x" and str(new["x"].dtype) in wrong.words


def test_what_has_no_logarithm_is_said(notes):
    applied("transform.normalize", {"method": "lognormal"}, pl.DataFrame({"x": [1.0, 2.0, 3.0]}), pl.DataFrame({"x": [-1.0, 0.0, 2.0]}))
    assert notes == ["“x”: 2 values are not greater than 0 and become 0."]


def test_new_categories_are_said_with_the_first_of_them(notes):
    new = pl.DataFrame({"t": ["a", "c", "c", "d", "e", "f"]})
    applied("transform.convert_to_indicator", {}, pl.DataFrame({"t": ["a", "b"]}), new)
    assert notes[0].startswith("“t”: 5 rows have a value that did not occur when the columns were fitted (“c”, “d”, “e” and 1 more);")
