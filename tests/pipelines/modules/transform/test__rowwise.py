"""Queries that compute each row by itself."""

import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.modules.transform._rowwise import by_row, returning, serves, sources, without


@pytest.mark.parametrize(
    "query", ["select * from t1", "SELECT * FROM t1 LIMIT 5", "from t1 order by a", "from t1 using sample 10% (bernoulli, 42)"]
)
def test_a_query_that_only_chooses_rows_passes_them(query):
    assert serves({"query": query}) == "through"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("select a, b from t1 limit 5", "SELECT a, b FROM t1"),
        ("select *, a * 2 as c from t1 where a > 0 order by b", "SELECT *, (a * 2) AS c FROM t1 WHERE (a > 0)"),
        ("select coalesce(a, 0) as z from t1", "SELECT COALESCE(a, 0) AS z FROM t1"),
    ],
)
def test_a_query_of_each_row_loses_its_choice_of_rows(query, found):
    assert (serves({"query": query}), by_row(query)) == ("each", found)


@pytest.mark.parametrize(
    "query",
    [
        "select avg(a) from t1", "select a from t1 group by a", "select a from t1 group by all", "select distinct a from t1",
        "select row_number() over () from t1", "select a from t1, t2", "select a from t2", "select (select max(a) from t1) from t1",
        "select a from t1 union select b from t1", "with x as (from t1) select * from x", "select rowid from t1", "select unnest([1, a]) from t1",
        "select a from t1 qualify row_number() over () = 1", "values (1)", "summarize t1", "nonsense", "",
    ],
)  # fmt: skip
def test_any_other_query_serves_no_request(query):
    assert (serves({"query": query}), by_row(query)) == ("never", None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("select a, Y, t1.y as z, y > 1 as w from t1", "SELECT a FROM t1"),
        ("select a from t1 where y is not null", "SELECT a FROM t1"),
        ("select a from t1 where y > 1 and a > 2 and a < 9", "SELECT a FROM t1 WHERE ((a > 2) AND (a < 9))"),
        ("select a from t1 where y > 1 and a > 2", "SELECT a FROM t1 WHERE (a > 2)"),
        ("select * exclude (y, b) from t1", "SELECT * EXCLUDE (b) FROM t1"),
        ("select y from t1", "select y from t1"),
    ],
)
def test_a_query_is_rewritten_without_a_column_that_is_gone(query, found):
    assert without(query, {"y"}) == found


def test_a_query_returns_a_further_column():
    assert returning("SELECT (a * 2) AS c FROM t1 WHERE (a > 0)", "place") == "SELECT (a * 2) AS c, place FROM t1 WHERE (a > 0)"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("select A, t1.b as c, a * b + a as d, 1 as e, a + 1 from t1 where b > 0", {"a": "a", "c": "b", "d": "ab", "e": ""}),
        ("select * exclude (b), b + 1 as b from t1", {"a": "a", "b": "b"}),
        ("select * replace (a + b as a) from t1", {}),
        ("select list_transform([a], lambda x: x + b) as c from t1", {}),  # x is no column
        ("select sum(a) as a from t1", {}),
    ],
)
def test_each_column_of_a_query_of_rows_comes_from_the_columns_that_it_names(query, found):
    table = Table(pl.DataFrame(schema={"a": pl.Int64, "b": pl.Int64}))
    assert sources({"query": query}, table) == {name: [(0, part) for part in parts] for name, parts in found.items()}
