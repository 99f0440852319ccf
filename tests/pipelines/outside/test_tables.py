"""Rows out of and into PostgreSQL, compared with what psycopg says itself."""

import os
import signal
import threading
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_network

import polars as pl
import psycopg
import pytest

from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.catalogue.errors import ModuleError
from pipelines.outside import rows
from pipelines.outside.database import opened
from pipelines.outside.reach import Reach, reaching
from pipelines.outside.rows import read_rows, table_query
from pipelines.outside.tables import write_table
from tests.support.databases import postgresql
from tests.support.module_runner import dataset


@pytest.fixture(scope="module")
def address():
    with postgresql() as found:
        yield found


@pytest.fixture
def raw(address):
    with psycopg.connect(address, autocommit=True) as found:
        found.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        yield found


@pytest.fixture
def database(address, raw):
    with as_step("run/node"):
        yield Connection("db", ConnectionKind.DATABASE, address)


def as_step(step):
    return reaching(Reach(networks=(ip_network("127.0.0.1/32"),), step=step))


def read(database, query, most=None):
    with opened(database) as held:
        return read_rows(held, query, most)


def write(database, frame, mode="create", table="t"):
    with opened(database, write=True) as held:
        return write_table(held, table, frame, mode)


def code_of(action, *arguments):
    with pytest.raises(ModuleError) as caught:
        action(*arguments)
    assert caught.value.words and caught.value.remedy
    return caught.value.code


@pytest.mark.slow
def test_each_type_of_postgresql_becomes_the_type_of_a_table(database):
    found = read(
        database,
        """SELECT true AS b, 1::smallint AS i, 2^40::bigint AS big, 1.5::real AS f, 12.25::numeric AS n, 'é'::text AS t,
        date '2026-11-28' AS d, timestamp '2026-11-28 01:02:03.5' AS s, timestamptz '2026-11-28 01:00+02' AS z, time '01:02' AS c,
        interval '1 day 2 hours' AS p, '{"a": [1]}'::jsonb AS j, '\\x0aff'::bytea AS y, ARRAY[1,2] AS l, NULL::int AS e, 99999999999999999999 AS h
        """,
    )
    moment = datetime(2026, 11, 28, 1, 2, 3, 500_000)
    assert found.row(0) == (
        True, 1, 2.0**40, 1.5, 12.25, "é", date(2026, 11, 28), moment, datetime(2026, 11, 27, 23), time(1, 2),
        timedelta(days=1, hours=2), '{"a":[1]}', "0aff", "[1,2]", None, 1e20,
    )  # fmt: skip
    assert found.schema["e"] == pl.Int64


def test_real_rows_come_back_as_they_were_whatever_their_type(database, raw):
    frame = dataset("automobile_price").frame
    write(database, frame)
    assert read(database, "SELECT * FROM t").equals(frame.with_columns(pl.col(pl.Int32).cast(pl.Int64)))
    theirs = raw.execute('SELECT avg("price")::float8, count(*) FROM t').fetchone()
    assert theirs == (pytest.approx(frame["price"].mean(), rel=1e-12), frame.height)


def test_types_are_written_as_the_database_has_them(database, raw):
    frame = pl.DataFrame(
        {
            "u": pl.Series([2**64 - 1], dtype=pl.UInt64),
            "when": [datetime(2026, 1, 1, tzinfo=UTC)],
            "took": [timedelta(seconds=1.5)],
            "kind": pl.Series(["a"], dtype=pl.Categorical),
            "list": [[1, None]],
            "nan": [float("nan")],
            "text": ["\\N\t\n"],
            "raw": [b"\x00\xff"],
        }
    )
    write(database, frame)
    told = raw.execute('SELECT u::text, "when", took, kind, list, nan::text, text, raw FROM t').fetchone()
    assert told == (str(2**64 - 1), datetime(2026, 1, 1, tzinfo=UTC), 1.5, "a", "[1,null]", "NaN", "\\N\t\n", b"\x00\xff")


def test_a_limit_of_rows_is_kept(database):
    assert read(database, "SELECT generate_series(1, 1000000) AS a", 3)["a"].to_list() == [1, 2, 3]


def test_many_rows_come_in_batches_with_one_type(database, monkeypatch):
    monkeypatch.setattr(rows, "BATCH", 500)
    found = read(database, "SELECT CASE WHEN a > 600 THEN a END AS a FROM generate_series(1, 1200) AS a")
    assert (found.height, found["a"].null_count(), found["a"].sum(), found.schema["a"]) == (1200, 600, sum(range(601, 1201)), pl.Int64)


