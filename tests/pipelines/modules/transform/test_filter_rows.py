"""Filter Rows."""

from datetime import date

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

EXAMPLE = Example({"column": "make", "condition": "contains", "value": "a"})
TABLE = pl.DataFrame(
    {
        "n": [1, 2, None, 4],
        "x": [0.5, float("nan"), None, 2.5],
        "city": ["Bern", None, "Lyon", "Bergen"],
        "yes": [True, False, None, True],
        "day": [date(2024, 1, 1), date(2024, 6, 1), None, date(2025, 1, 1)],
        "fuel type": ["gas", "gas", "oil", None],
        "kind": pl.Series(["a", "b", "a", None], dtype=pl.Categorical),
    }
)


def kept(condition, column=None, value="", **settings):
    frame = only(
        "transform.filter_rows", {"condition": condition, "column": column, "value": value, **settings}, table=TABLE.with_row_index("row")
    )
    return frame.frame["row"].to_list()


@pytest.mark.parametrize(
    ("condition", "column", "value", "rows"),
    [
        ("equal", "n", "2", [1]),
        ("unequal", "n", "2", [0, 3]),
        ("greater", "n", "1.5", [1, 3]),
        ("at_least", "n", "2", [1, 3]),
        ("less", "x", "2", [0]),
        ("greater", "x", "0", [0, 3]),
        ("at_most", "x", "2.5", [0, 3]),
        ("equal", "city", "Bern", [0]),
        ("one_of", "city", "Lyon, Bern", [0, 2]),
        ("one_of", "n", "1,4", [0, 3]),
        ("contains", "city", "er", [0, 3]),
        ("contains", "n", "2", [1]),
        ("starts_with", "city", "Be", [0, 3]),
        ("equal", "kind", "a", [0, 2]),
        ("equal", "yes", "yes", [0, 3]),
        ("greater", "day", "2024-03-01", [1, 3]),
        ("missing", "x", "", [1, 2]),
        ("present", "city", "", [0, 2, 3]),
    ],
)
def test_conditions_on_a_column(condition, column, value, rows):
    assert kept(condition, column, value) == rows
    assert kept(condition, column, value, keep="others") == [row for row in range(4) if row not in rows]


def test_a_formula():
    assert kept("formula", formula="n > 1 and \"fuel type\" = 'gas'") == [1]
    assert kept("formula", formula="city like 'B%' or n is null") == [0, 2, 3]


def test_roles_stay():
    table = only("transform.filter_rows", {"column": "n", "value": "1"}, table=Table(TABLE, {"n": ColumnRole("label")}))
    assert table.role("n").role == "label"


@pytest.mark.parametrize(("column", "value"), [("n", "two"), ("x", ""), ("yes", "perhaps"), ("day", "soon")])
def test_a_value_of_another_type(column, value):
    wrong = refuses("transform.filter_rows", {"column": column, "value": value}, "wrong_value", table=TABLE)
    assert (wrong.column, wrong.param) == (column, "value")


def test_no_column():
    assert refuses("transform.filter_rows", {}, "no_column", table=TABLE).param == "column"


def test_a_formula_that_is_no_condition():
    assert "Int64" in refuses("transform.filter_rows", {"condition": "formula", "formula": "n + 1"}, "bad_formula", table=TABLE).words
