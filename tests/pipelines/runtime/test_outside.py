"""Steps that reach outside: what a run says and stores of its connections, and when a source is read again."""

import json
import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from designer.audit.models import AuditEntry
from designer.datasets import reader
from designer.datasets.parsing.parse import parse
from designer.readers import PrivateHosts
from pipelines import flow
from pipelines.catalogue.connection import HIDDEN
from pipelines.catalogue.reporting import log
from pipelines.models import Connection, Event, Result, Run, Step
from pipelines.outside import web
from pipelines.runtime import connections, outside
from pipelines.runtime.worker import reporter
from tests.support.graph_builder import codes, draw
from tests.support.ledger_driver import NoDatasets, new_scope, run, run_to_end, states
from tests.support.web import site

pytestmark = pytest.mark.django_db
MARKER = "S3kr1t/marker 'x'"


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(reporter, "FLUSH_SECONDS", 60.0)  # its thread would wait for the transaction of the test
    monkeypatch.setattr(reader, "parse_in_child", lambda *of: parse(*of).as_json())  # without the time that a process takes
    settings.EASEL_IMPORT_FOLDERS = settings.EASEL_EXPORT_FOLDERS = [tmp_path]
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    outside._allowed.cache_clear()
    with closing(sqlite3.connect(tmp_path / "a.db")) as made, made:
        made.execute("CREATE TABLE t (a)")
        made.execute("INSERT INTO t VALUES (1), (2)")
    (tmp_path / "a.csv").write_text("a\n1\n")
    yield tmp_path
    outside._allowed.cache_clear()


def connect(scope, name, kind, address, **more):
    secret = connections.encrypt(more.pop("secret", ""))
    Connection.objects.create(scope=scope, name=name, kind=kind, address=str(address), secret=secret, **more)


def reads(**settings):
    return draw({"in": ("data.import_data", settings)})


def rows(it):
    step = Step.objects.get(run=it, node="in")
    return step.outputs["table"]["rows"], step.reused, step.why


def everything(folder, caplog):
    """All that is kept of runs, in the database, the store and the log."""
    kept = [list(model.objects.values()) for model in (Run, Step, Event, Result, AuditEntry, Connection)]
    files = [file.read_bytes() for file in Path(flow.store("x").scratch()).parents[2].rglob("*") if file.is_file()]
    return json.dumps(kept, default=str) + caplog.text, b"".join(files)


def test_the_secret_of_a_connection_is_nowhere_however_the_run_ends(folder, caplog):
    caplog.set_level(logging.DEBUG)
    scope = new_scope()
    with site() as server:
        server.pages |= {"/a.csv": (200, {"Content-Type": "text/csv"}, b"a\n1\n"), "/denied.csv": (401, {}, b"")}
        connect(scope, "web", "http", server.url, user="ann", secret=MARKER)
        connect(scope, "db", "database", "postgresql://ann@127.0.0.1:1/db", secret=MARKER)
        connect(scope, "bucket", "s3", "s3://sales", user="AKIA", endpoint=server.url, secret=MARKER)
        good = run(reads(url=f"{server.url}/a.csv", login="web"), scope=scope)
        assert states(good) == {"in": "done"} and server.asked[-1][2]["Authorization"].startswith("Basic ")
        for settings in (
            {"url": f"{server.url}/denied.csv", "login": "web"},
            {"source": "database", "database": "db", "table": "t"},
            {"source": "files", "storage": "bucket", "path": "*.csv"},
        ):
            assert states(run(reads(**settings), scope=scope)) == {"in": "failed"}
        document = json.dumps(flow.dump(reads(url=f"{server.url}/a.csv", login="web")))
    text, files = everything(folder, caplog)
    assert "connection" in text and len(files) > 100
    for secret in (MARKER, "S3kr1t", "YW5uOlMza3IxdC9tYXJrZXI"):
        assert secret not in text + document and secret.encode() not in files


def test_a_module_that_raises_or_logs_the_secret_is_corrected(folder, monkeypatch, caplog):
    def careless(url, out, login):
        log(f"logging in with {login.secret.reveal()}")
        raise RuntimeError(f"refused {login.secret.reveal()}")

    monkeypatch.setattr(web, "fetch", careless)
    scope = new_scope()
    connect(scope, "web", "http", "https://example.org", secret=MARKER)
    it = run(reads(url="https://example.org/a", login="web", again="always"), scope=scope)
    told = str(flow.events(it)) + str(Step.objects.get(run=it).error)
    assert f"logging in with {HIDDEN}" in told and f"refused {HIDDEN}" in told and "S3kr1t" not in told + caplog.text


def test_a_source_that_changed_is_read_again_and_one_that_did_not_is_not(folder):
    scope = new_scope()
    connect(scope, "files", "folder", folder)
    graph = reads(source="files", storage="files", path="a.csv")
    first, second = run(graph, scope=scope), run(graph, scope=scope)
    assert rows(first)[:2] == (1, False) and rows(second)[:2] == (1, True)
    (folder / "a.csv").write_text("a\n1\n2\n")
    third = run(graph, scope=scope)
    assert rows(third)[:2] == (2, False)
    assert flow.explain(third, Step.objects.get(run=third)).words == "The source changed."


