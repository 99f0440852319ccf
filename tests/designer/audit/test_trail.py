"""Adding rows: what they hold, that nothing changes them, and that trouble with them fails nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from designer.audit import trail
from designer.audit.models import AuditEntry
from designer.rate_table import table
from designer.store.tasks import clean_all
from pipelines.runtime.telemetry.log_context import log_context
from tests.designer.conftest import Team


def only() -> AuditEntry:
    return AuditEntry.objects.get()


def test_what_is_known_on_the_way_is_in_the_row(db: None) -> None:
    with log_context(request_id="abc"), trail.drafting("member.change") as draft:
        trail.about_person(7, "ann@example.org")
        trail.about(workspace="w" * 32)
        trail.keep_of({"role": "admin", "password": "secret"})
        trail.details(was="viewer")
        trail.record(draft)
    row = only()
    assert (row.kind, row.subject, row.name, row.request_id, row.outcome) == ("person", "7", "ann@example.org", "abc", "allowed")
    assert row.details == {"role": "admin", "was": "viewer"}
    trail.about(code="nothing")
    trail.details(of="no action")


def test_values_are_cut_to_their_column(db: None) -> None:
    trail.record(trail.Draft("run.start", name="n" * 999, subject="a\x00b", details={"x": "y" * 999, "of": [1]}), 403)
    row = only()
    assert (len(row.name), row.subject, row.details) == (200, "ab", {"x": "y" * 200, "of": "[1]"})


@pytest.mark.parametrize(("status", "outcome"), [(200, "allowed"), (302, "allowed"), (404, "refused"), (429, "refused"), (500, "failed")])
def test_the_status_says_how_it_ended(db: None, status: int, outcome: str) -> None:
    trail.record(trail.Draft("run.start"), status)
    assert only().outcome == outcome


def test_rows_are_neither_changed_nor_removed(db: None) -> None:
    trail.record(trail.Draft("run.start"))
    row = only()
    for attempt in (row.save, row.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(action="x")):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(DatabaseError, match="the audit trail is not changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET action = 'x'")
    assert only().action == "run.start"


def test_the_hourly_cleaning_removes_what_is_past_the_retention(db: None, settings: Any) -> None:
    settings.EASEL_AUDIT_DAYS = 30
    for days in (31, 29):
        AuditEntry.objects.create(action=f"{days}", at=timezone.now() - timedelta(days=days), status=200, outcome="allowed")
    clean_all()
    assert only().action == "29"
    settings.EASEL_AUDIT_DAYS = 0
    assert trail.forget_old() == 0


def test_a_row_that_cannot_be_written_is_in_the_log_and_the_call_goes_on(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEntry.objects, "create", full)
    with caplog.at_level(logging.ERROR, logger=trail.__name__):
        assert team.client("viewer").post("/api/workspaces/", {"name": "Mine"}, format="json").status_code == 201
    assert "disk full" in caplog.text and '"workspace.make"' in caplog.text and "viewer@example.org" in caplog.text


def test_refusals_that_come_too_fast_are_said_in_one_row(db: None, settings: Any) -> None:
    settings.EASEL_RATES = table("audit.refused=3/minute")
    for _ in range(9):
        trail.record(trail.Draft("run.start", address="10.0.0.1"), 401)
    trail.record(trail.Draft("run.start", address="10.0.0.1"))
    trail.record(trail.Draft("run.start", address="10.0.0.2"), 401)
    assert [row.action for row in AuditEntry.objects.order_by("pk")] == ["run.start"] * 3 + ["audit.gap"] + ["run.start"] * 2
