"""Apply SQL."""

import re
from datetime import date, timedelta
from uuid import UUID

import polars as pl
import pytest

from pipelines.catalogue.allowance import memory_allowance, memory_allowed
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.transform import _query
from pipelines.modules.transform._duckdb import engine
from pipelines.modules.transform._syntax import VALUES, VOLATILE, is_plain
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

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


def test_types_that_do_not_go_together_are_told_with_their_column():
    days = pl.DataFrame({"a": [date(2024, 1, 1)]})
    wrong = refuses("transform.sql", {"query": "select a from t1 union all by name select a from t2"}, "wrong_query", t1=T1, t2=days)
    assert wrong.words == "Line 1: Values of the type BIGINT of the column “a” cannot be converted to DATE." and "cast(" in wrong.remedy


def test_two_columns_of_one_name():
    assert refuses("transform.sql", {"query": "select a, b as a from t1"}, "duplicate_column", t1=T1).column == "a"


def test_columns_are_told_without_carrying_the_query_out():
    module = catalogue().modules["transform.sql"]
    told = module.columns(T1.clear(), None, None, query="select b, (select count(*) from range(1000000000000)) as n from t1")
    assert told.schema == {"b": pl.String, "n": pl.Int64}


@pytest.mark.parametrize(
    "query",
    [
        "select *, a + 1 as c, null as n, [a] as l, date '2026-01-01' as d from t1",
        "select '12345678-1234-5678-1234-567812345678'::uuid as u, interval 1 day as i, [interval 1 day] as l",
    ],
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


def test_numbers_with_a_point_are_floats():
    frame = sql("select a * 1.1 as x, 0.5 as y, 'é 1.5' as z, 2. * a as w from t1")
    assert frame.schema == {"x": pl.Float64, "y": pl.Float64, "z": pl.String, "w": pl.Float64}
    assert frame["x"].to_list() == [3 * 1.1, 1.1, 2.2] and frame["z"][0] == "é 1.5"


def test_spans_of_time_are_durations():
    assert sql("select timestamp '2024-01-02' - timestamp '2024-01-01' as x")["x"].to_list() == [timedelta(days=1)]
    assert "months" in refuses("transform.sql", {"query": "select interval 1 month as x"}, "wrong_query", t1=T1).words


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("select random() as r from t1", "random()"),
        ("select a from t1 order by Random()", "random()"),
        ("select now()::varchar as n", "now()"),
        ("select current_date as d", "current_date"),
        ("select ago(interval 1 day) as d", "ago()"),
        ("select uuid() as u from t1", "uuid()"),
        ("with x as (select * from t1 using sample 1) from x", "repeatable"),
        ("select * from t1 tablesample 50%", "repeatable"),
    ],
)
def test_what_would_answer_otherwise_each_time_is_refused(query, what):
    wrong = refuses("transform.sql", {"query": query}, "not_repeatable", t1=T1)
    assert what in wrong.words and "date '" in wrong.remedy
    with pytest.raises(ModuleError, match="each time"):
        catalogue().modules["transform.sql"].columns(T1.clear(), None, None, query=query)


def test_a_sample_with_a_seed_and_a_column_called_like_the_clock_are_no_chance():
    big = pl.DataFrame({"user": range(1000)})
    rows = sql("select * from t1 using sample 10% (bernoulli, 42)", t1=big)
    assert 50 < rows.height < 150 and rows.equals(sql("select user from t1 using sample 10% (bernoulli, 42)", t1=big))


