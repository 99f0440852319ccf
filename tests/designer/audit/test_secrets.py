"""A step of a run that opens the secret of a connection leaves a row in the audit trail, whatever becomes of the step."""

from __future__ import annotations

from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.readers import PrivateHosts
from pipelines import flow
from pipelines.models import Connection, Run, Step
from pipelines.runtime import outside
from tests.support.graph_builder import draw
from tests.support.ledger_driver import new_scope, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(settings: Any) -> Any:
    settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
    outside._allowed.cache_clear()
    yield new_scope()
    outside._allowed.cache_clear()


def connect(scope: str, name: str, secret: str) -> Connection:
    address = "postgresql://ann@127.0.0.1:1/db"
    return Connection.objects.create(scope=scope, name=name, kind="database", address=address, secret=flow.outside.encrypt(secret))


def reads(scope: str, name: str) -> Run:
    """A run with two steps that read by a connection; nothing listens there."""
    node = ("data.import_data", {"source": "database", "database": name, "table": "t"})
    return run(draw({"one": node, "two": node}), scope=scope)


def test_each_step_that_opens_a_secret_leaves_one_row_without_it(scope: str) -> None:
    sales = connect(scope, "sales", "S3kr1t")
    connect(scope, "open", "")
    it = reads(scope, "sales")
    assert set(Step.objects.filter(run=it).values_list("state", flat=True)) == {"failed"}
    rows = list(AuditEntry.objects.order_by("details__node"))
    assert [(row.action, row.subject, row.name, row.workspace, row.user_name, row.via) for row in rows] == [
        ("connection.use", sales.pk, "sales", scope, it.by, "worker")
    ] * 2
    assert [row.details for row in rows] == [{"run": it.pk, "node": node} for node in ("one", "two")]
    assert "S3kr1t" not in str([*AuditEntry.objects.values()])
    reads(scope, "open")
    assert AuditEntry.objects.count() == 2


def test_a_trail_that_cannot_be_written_fails_no_step(scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> None:
        raise LookupError("not now")

    connect(scope, "sales", "S3kr1t")
    before = Step.objects.filter(run=reads(scope, "sales")).values_list("error__code", flat=True)[0]
    monkeypatch.setattr("designer.audit.secrets.Connection.objects.get", gone)
    it = reads(scope, "sales")
    assert set(Step.objects.filter(run=it).values_list("error__code", flat=True)) == {before}
