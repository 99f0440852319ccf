"""An outage of the database or a full disk is 503 with words, once in the log, and never a trace."""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client
from psycopg import errors
from rest_framework.test import APIClient

from designer.documents import views
from designer.documents.models import Pipeline
from designer.http.outage_handling import OneLine
from designer.http.outages import AWAY, BUSY, FULL, Outage, best_effort, explained, outage_of
from designer.site.views import Canvas
from tests.designer.conftest import Team, make_team


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), BUSY),
        (of_sqlite(sqlite3.SQLITE_LOCKED), BUSY),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), BUSY),
        (of_sqlite(sqlite3.SQLITE_FULL), FULL),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), AWAY),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), AWAY),
        (of_sqlite(sqlite3.SQLITE_ERROR), None),
        (psycopg.OperationalError("connection refused"), AWAY),
        (errors.AdminShutdown("terminating connection"), AWAY),
        (errors.DiskFull("no space"), FULL),
        (errors.TooManyConnections("sorry"), BUSY),
        (errors.LockNotAvailable("lock timeout"), BUSY),
        (errors.DeadlockDetected("deadlock"), BUSY),
    ],
)
def test_the_cause_is_told_from_what_the_database_said(cause: Exception, found: Outage | None) -> None:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    assert outage_of(error) is found


def test_sqlite_on_a_full_disk_has_other_words_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.http.outages.shutil.disk_usage", lambda _: type("Usage", (), {"free": 0}))
    error = OperationalError("disk I/O error")
    error.__cause__ = of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE)
    assert outage_of(error) is FULL


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (InterfaceError("connection already closed"), AWAY),
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError("No space left on device (os error 28)"), FULL),
        (FileNotFoundError(errno.ENOENT, "no such file"), None),
        (DatabaseError("a statement that is wrong"), None),
        (ValueError("anything else"), None),
        (None, None),
    ],
)
def test_other_errors(error: Exception | None, found: Outage | None) -> None:
    assert outage_of(error) is found


def test_whoever_runs_easel_reads_the_address_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_DATABASE_URL", "postgres://easel:secret@db.example.org/easel")
    said = explained(OperationalError('connection to server at "db.example.org" failed'))
    assert said is not None and "EASEL_DATABASE_URL is 'postgres://easel:**@db.example.org/easel'" in said and "secret" not in said
    assert explained(ValueError("no outage")) is None


def fail(*_: object, **__: object) -> Any:
    raise OperationalError("connection refused")


def test_every_address_answers_503_and_says_when_to_try_again(team: Team, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    api, page = team.client("viewer"), Client(raise_request_exception=False)
    api.raise_request_exception = False  # type: ignore[attr-defined]
    api.handler.raise_request_exception = False
    caplog.handler.addFilter(OneLine())
    page.force_login(team.people["viewer"])
    monkeypatch.setattr(views.read, "listed", fail)
    monkeypatch.setattr(Canvas, "get", fail)
    refused = api.get("/api/pipelines/")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    error = refused.json()["error"]
    assert (error["code"], error["words"]) == ("database_away", "The database does not answer.") and error["remedy"]
    shown = page.get("/")
    assert (shown.status_code, shown.headers["Retry-After"]) == (503, "5") and b"The database does not answer." in shown.content
    lines = [line for line in caplog.records if line.name == "django.request"]
    assert [line.getMessage() for line in lines] == [
        "Service Unavailable: /api/pipelines/: The database does not answer. (connection refused)",
        "Service Unavailable: /: The database does not answer. (connection refused)",
    ]
    assert not any(line.exc_info for line in lines)


@contextmanager
def locked() -> Iterator[None]:
    """Another process holds the database's lock, and nobody waits long for it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 300")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_locked_sqlite_is_read_all_the_same_and_a_change_is_refused() -> None:
    team = make_team()
    client = team.client("editor")
    made = client.post("/api/pipelines/", {"name": "Cars"}, format="json").json()
    Pipeline.objects.filter(pk=made["id"]).update(summary_revision=99, name="Cars")  # its picture is to be drawn anew
    token = client.post("/api/tokens/", {"name": "script"}, format="json").json()
    with locked():
        began = time.monotonic()
        assert [found["id"] for found in client.get("/api/pipelines/").json()] == [made["id"]]
        by_token = APIClient(HTTP_AUTHORIZATION=f"Bearer {token['token']}").get("/api/pipelines/")  # its use is to be noted
        assert by_token.status_code == 200
        assert time.monotonic() - began < 2
        refused = _patch(client, made["id"])
        assert (refused.status_code, refused.json()["error"]["code"], refused.headers["Retry-After"]) == (503, "database_busy", "2")
    assert _patch(client, made["id"]).status_code == 200


def _patch(client: Any, pipeline: str) -> Any:
    client.handler.raise_request_exception = client.raise_request_exception = False
    return client.patch(f"/api/pipelines/{pipeline}/", {"name": "Other"}, format="json")


@pytest.mark.django_db(transaction=True)
def test_faults_that_are_no_outage_are_not_hidden_by_best_effort() -> None:
    with pytest.raises(ValueError, match="ours"), best_effort():
        raise ValueError("ours")