def test_the_functions_that_are_refused_are_those_that_duckdb_calls_volatile():
    with engine().cursor() as connection:
        rows = connection.sql("select lower(function_name), stability, macro_definition from duckdb_functions()").fetchall()
    volatile = {name for name, stability, _ in rows if stability not in ("CONSISTENT", None)} - {"error"}
    words = re.compile(rf"\b({'|'.join(volatile | VALUES)})\b")
    assert volatile | {name for name, _, macro in rows if macro and words.search(macro)} == VOLATILE & {name for name, *_ in rows}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from '/etc/passwd'", "/etc/passwd, which is not one of its tables"),
        ("select * from duckdb_secrets()", "duckdb_secrets()"),
        ("select * from duckdb_settings()", "duckdb_settings()"),
        ("select * from information_schema.tables", "information_schema.tables"),
        ("select * from pg_catalog.pg_class", "pg_catalog.pg_class"),
        ("select * from t9", "t9"),
        ("from (show all tables)", "settings and system tables"),
        ("select * from query('select 1')", "query()"),
    ],
)
def test_a_query_reads_its_tables_alone(query, says):
    wrong = refuses("transform.sql", {"query": query}, "wrong_query", t1=T1, t2=T2)
    assert says in wrong.words and wrong.remedy == "Use one of the connected tables: t1 and t2."


def test_tables_of_its_own_are_no_foreign_ones():
    assert sql("with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select n from R, unnest([1]) u(x)").height == 3
    assert sql("from (describe t1)").height == 2 and sql("from range(3)").height == 3


@pytest.mark.parametrize(
    ("query", "says", "remedy"),
    [
        ("select a // 0 as x from t1", "Division by zero in expression (a // 0).", "nullif"),
        ("select a + 9223372036854775807 as x from t1", "Overflow in addition", "cast one of them"),
        ("select b * 2 as x from t1", "No function matches", "cast(value as type)"),
        ("select list_transform([1], x -> x) as x from t1", "lambda", "query"),
    ],
)
def test_what_duckdb_says_is_said_without_its_settings(query, says, remedy):
    wrong = refuses("transform.sql", {"query": query}, "wrong_query", t1=T1)
    assert says in wrong.words and remedy in wrong.remedy
    assert "SET " not in wrong.words + wrong.remedy and "\n" not in wrong.words


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("select * from range(3000000000)", "Its result is larger than the limit of 100 MB"),
        ("select a.range from range(10000000) a, range(10) b order by hash(a.range)", "too many rows"),
        ("select r.range, count(*) as n from range(30000000) r group by all", "too many rows"),
    ],
)
def test_a_query_takes_no_more_memory_than_its_step_may(query, says):
    with memory_allowed(200 * 2**20):
        wrong = refuses("transform.sql", {"query": query}, "out_of_memory", t1=T1)
    assert says in wrong.words and "join" in wrong.remedy


def test_the_engine_takes_nothing_of_the_machine_by_default():
    with engine().cursor() as connection:
        found = dict(connection.sql("select name, value from duckdb_settings()").fetchall())
    assert (found["threads"], found["temp_directory"], found["TimeZone"]) == ("1", "", "UTC")
    assert found["memory_limit"] == f"{memory_allowance() / 2**21:.1f} MiB" and found["lock_configuration"] == "true"


def test_columns_that_sql_cannot_tell_apart_are_told(notes):
    assert sql("select * from t1", t1=pl.DataFrame({"a": [1], "A": [2]})).columns == ["a", "A_1"]
    assert "“A_1”" in notes[0]


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("select * from t1 where a > 3", True),
        ("from T1", True),
        ("select a, b as c from t1 join t2 using a", False),
        ("select * from t1 where a > 1.5", False),
        ("select random() from t1", False),
        ("select current_date as d from t1", False),
        ("select * from t1 tablesample 5", False),
        ("select * from duckdb_settings", False),
        ("from (show all tables)", False),
        ("drop view t1", False),
        ("select 1; select 2", False),
        ("select localtime as a -- from t1", False),
        ("select a from from t1", False),
    ],
)
def test_only_the_simplest_queries_are_not_looked_into(query, plain):
    with engine().cursor() as connection:
        assert is_plain(query, connection, {"t1", "t2"}) == plain


def test_whole_numbers_of_128_bits_are_decimals():
    wide = pl.DataFrame({"x": pl.Series([10**20, None], dtype=pl.Int128)})
    assert sql("select x + 1 as y from t1", t1=wide)["y"].to_list() == [10**20 + 1, None]
    assert only("transform.derive_column", {"name": "y", "formula": "x + 1"}, table=wide).frame["y"].to_list() == [10**20 + 1, None]
