"""Add Column, and the formulas that it shares with Filter Rows."""

from datetime import date

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.carrying import only
from tests.pipelines.modules.refusing import refuses

TABLE = pl.DataFrame(
    {
        "a": [1, 2, None],
        "b": [0.5, 1.25, 2.0],
        "s": ["x", "Yz", None],
        "day": [date(2024, 1, 31), None, date(2025, 2, 1)],
        "fuel type": ["g", "o", "g"],
    }
)


def add(formula, name="new", table=TABLE):
    return only("transform.derive_column", {"name": name, "formula": formula}, table=table)


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("a * 2", [2, 4, None]),
        ("a + b", [1.5, 3.25, None]),
        ("a / 2", [0.5, 1.0, None]),
        ("round(b, 1)", [0.5, 1.2, 2.0]),
        ("coalesce(a, 0)", [1, 2, 0]),
        ("upper(s) || '!'", ["X!", "YZ!", None]),
        ("case when a > 1 then 'big' else 'small' end", ["small", "big", "small"]),
        ("extract(year from day)", [2024, None, 2025]),
        ("\"fuel type\" = 'g'", [True, False, True]),
        ("a in (1, 3)", [True, False, None]),
        ("try_cast(s as int)", [None, None, None]),
        ("'over'", ["over", "over", "over"]),
        ("7", [7, 7, 7]),
    ],
)
def test_formulas(formula, values):
    table = add(formula).frame
    assert table.columns == [*TABLE.columns, "new"]
    assert table["new"].to_list() == values


def test_a_column_of_that_name_is_replaced_and_keeps_its_role():
    table = add("a + 1", "a", Table(TABLE, {"a": ColumnRole("label")}))
    assert table.frame.columns == TABLE.columns and table.frame["a"].to_list() == [2, 3, None]
    assert table.role("a").role == "label"


@pytest.mark.parametrize(
    "formula",
    [
        "a +",
        "a, b",
        "sum(a)",
        "a - avg(a)",
        "row_number() over (order by a)",
        "lag(a) OVER (order by a)",
        "a in (select 1)",
        "now()",
        "current_date",
        "random()",
        "columns('a')",
        "*",
        "unnest(a)",
        "read_csv('/etc/passwd')",
        "; drop table t",
        "s * 2",
    ],
)
def test_formulas_that_are_refused(formula):
    wrong = refuses("transform.derive_column", {"name": "new", "formula": formula}, "bad_formula", table=TABLE)
    assert wrong.param == "formula" and wrong.remedy


def test_a_column_that_is_not_there():
    wrong = refuses("transform.derive_column", {"name": "new", "formula": "A + 1"}, "unknown_column", table=TABLE)
    assert (wrong.column, wrong.param) == ("A", "formula") and "'a'" in wrong.remedy


def test_a_value_that_cannot_be_computed():
    assert '"Yz"' in refuses("transform.derive_column", {"name": "new", "formula": "cast(s as int)"}, "query_failed", table=TABLE[1:]).words
