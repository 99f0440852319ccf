"""A body or a query string with a key that nothing reads is refused, and the answer names the key and those that are known."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from designer.documents import services
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.execution import executed

GRAPH: dict[str, Any] = {
    "format": 1,
    "name": "Prices",
    "nodes": {"data": {"module": "data.enter_data", "params": {"text": "a\n1"}, "position": [0, 0]}},
    "edges": [],
    "parameters": {},
    "frames": [],
    "notes": [],
}


@pytest.mark.parametrize(
    ("method", "path", "body", "known"),
    [
        ("post", "/api/pipelines/{pipeline}/runs/", {"failed": True}, "force"),
        ("post", "/api/runs/{run}/again/", {"failed": True}, "without a body"),
        ("post", "/api/runs/{run}/verification/", {"failed": True}, "without a body"),
        ("post", "/api/sweeps/", {"failed": True}, "pipeline"),
        ("patch", "/api/pipelines/{pipeline}/", {"failed": True, "name": "Other"}, "name"),
        ("post", "/api/schedules/", {"failed": True}, "times"),
    ],
)
def test_an_unknown_key_is_refused_with_its_name_and_those_that_are_known(
    team: Team, method: str, path: str, body: dict[str, Any], known: str
) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=GRAPH)
    run = executed(team, GRAPH, pipeline)
    answer = getattr(team.client("editor"), method)(path.format(pipeline=pipeline.pk, run=run.pk), body, format="json")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (400, "bad_request", "failed")
    assert "“failed”" in error["words"] and known in error["remedy"]
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("get", "/api/runs/?pipeline={pipeline}&failed=true", "Its keys are pipeline, workspace."),
        ("get", "/api/runs/{run}/?failed=true", "Send it without a query string."),
        ("get", "/api/runs/{run}/steps/data/items/?failed=true", "fan, limit, offset, search, sort, state."),
        ("head", "/api/schedules/?failed=true", ""),
        ("post", "/api/pipelines/{pipeline}/runs/?failed=true", "Send it without a query string."),
        ("delete", "/api/pipelines/{pipeline}/?failed=true", "Send it without a query string."),
    ],
)
def test_an_unknown_key_of_the_query_string_is_refused_too(team: Team, method: str, path: str, known: str) -> None:
    pipeline = services.make(team.workspace, team.people["owner"], document=GRAPH)
    run = executed(team, GRAPH, pipeline)
    answer = getattr(team.client("owner"), method)(path.format(pipeline=pipeline.pk, run=run.pk))
    assert answer.status_code == 400
    if method != "head":
        error = answer.json()["error"]
        assert (error["code"], error["field"]) == ("bad_request", "failed") and error["remedy"].endswith(known)


def test_a_form_may_send_its_file_and_no_other_key(team: Team) -> None:
    def send(**more: str) -> Any:
        form = {"file": SimpleUploadedFile("prices.csv", b"a,b\n1,2\n"), "workspace": str(team.workspace.pk), **more}
        return team.client("editor").post("/api/datasets/", form, format="multipart")

    assert send(name="Prices", missing_words="?").status_code == 201
    assert send(nmae="Prices").json()["error"]["field"] == "nmae"
