"""Sort Rows."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

TABLE = pl.DataFrame({"t": ["b", "A", None, "a", "B"], "x": [1.0, float("nan"), 2.0, None, 1.0]})


def ordered(table=TABLE, columns=("t",), **settings):
    return only("transform.sort_rows", {"columns": list(columns), **settings}, table=table).frame


def test_texts_by_their_characters():
    assert ordered()["t"].to_list() == ["A", "B", "a", "b", None]
    assert ordered(descending=["t"], missing="first")["t"].to_list() == [None, "b", "a", "B", "A"]


def test_texts_whatever_their_case_keep_their_order_where_they_are_the_same():
    assert ordered(match_case=False)["t"].to_list() == ["A", "a", "b", "B", None]


@pytest.mark.parametrize("descending", [[], ["x"]])
def test_what_is_not_a_number_goes_with_the_missing_ones(descending):
    found = ordered(columns=["x"], descending=descending)
    assert found["t"].to_list() == (["b", "B", None, "A", "a"] if not descending else [None, "b", "B", "A", "a"])


def test_several_columns_in_the_order_they_are_named():
    table = pl.DataFrame({"a": [1, 2, 1, 2], "b": [1, 1, 2, 2]})
    assert ordered(table, ["b", "a"]).rows() == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert ordered(table, ["b", "a"], descending=["b"]).rows() == [(1, 2), (2, 2), (1, 1), (2, 1)]


def test_as_pandas_does():
    cars = dataset("automobile_price").frame.with_row_index("n")
    theirs = cars.to_pandas().sort_values(["make", "price", "horsepower"], ascending=[True, False, True], kind="stable", na_position="last")
    assert ordered(cars, ["make", "price", "horsepower"], descending=["price"])["n"].to_list() == theirs["n"].tolist()


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 2)), st.booleans()), max_size=12), st.booleans())
def test_rows_with_the_same_values_keep_their_order(rows, down):
    frame = pl.DataFrame(rows, schema={"k": pl.Int64, "b": pl.Boolean}, orient="row").with_row_index("n")
    wanted = sorted(range(len(rows)), key=lambda row: (rows[row][0] is None, (-1 if down else 1) * (rows[row][0] or 0)))
    assert ordered(frame, ["k"], descending=["k"] if down else [])["n"].to_list() == wanted


def test_a_stream_gives_the_same_rows():
    module = catalogue().modules["transform.sort_rows"]
    table = Table(pl.select(k=pl.int_range(200_000) % 7, n=pl.int_range(200_000))).query
    sorted_ = module.function(table, **module.read_settings({"columns": ["k"]})).frame
    assert sorted_.collect(engine="streaming").equals(sorted_.collect(engine="in-memory"))


def test_dates_booleans_and_categories():
    days = [date(2024, 1, 2), None, date(2024, 1, 1)]
    assert ordered(pl.DataFrame({"d": days}), ["d"])["d"].to_list() == [days[2], days[0], None]
    assert ordered(pl.DataFrame({"b": [True, False]}), ["b"])["b"].to_list() == [False, True]
    assert ordered(pl.DataFrame({"c": pl.Series(["z", "a"], dtype=pl.Categorical)}), ["c"])["c"].to_list() == ["a", "z"]
    assert ordered(pl.DataFrame({"e": pl.Series(["low", "high"], dtype=pl.Enum(["high", "low"]))}), ["e"])["e"].to_list() == ["high", "low"]


def test_what_has_no_order():
    assert refuses("transform.sort_rows", {"columns": ["l"]}, "no_order", table=pl.DataFrame({"l": [[1]]})).column == "l"


def test_a_direction_of_a_column_that_is_not_sorted_by():
    wrong = refuses("transform.sort_rows", {"columns": ["t"], "descending": ["x"]}, "not_a_key", table=TABLE)
    assert (wrong.column, wrong.param) == ("x", "descending")


def test_no_columns():
    refuses("transform.sort_rows", {"columns": []}, "no_keys", table=TABLE)


def test_roles_stay():
    assert only("transform.sort_rows", {"columns": ["t"]}, table=Table(TABLE, {"t": ColumnRole("label")})).role("t").role == "label"
