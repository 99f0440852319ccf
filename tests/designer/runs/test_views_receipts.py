"""Receipts and verification over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from designer.documents import services
from designer.documents.models import Pipeline
from pipelines.models import Run
from pipelines.runtime.worker.tasks import work_on
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, code, of_pipeline


@pytest.fixture
def done(team: Team, settings: Any) -> Run:
    pipeline: Pipeline = services.make(team.workspace, team.people["editor"], document=GRAPH)
    return of_pipeline(team, pipeline)


def test_a_viewer_reads_the_receipt(team: Team, done: Run) -> None:
    told = team.client("viewer").get(f"/api/runs/{done.pk}/receipt/").json()
    assert (told["format"], told["run"], told["workspace"], told["state"]) == (2, done.pk, team.workspace.pk, "done")
    assert set(told["steps"]["split"]["outputs"]) == {"first", "second"}


def test_a_run_is_verified(team: Team, done: Run) -> None:
    made = team.client("editor").post(f"/api/runs/{done.pk}/verification/").json()
    assert (made["verifies"], made["force"]) == (done.pk, True)
    address = f"/api/runs/{made['id']}/verification/"
    assert team.client("viewer").get(address).json()["state"] == "going"
    work_on(made["id"], enqueue=lambda *_: None, slice_seconds=float("inf"))
    told = team.client("viewer").get(address).json()
    assert (told["state"], told["against"], told["compared"]) == ("equal", done.pk, 2)


def test_the_verdict_names_data_that_has_a_newer_version(team: Team) -> None:
    editor = team.client("editor")
    made = editor.post("/api/datasets/", {"file": SimpleUploadedFile("shop.csv", b"a,b\n1,2\n3,4\n")}, format="multipart").json()
    nodes = {
        "data": {"module": "data.dataset", "params": {"dataset": "shop"}, "position": [0, 0]},
        "pinned": {"module": "data.dataset", "params": {"dataset": "shop", "version": 1}, "position": [200, 0]},
    }
    pipeline: Pipeline = services.make(team.workspace, team.people["editor"], document={**GRAPH, "nodes": nodes, "edges": []})
    run = of_pipeline(team, pipeline, {**GRAPH, "nodes": nodes, "edges": []})
    again = editor.post(f"/api/runs/{run.pk}/verification/").json()["id"]
    work_on(again, enqueue=lambda *_: None, slice_seconds=float("inf"))
    address = f"/api/runs/{again}/verification/"
    assert team.client("viewer").get(address).json()["newer"] == []
    sent = SimpleUploadedFile("shop.csv", b"a,b\n1,2\n3,5\n")
    assert editor.post(f"/api/datasets/{made['id']}/versions/", {"file": sent}, format="multipart").status_code == 201
    told = team.client("viewer").get(address).json()
    assert (told["state"], told["newer"]) == ("equal", [{"dataset": made["id"], "title": "shop", "version": 1, "newest": 2}])


def test_a_run_that_verifies_none_has_no_verdict(team: Team, done: Run) -> None:
    assert code(team.client("viewer").get(f"/api/runs/{done.pk}/verification/")) == (404, "no_earlier_run")


def test_a_viewer_verifies_none_and_a_run_that_goes_on_is_refused(team: Team, done: Run) -> None:
    assert team.client("viewer").post(f"/api/runs/{done.pk}/verification/").status_code == 403
    going = team.client("editor").post(f"/api/runs/{done.pk}/verification/").json()["id"]
    assert code(team.client("editor").post(f"/api/runs/{going}/verification/")) == (409, "still_going")
