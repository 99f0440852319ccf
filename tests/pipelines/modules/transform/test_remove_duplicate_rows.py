"""Remove Duplicate Rows."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

TABLE = pl.DataFrame({"k": ["b", "a", "b", None, None, "c"], "x": [1.0, 2.0, 3.0, 4.0, 4.0, 5.0]})


def left(table=TABLE, **settings):
    return only("transform.remove_duplicate_rows", settings, table=table)


def test_rows_that_are_the_same_in_every_column(notes):
    assert left().frame.rows() == [("b", 1.0), ("a", 2.0), ("b", 3.0), (None, 4.0), ("c", 5.0)]
    assert notes == ["Removed 1 duplicate row; 5 rows remain."]


@pytest.mark.parametrize(("keep", "values"), [("first", [1, 2, 4, 5]), ("last", [2, 3, 4, 5]), ("none", [2, 5])])
def test_which_row_stays(keep, values):
    assert left(columns=["k"], keep=keep).frame["x"].to_list() == values


@pytest.mark.parametrize(("keep", "values"), [("first", [1, 2, 4, 4, 5]), ("last", [2, 3, 4, 4, 5]), ("none", [2, 4, 4, 5])])
def test_a_row_with_a_missing_key_may_be_unlike_any_other(keep, values):
    assert left(columns=["k"], keep=keep, missing="different").frame["x"].to_list() == values


def test_what_is_not_a_number_is_missing():
    odd = pl.DataFrame({"x": [float("nan"), None, 0.0, -0.0, float("inf"), float("inf")]})
    assert left(odd).frame.height == 3
    assert left(odd, missing="different").frame.height == 4


def test_nothing_to_do_gives_the_same_frame(notes):
    frame = pl.DataFrame({"x": [1, 2]})
    assert left(frame).frame is frame and notes == ["There are no duplicate rows."]


@pytest.mark.parametrize("keep", ["first", "last", "none"])
@pytest.mark.parametrize("keys", [["make"], ["make", "num-of-doors"], ["price"]])
def test_as_pandas_does(keep, keys):
    cars = dataset("automobile_price").frame.with_row_index("n")
    theirs = cars.to_pandas().drop_duplicates(keys, keep=False if keep == "none" else keep)["n"].tolist()
    assert left(cars, columns=keys, keep=keep).frame["n"].to_list() == theirs


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=12), st.sampled_from(["first", "last", "none"]))
def test_as_counted_by_hand(keys, keep):
    frame = pl.DataFrame({"k": keys, "n": range(len(keys))}, schema={"k": pl.Int64, "n": pl.Int64})
    places = {key: [place for place, other in enumerate(keys) if other == key] for key in keys}
    wanted = [all_of[0 if keep == "first" else -1] for all_of in places.values() if keep != "none" or len(all_of) == 1]
    assert left(frame, columns=["k"], keep=keep).frame["n"].to_list() == sorted(wanted)


def test_dates_lists_unicode_and_many_columns():
    assert left(pl.DataFrame({"ä ö": [date(2024, 1, 1)] * 2, "l": [[1], [1]]})).frame.height == 1
    wide = pl.DataFrame({f"c{i}": [i, i] for i in range(600)})
    assert left(wide).frame.height == 1
    assert left(pl.DataFrame({"x": [f"{i % 10_000}" for i in range(20_000)]})).frame.height == 10_000


def test_roles_stay():
    assert left(Table(TABLE, {"k": ColumnRole("label")})).role("k").role == "label"


def test_no_keys():
    assert refuses("transform.remove_duplicate_rows", {"columns": []}, "no_keys", table=TABLE).param == "columns"