def test_a_file_on_the_web_is_asked_for_its_version(folder):
    scope = new_scope()
    with site() as server:
        server.pages["/a.csv"] = (200, {"ETag": '"1"'}, b"a\n1\n")
        graph = reads(url=f"{server.url}/a.csv")
        assert [rows(run(graph, scope=scope))[1] for _ in range(2)] == [False, True]
        server.pages["/a.csv"] = (200, {}, b"a\n1\n2\n")
        count, reused, why = rows(run(graph, scope=scope))
        assert (count, reused) == (2, False) and "does not tell whether it changed" in why
        assert not rows(run(graph, scope=scope))[1]


def test_a_database_is_read_in_every_run_unless_it_is_never_read_again(folder):
    scope = new_scope()
    connect(scope, "db", "database", f"sqlite:///{folder}/a.db")
    changed, never = ({"source": "database", "database": "db", "table": "t", "again": again} for again in ("changed", "never"))
    assert [rows(run(reads(**changed), scope=scope))[1] for _ in range(2)] == [False, False]
    assert [rows(run(reads(**never), scope=scope))[1] for _ in range(2)] == [False, True]
    assert "as its setting says" in rows(run(reads(**never), scope=scope))[2]
    connect(scope, "other", "database", f"sqlite:///{folder}/a.db")
    Connection.objects.filter(name="db").update(address=f"sqlite:///{folder}/../{folder.name}/a.db")
    again = run(reads(**never), scope=scope)
    assert not rows(again)[1], "the connection leads elsewhere"
    assert flow.explain(again, Step.objects.get(run=again)).words == "The connection leads elsewhere: database."


def test_what_is_read_again_without_a_change_lets_later_steps_be_reused(folder):
    scope = new_scope()
    connect(scope, "db", "database", f"sqlite:///{folder}/a.db")
    settings = {"source": "database", "database": "db", "table": "t", "again": "always"}
    graph = draw({"in": ("data.import_data", settings), "on": "trial.pass_on"}, "in.table on.table")
    run(graph, scope=scope)
    second = run(graph, scope=scope)
    assert [Step.objects.get(run=second, node=node).reused for node in ("in", "on")] == [False, True]


def test_an_export_writes_in_each_run_or_when_something_changed(folder):
    scope = new_scope()
    connect(scope, "db", "database", f"sqlite:///{folder}/a.db")

    def write(again):
        settings = {"to": "database", "database": "db", "name": "out", "if_exists": "append", "again": again}
        graph = draw({"text": ("data.enter_data", {"text": "a\n1"}), "out": ("data.export_data", settings)}, "text.table out.table")
        assert states(run(graph, scope=scope))["out"] == "done"
        with closing(sqlite3.connect(folder / "a.db")) as held:
            return held.execute("SELECT count(*) FROM out").fetchone()[0]

    assert [write("changed"), write("changed"), write("always"), write("always")] == [1, 1, 2, 3]


def test_a_run_is_verified_by_what_its_source_gives_and_writes_nothing_again(folder):
    scope = new_scope()
    connect(scope, "db", "database", f"sqlite:///{folder}/a.db")
    read = {"source": "database", "database": "db", "table": "t", "again": "always"}
    write = {"to": "database", "database": "db", "name": "out", "if_exists": "append", "again": "always"}
    nodes = {"in": ("data.import_data", read), "on": "trial.pass_on", "out": ("data.export_data", write)}
    first = run(draw(nodes, "in.table on.table", "on.table out.table"), scope=scope)

    def verify():
        again = run_to_end(flow.rerun(first, verify=True, enqueue=lambda _: None))
        assert [each["node"] for each in again.left_out] == ["out"]
        return flow.verdict(again, first)

    with closing(sqlite3.connect(folder / "a.db")) as held, held:
        told = verify()
        assert (told.state, told.compared) == ("equal", 2) and told.words.endswith(
            "Not executed again, since that would write outside Easel: Export Data."
        )
        assert held.execute("SELECT count(*) FROM out").fetchone()[0] == 2
        held.execute("INSERT INTO t VALUES (3)")
    told = verify()
    assert (told.state, told.node, told.words) == ("differs", "in", "The source changed.")


def test_a_connection_that_is_missing_or_of_another_kind_is_a_problem_with_its_place(folder):
    scope = new_scope()
    connect(scope, "files", "folder", folder)
    for name, code in (("gone", "unknown_connection"), ("files", "wrong_connection")):
        found = flow.check(reads(source="database", database=name, table="t"), NoDatasets(), scope).problems
        assert codes(found) == [code] and found[0].param == "database" and found[0].remedy
    assert not flow.check(reads(url="https://example.org/a.csv"), NoDatasets(), scope).problems


def test_a_secret_of_another_key_fails_the_step_with_one_sentence(folder, settings):
    scope = new_scope()
    connect(scope, "web", "http", "https://example.org", secret=MARKER)
    settings.SECRET_KEY = "y" * 60
    it = run(reads(url="https://example.org/a", login="web"), scope=scope)
    error = Step.objects.get(run=it).error
    assert error["code"] == "secret_locked" and "another secret key" in error["words"] and os.sep not in error["words"]
