"""Exports of what reaches outside: a script gives what the run gave, with secrets from the environment alone."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import polars as pl
import psycopg
import pytest
from moto.server import ThreadedMotoServer

from designer.datasets import reader
from designer.datasets.parsing.parse import parse
from designer.readers import PrivateHosts
from pipelines import flow
from pipelines.export.places import Places
from pipelines.export.script import Place, declared
from pipelines.models import Connection, Step
from pipelines.runtime import connections, outside
from tests.support.databases import postgresql
from tests.support.exports import compared, run_alone, write
from tests.support.graph_builder import draw
from tests.support.ledger_driver import NoDatasets, new_scope, run
from tests.support.web import site

pytestmark = pytest.mark.processes
SECRET = "S3kr1t-marker-é"
TEXT = "make;price;on\naudi;1,5;31.12.2024\nbmw;;1.2.2025\n"  # read as uploads are: a decimal comma, days first
READ = "data.import_data"


def test_missing_variables_are_named_at_the_start() -> None:
    places = {"sales": Place("database", "postgresql://a@h/d", "", "", True), "files": Place("folder", "/data", "", "", False)}
    found = declared(places)
    assert found == {
        "sales": {"kind": "database", "address": "postgresql://a@h/d", "secret": "SALES_SECRET"},
        "files": {"kind": "folder", "address": "/data"},
    }
    with pytest.raises(ValueError, match=r"SALES_SECRET \(connection sales\)\.$"):
        Places(found, {})
    known = Places(found, {"SALES_SECRET": SECRET})
    assert known.connection("sales").secret.reveal() == SECRET and not known.connection("files").secret
    with pytest.raises(ValueError, match="The script has no connection other"):
        known.connection("other")


def test_each_secret_has_a_variable_of_its_own() -> None:
    found = declared({name: Place("http", "https://h", "", "", True) for name in ("a-b", "a_b", "2b")})
    assert [each["secret"] for each in found.values()] == ["A_B_SECRET", "A_B_SECRET_2", "STEP_2B_SECRET"]


@pytest.fixture
def scope(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[str]:
    """A workspace whose connections lead to a database of each kind, a bucket, a web server and a folder of this machine."""
    monkeypatch.setattr("pipelines.runtime.worker.reporter.FLUSH_SECONDS", 60.0)
    monkeypatch.setattr(reader, "parse_in_child", lambda *of: parse(*of).as_json())
    settings.EASEL_IMPORT_FOLDERS = settings.EASEL_EXPORT_FOLDERS = [tmp_path]
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    outside._allowed.cache_clear()
    scope = new_scope()

    def connect(name: str, kind: str, address: str, secret: str = SECRET, **more: str) -> None:
        Connection.objects.create(scope=scope, name=name, kind=kind, address=address, secret=connections.encrypt(secret), **more)

    with closing(sqlite3.connect(tmp_path / "a.db")) as made, made:
        made.execute("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b UNION SELECT 2, NULL")
    (tmp_path / "one.csv").write_text("a,b\n1,x\n")
    (tmp_path / "two.csv").write_text("a,b\n2,y\n")
    token = b64encode(f"ann:{SECRET}".encode()).decode()
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    with site() as server, postgresql() as address:
        server.pages["/a.csv"] = lambda sent: (200, {}, TEXT.encode()) if sent.get("Authorization") == f"Basic {token}" else (401, {}, b"")
        with psycopg.connect(address, autocommit=True) as raw:
            raw.execute(
                "CREATE TABLE t (a int, n numeric, at timestamptz); INSERT INTO t VALUES (1, 2.5, '2024-01-01 00:00+02'), (2, NULL, NULL)"
            )
        keys = {"aws_access_key_id": "AKIA", "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
        client: Any = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys)
        client.create_bucket(Bucket="sales")
        client.put_object(Bucket="sales", Key="a.csv", Body=TEXT.encode())
        connect("web", "http", server.url, user="ann")
        connect("lite", "database", f"sqlite:///{tmp_path}/a.db", "")
        connect("pg", "database", address)
        connect("bucket", "s3", "s3://sales", user="AKIA", endpoint=f"http://{host}:{port}")
        connect("folder", "folder", str(tmp_path), "")
        settings.SITE = server.url
        yield scope
    moto.stop()
    outside._allowed.cache_clear()


def nodes(url: str) -> dict[str, Any]:
    return {
        "web": (READ, {"url": f"{url}/a.csv", "login": "web"}),
        "lite": (READ, {"source": "database", "database": "lite", "table": "t", "storage": "gone"}),
        "pg": (READ, {"source": "database", "database": "pg", "query": "SELECT * FROM t ORDER BY a"}),
        "bucket": (READ, {"source": "files", "storage": "bucket", "path": "*.csv"}),
        "folder": (READ, {"source": "files", "storage": "folder", "path": "*.csv"}),
        "out": ("data.export_data", {"to": "database", "database": "lite", "name": "written", "if_exists": "replace"}),
    }


def test_a_script_reads_and_writes_what_the_run_did(scope: str, tmp_path: Path, settings: Any) -> None:
    graph = draw(nodes(settings.SITE), "folder.table out.table")
    made = run(graph, scope=scope)
    assert made.state == "done", list(Step.objects.filter(run=made).values_list("node", "error"))
    exported = flow.exported(graph, scope=scope, datasets=NoDatasets())
    assert SECRET not in exported.script + exported.notebook and "S3kr1t" not in exported.script
    assert "'secret': 'PG_SECRET'" in exported.script and "BUCKET_SECRET (connection bucket)" in exported.script
    assert "Note: out: it writes each time the script runs." in exported.script and "storage='gone'" not in exported.script
    script = write(exported, tmp_path / "script")
    done, _ = run_alone(script)
    assert done.returncode == 1 and "BUCKET_SECRET (connection bucket), PG_SECRET" in done.stderr and "Traceback" not in done.stderr
    with closing(sqlite3.connect(tmp_path / "a.db")) as held, held:
        held.execute("DROP TABLE written")
    secrets = dict.fromkeys(("PG_SECRET", "BUCKET_SECRET", "WEB_SECRET"), SECRET)
    done, seen = run_alone(script, "--results-dir", str(tmp_path / "out"), env=secrets)
    assert done.returncode == 0, done.stderr
    assert not {"pipelines", "designer", "django", "celery"} & set(seen)
    found = compared(made, tmp_path / "out")
    assert found == dict.fromkeys(("web.table", "lite.table", "pg.table", "bucket.table", "folder.table", "out.table"), "same")
    assert pl.read_parquet(tmp_path / "out" / "web.table.parquet").dtypes[1:] == [pl.Float64, pl.Date]
    with closing(sqlite3.connect(tmp_path / "a.db")) as held:
        assert held.execute("SELECT count(*) FROM written").fetchone() == (2,)
    done, _ = run_alone(script, env={**secrets, "WEB_SECRET": "wrong-secret"})
    assert done.returncode == 1 and "web: “127.0.0.1” answered with status 401" in done.stderr
    assert SECRET not in done.stdout + done.stderr and "wrong-secret" not in done.stdout + done.stderr


def test_a_notebook_declares_the_same_connections(scope: str, settings: Any) -> None:
    exported = flow.exported(draw(nodes(settings.SITE), "folder.table out.table"), scope=scope, datasets=NoDatasets())
    cells = ["".join(cell["source"]) for cell in json.loads(exported.notebook)["cells"]]
    assert any("'secret': 'PG_SECRET'" in cell for cell in cells) and any("connections=CONNECTIONS" in cell for cell in cells)