def test_a_table_without_rows_has_its_types(database):
    assert read(database, "SELECT 1 AS a, 'x' AS b, now() AS c WHERE false").schema == {
        "a": pl.Int64,
        "b": pl.String,
        "c": pl.Datetime("us"),
    }


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO t VALUES (1)",
        "SELECT 1; DELETE FROM t",
        "SELECT 1; COMMIT; SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; DELETE FROM t",
        "WITH gone AS (DELETE FROM t RETURNING 1) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false) FROM (SELECT 1 FROM t) AS t",
    ],
)
def test_a_query_changes_nothing(database, raw, query):
    raw.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)")
    assert code_of(read, database, query) == "database_refused"
    assert raw.execute("SELECT count(*) FROM t").fetchone() == (2,)


def test_a_query_keeps_percent_signs_and_colons(database):
    assert read(database, "SELECT 'a%s:b' AS x, 5 % 3 AS y, time '12:30' AS z").row(0) == ("a%s:b", 2, time(12, 30))


def test_columns_with_one_name_are_refused(database):
    assert code_of(read, database, "SELECT 1 AS a, 2 AS a") == "duplicate_column"


def test_a_table_of_a_schema_is_found_and_another_is_not(database, raw):
    raw.execute('CREATE SCHEMA "S"; CREATE TABLE "S"."T;" (a int); INSERT INTO "S"."T;" VALUES (7); CREATE VIEW v AS SELECT 1 AS b')
    with opened(database) as held:
        assert read_rows(held, table_query(held, "S.T;"))["a"].to_list() == [7]
        assert read_rows(held, table_query(held, "v"))["b"].to_list() == [1]
        assert code_of(table_query, held, "nothing") == "unknown_table"


FEW = pl.DataFrame({"a": [1, 2]})


def test_a_repeated_step_writes_once_in_each_mode(database, raw):
    for mode in ("append", "replace", "create"):
        with as_step(f"{mode}/node"):
            assert [write(database, FEW, mode, mode).before for _ in range(2)] == [False, True]
        assert raw.execute(f'SELECT count(*) FROM "{mode}"').fetchone() == (2,)
    with as_step("next/node"):
        write(database, FEW, "append", "append")
    assert raw.execute("SELECT count(*) FROM append").fetchone() == (4,)


def test_an_attempt_that_dies_in_the_middle_leaves_nothing(database, raw):
    with pytest.raises(KeyboardInterrupt), opened(database, write=True) as held:
        write_table(held, "t", FEW, "append")
        raise KeyboardInterrupt
    assert raw.execute("SELECT to_regclass('t'), to_regclass('easel_exports')").fetchone() == (None, None)
    assert not write(database, FEW, "append").before


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_is_killed_before_or_after_its_commit_writes_once(database, raw, moment):
    """The ledger knows of neither, and gives the step to another worker."""
    if not (child := os.fork()):
        with opened(database, write=True) as held:
            write_table(held, "t", FEW, "append")
            if moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert write(database, FEW, "append").before is (moment == "after")
    assert raw.execute("SELECT a FROM t").fetchall() == [(1,), (2,)]


def test_two_attempts_at_once_write_once(database, raw):
    """The worker of the first is slow, but not dead; the second waits for it."""
    write(database, FEW, "append")
    done = []

    def second():
        with as_step("slow/node"):
            done.append(write(database, FEW, "append"))

    with as_step("slow/node"), opened(database, write=True) as held:
        write_table(held, "t", FEW, "append")
        rival = threading.Thread(target=second)
        rival.start()
        rival.join(0.1)
        assert rival.is_alive()
    rival.join()
    assert done[0].before and raw.execute("SELECT count(*) FROM t").fetchone() == (4,)


def test_what_exists_is_kept_unless_it_is_to_be_replaced(database, raw):
    raw.execute("CREATE TABLE t (a int, b int DEFAULT 5); CREATE VIEW v AS SELECT a FROM t")
    assert code_of(write, database, FEW) == "table_exists"
    write(database, FEW, "append")
    assert raw.execute("SELECT * FROM t").fetchall() == [(1, 5), (2, 5)]
    with as_step("next/node"):
        write(database, pl.DataFrame({"a": [3], "b": [4]}), "replace")
    assert raw.execute("SELECT a FROM v").fetchall() == [(3,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (pl.DataFrame({"z": [1]}), "column_missing"),
        (pl.DataFrame({"x" * 64: [1]}), "bad_name"),
        (pl.DataFrame({"a": [1], "A": [2]}), "duplicate_column"),
        (pl.DataFrame({"a": ["x\x00"]}), "unwritable_text"),
        (pl.DataFrame({"a": ["no number"]}), "database_refused"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(database, raw, frame, code):
    raw.execute("CREATE TABLE t (a int)")
    assert code_of(write, database, frame, "append") == code
    assert raw.execute("SELECT count(*), to_regclass('easel_exports') FROM t").fetchone() == (0, None)
