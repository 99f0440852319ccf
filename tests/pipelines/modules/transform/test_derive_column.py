"""Add Column, and the formulas that it shares with Filter Rows."""

from datetime import date

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Query, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

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
        ("round(b, 1)", [0.5, 1.3, 2.0]),
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
        "(a, b)",
        "a) as x, (b",
        "a) from t1 where (true",
        "1) union all select (2",
        "a; select 1",
        "count(*)",
        "$1",
        "today()",
        "uuid()",
        "exists(select 1)",
        "9223372036854775807 + 1",
        "date '2024-02-30'",
    ],
)
def test_formulas_that_are_refused(formula):
    wrong = refuses("transform.derive_column", {"name": "new", "formula": formula}, "bad_formula", table=TABLE)
    assert wrong.param == "formula" and wrong.remedy


def test_a_column_that_is_not_there():
    wrong = refuses("transform.derive_column", {"name": "new", "formula": "c + 1"}, "unknown_column", table=TABLE)
    assert (wrong.column, wrong.param) == ("c", "formula")


def test_names_in_capital_letters_are_the_same_as_in_sql():
    assert add("A + 1").frame["new"].to_list() == [2, 3, None]
    both = TABLE.rename({"b": "A"})
    assert "the same name" in refuses("transform.derive_column", {"name": "new", "formula": "a + 1"}, "bad_formula", table=both).words


def test_a_value_that_cannot_be_computed():
    assert "'Yz'" in refuses("transform.derive_column", {"name": "new", "formula": "cast(s as int)"}, "query_failed", table=TABLE[1:]).words


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("v / 3.0", [5 / 3, -5 / 3, 7 / 3]),
        ("v / 3.0 * 3.0", [5.0, -5.0, 7.0]),
        ("v / 30000000.0", [5 / 3e7, -5 / 3e7, 7 / 3e7]),
        ("v * 1.5", [7.5, -7.5, 10.5]),
        ("v * 1.123456789 * 1.123456789 * 1.123456789 * 1.123456789 * 1.123456789", [v * 1.123456789**5 for v in (5, -5, 7)]),
        ("v + 0.1", [5.1, -4.9, 7.1]),
    ],
)
def test_numbers_with_a_point_are_floats(formula, values):
    new = add(formula, table=pl.DataFrame({"v": [5, -5, 7]})).frame["new"]
    assert new.dtype == pl.Float64 and new.to_list() == pytest.approx(values, rel=1e-15)


@pytest.mark.parametrize(
    "formula", ["v * v * v", "9223372036854775807 + v", "v - 9223372036854775807 - 9223372036854775807", "u - 100", "u * 200"]
)
def test_whole_numbers_do_not_wrap(formula):
    table = pl.DataFrame({"v": [5_000_000_000], "u": pl.Series([3], dtype=pl.UInt8)})
    wrong = refuses("transform.derive_column", {"name": "new", "formula": formula}, "query_failed", table=table)
    assert "Overflow" in wrong.words and "double" in wrong.words


@pytest.mark.parametrize("table", [TABLE, TABLE.clear()])
def test_columns_are_known_before_running_and_formulas_stay_lazy(table):
    module = catalogue().modules["transform.derive_column"]
    for formula in ("upper(s)", "a * 2", "b * 2", "day + 1", "7"):
        query = module.function(Table(table).query, name="new", formula=formula)
        kind = query.frame.collect_schema()["new"]
        for engine in ("streaming", "in-memory"):
            assert query.frame.collect(engine=engine).schema["new"] == kind


def test_only_the_columns_of_a_formula_are_read(tmp_path):
    TABLE.write_ipc(tmp_path / "table.arrow")
    query = Query(pl.scan_ipc(tmp_path / "table.arrow"))
    new = catalogue().modules["transform.derive_column"].function(query, name="new", formula="upper(s)")
    assert "PROJECT 1/5" in new.frame.select("new").explain()


def test_a_table_of_many_parts_is_computed_in_its_order():
    big = pl.DataFrame({"n": range(700_000)})
    query = catalogue().modules["transform.derive_column"].function(Table(big).query, name="new", formula="n * 2 + 1")
    assert query.frame.collect(engine="streaming")["new"].equals((big["n"] * 2 + 1).rename("new"))
