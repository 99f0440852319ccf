"""Apply SQL."""

from datetime import timedelta
from uuid import UUID

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.transform import _query
from tests.pipelines.carrying import only
from tests.pipelines.modules.refusing import refuses

T1, T2 = pl.DataFrame({"a": [3, 1, 2], "b": ["x", "y", None]}), pl.DataFrame({"a": [1, 2], "c": [0.5, 1.5]})


def sql(query, **tables):
    return only("transform.sql", {"query": query}, **(tables or {"t1": T1, "t2": T2})).frame


def test_everything_by_default():
    assert only("transform.sql", t1=T1).frame.equals(T1)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select a from t1 order by a limit 2", [(1,), (2,)]),
        ("select t1.a, c from t1 join t2 using (a) order by 1", [(1, 0.5), (2, 1.5)]),
        ("with big as (from t1 where a > 1) select count(*) from big;", [(2,)]),
        ("from t1 select sum(a)::bigint -- all of them", [(6,)]),
        ("values (1)", [(1,)]),
        ("pivot t2 on a using sum(c)", None),
    ],
)
def test_queries(query, rows):
    if rows is None:
        refuses("transform.sql", {"query": query}, "not_a_query", t1=T1, t2=T2)
    else:
        assert sql(query).rows() == rows


def test_types_that_polars_has_not_become_text():
    frame = sql("select interval 1 day as i, '12345678-1234-5678-1234-567812345678'::uuid as u, 1.5::decimal(4,1) as d, [1] as l")
    assert frame["i"].dtype in (pl.String, pl.Duration) and frame["i"][0] in ("1 day", timedelta(days=1))
    assert UUID(frame["u"][0]) and frame["l"][0].to_list() == [1]


def test_order_of_rows_is_kept():
    big = pl.DataFrame({"n": range(500_000)})
    assert sql("select n from t1 where n % 2 = 0", t1=big)["n"].is_sorted()
    assert sql("select * from t1 limit 32561", t1=big).equals(big.head(32_561))


def test_roles_go_with_names():
    table = only(
        "transform.sql", {"query": "select b, a as other from t1"}, t1=Table(T1, {"b": ColumnRole("label"), "a": ColumnRole("ignored")})
    )
    assert table.role("b").role == "label" and table.role("other").role == "feature"


@pytest.mark.parametrize(
    "query",
    [
        "drop view t1",
        "create table x as select 1",
        "copy t1 to 'out.csv'",
        "attach 'x.db'",
        "install httpfs",
        "load httpfs",
        "set threads = 8",
        "pragma version",
        "select 1; select 2",
        "",
        "-- nothing",
        "export database 'x'",
        "call range(3)",
        "set variable x = 1",
        "checkpoint",
    ],
)
def test_only_one_query_is_allowed(query):
    refuses("transform.sql", {"query": query}, "not_a_query", t1=T1)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "from '/etc/passwd'",
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "from T1_PYTHON",
        "select * from read_parquet('http://127.0.0.1/x')",
        "select getenv('HOME')",
    ],
)
def test_the_machine_is_out_of_reach(query):
    T1_PYTHON = T1  # noqa: F841  a Python variable that a query must not see
    refuses("transform.sql", {"query": query}, "wrong_query", t1=T1)


def test_a_mistake_is_told_with_its_line():
    wrong = refuses("transform.sql", {"query": "select a,\n  bb\nfrom t1"}, "wrong_query", t1=T1)
    assert wrong.words.startswith("Line 2: ") and "bb" in wrong.words and wrong.param == "query"


def test_two_columns_of_one_name():
    assert refuses("transform.sql", {"query": "select a, b as a from t1"}, "duplicate_column", t1=T1).column == "a"


def test_columns_are_told_without_carrying_the_query_out():
    module = catalogue().modules["transform.sql"]
    told = module.columns(T1.clear(), None, None, query="select b, (select count(*) from range(1000000000000)) as n from t1")
    assert told.schema == {"b": pl.String, "n": pl.Int64}


@pytest.mark.parametrize(
    "query", ["select *, a + 1 as c, null as n, [a] as l, date '2026-01-01' as d from t1", "select uuid() as u, interval 1 day as i"]
)
def test_the_columns_told_are_those_of_the_answer(query):
    module = catalogue().modules["transform.sql"]
    table = T1.with_columns(k=pl.lit("x").cast(pl.Categorical), e=pl.lit("y").cast(pl.Enum(["y", "z"])), z=None)
    for _ in range(2):
        assert module.columns(table.clear(), None, None, query=query).schema == module.function(table, None, None, query=query).schema


def test_what_the_query_cannot_read_is_not_told_either():
    module = catalogue().modules["transform.sql"]
    for look in (module.columns, module.function):
        with pytest.raises(ModuleError, match="RowID"):
            look(T1.clear(), None, None, query="select RowID from t1")
    named = T1.with_columns(rowid=1)
    for look in (module.columns, module.function):
        assert look(named.clear(), None, None, query="select rowid from t1").columns == ["rowid"]


def test_what_is_remembered_of_queries_is_bounded(monkeypatch):
    monkeypatch.setattr(_query, "MOST_OUTLINES", 2)
    for name in "abcde":
        assert _query.columns({"t1": T1.clear()}, f"select a as {name} from t1").columns == [name]
        assert len(_query._outlines) <= 2
