"""Events of OpenLineage: their form, what they say of columns, and that none is lost while the receiver is away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.utils import timezone

from designer.lineage.delivery import MOST_TRIES, deliver
from designer.lineage.models import ReportedRun
from pipelines.models import Run, Step
from tests.designer.conftest import Team
from tests.designer.lineage.test_views import done, prices  # noqa: F401  fixtures

FACETS = ("schema", "columnLineage", "version", "documentation", "jobType", "errorMessage")


class Receiver:
    """Keeps what is posted; answers 503 while it is away."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.keys: list[str | None] = []
        self.is_away = self.is_other = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.is_other:
                    self.wfile.write(b"220 mail.example.org\r\n")
                    return
                if receiver.is_away:
                    self.send_response(503)
                else:
                    receiver.keys.append(self.headers["Authorization"])
                    receiver.events.append(json.loads(body))
                    self.send_response(201)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/v1/lineage"


@pytest.fixture
def receiver(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    made = Receiver()
    settings.EASEL_OPENLINEAGE_URL, settings.EASEL_OPENLINEAGE_KEY = made.url, "k1"
    monkeypatch.setattr("designer.lineage.delivery.close_old_connections", lambda: None)  # the test's transaction
    yield made
    made.server.shutdown()
    made.server.server_close()


def retry() -> None:
    ReportedRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def check_form(event: Any) -> None:
    """What the specification requires."""
    UUID(event["run"]["runId"])
    assert datetime.fromisoformat(event["eventTime"]).tzinfo and event["schemaURL"].startswith("https://openlineage.io/spec/2-0-2/")
    assert urlsplit(event["producer"]).scheme and event["job"]["namespace"] and event["job"]["name"]
    for each in (*event["inputs"], *event["outputs"]):
        assert each["namespace"] and each["name"]
    for facets in (event["run"]["facets"], event["job"]["facets"], *(each["facets"] for each in (*event["inputs"], *event["outputs"]))):
        for name, facet in facets.items():
            assert name in FACETS and urlsplit(facet["_producer"]).scheme and "#/$defs/" in facet["_schemaURL"]


def test_a_run_is_told_with_its_tables_and_columns(team: Team, done: Run, receiver: Receiver) -> None:  # noqa: F811
    assert deliver() == 2 and deliver() == 0
    assert [event["eventType"] for event in receiver.events] == ["START", "COMPLETE"] and receiver.keys == ["Bearer k1"] * 2
    for event in receiver.events:
        check_form(event)
    start, end = receiver.events
    assert start["run"]["runId"] == end["run"]["runId"] == str(UUID(done.pk)) and start["outputs"] == []
    (source,) = end["inputs"]
    assert source["name"] == "prices" and [field["name"] for field in source["facets"]["schema"]["fields"]] == ["city", "price", "size"]
    scored = next(each for each in end["outputs"] if each["name"].endswith("/score.table"))
    fields = scored["facets"]["columnLineage"]["fields"]
    assert [(each["name"], each["field"], each["transformations"][0]["type"]) for each in fields["twice"]["inputFields"]] == [
        ("prices", "price", "DIRECT")
    ]
    assert {each["field"] for each in fields[list(fields)[-1]]["inputFields"]} == {"city", "price", "size"}
    assert {each["transformations"][0]["type"] for each in fields[list(fields)[-1]]["inputFields"]} == {"INDIRECT"}
    assert all(each["namespace"].endswith(team.workspace.pk) for each in (*end["inputs"], *end["outputs"]))


def test_a_password_in_the_address_is_sent_as_one(done: Run, receiver: Receiver, settings: Any) -> None:  # noqa: F811
    settings.EASEL_OPENLINEAGE_KEY, settings.EASEL_OPENLINEAGE_URL = "", receiver.url.replace("://", "://a:b%40@")
    assert deliver() == 2 and receiver.keys == ["Basic YTpiQA=="] * 2


def test_nothing_is_lost_or_doubled_while_the_receiver_is_away(done: Run, receiver: Receiver) -> None:  # noqa: F811
    receiver.is_away = True
    assert deliver() == 0 and ReportedRun.objects.get().tries == 1
    assert deliver() == 0 and ReportedRun.objects.get().tries == 1  # not before its time
    retry()
    assert deliver() == 0 and ReportedRun.objects.get().tries == 2
    receiver.is_away = False
    retry()
    assert deliver() == 2 and deliver() == 0
    assert [event["eventType"] for event in receiver.events] == ["START", "COMPLETE"]


def test_an_answer_that_is_none_of_http_is_tried_again(done: Run, receiver: Receiver) -> None:  # noqa: F811
    receiver.is_other = True
    assert deliver() == 0 and not ReportedRun.objects.get().ended
    receiver.is_other = False
    retry()
    assert deliver() == 2


def test_a_sender_that_died_is_followed_by_another(done: Run, receiver: Receiver) -> None:  # noqa: F811
    deliver()
    now = timezone.now()
    ReportedRun.objects.update(ended=False, lease_until=now + timedelta(seconds=30), due_at=now)
    assert deliver() == 0  # another process holds it
    ReportedRun.objects.update(lease_until=now - timedelta(seconds=1))
    assert deliver() == 1 and receiver.events[-1]["eventType"] == "COMPLETE"


def test_a_failed_run_is_told_with_its_reason_and_tries_have_an_end(done: Run, receiver: Receiver) -> None:  # noqa: F811
    receiver.is_away = True
    deliver()
    ReportedRun.objects.update(tries=MOST_TRIES - 1)
    retry()
    assert deliver() == 0 and ReportedRun.objects.get().ended
    assert Step.objects.filter(run=done).exists() and receiver.events == []
