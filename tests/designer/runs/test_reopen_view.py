"""A pipeline is made of the one that a report holds, over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from designer.audit.models import AuditEntry
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.execution import executed

SEARCH = {"label": "y", "seconds": 3600, "trials": 1, "learners": "linear"}


def rows(factor: int) -> bytes:
    return ("x,z,y\n" + "\n".join(f"{at % 7},{at % 5},{factor * (at % 7) + at % 3}.5" for at in range(60))).encode()


def upload(client: APIClient, content: bytes, to: str = "/api/datasets/") -> Any:
    answer = client.post(to, {"file": SimpleUploadedFile("shop.csv", content)})
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.fixture
def searched(team: Team) -> tuple[Run, str]:
    """A run of a search on the first version of a dataset that has a second one by now, and the dataset's id."""
    client = team.client("editor")
    dataset = upload(client, rows(2))
    nodes = {
        "data": {"module": "data.dataset", "params": {"dataset": dataset["name"]}},
        "best": {"module": "training.train_best_model", "params": SEARCH},
    }
    run = executed(team, {"name": "Shop", "nodes": nodes, "edges": [["data.table", "best.table"]]})
    return run, dataset["id"]


def reopen(team: Team, run: Run, port: str, role: str = "editor", **asked: str) -> Any:
    return team.client(role).post(f"/api/runs/{run.pk}/outputs/best/{port}/pipeline/", asked, format="json")


def test_the_winner_opens_on_the_data_of_the_run_and_gives_its_figures(team: Team, searched: tuple[Run, str]) -> None:
    run, dataset = searched
    client = team.client("editor")
    answer = reopen(team, run, "report")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["name"] == "Winner of Shop" and made["workspace"] == team.workspace.pk
    graph = client.get(f"/api/pipelines/{made['id']}/graph/").json()
    assert graph["nodes"]["data"]["params"] == {"dataset": "shop"}
    assert graph["nodes"]["model_01"]["title"] == "Linear 1" and "Mean over 10 folds" in graph["nodes"]["validate"]["comment"]
    assert AuditEntry.objects.filter(action="pipeline.make", subject=made["id"]).count() == 1

    made = reopen(team, run, "report", candidate="Linear 1").json()
    assert made["name"] == "Linear 1 of Shop"
    same = client.get(f"/api/pipelines/{made['id']}/graph/").json()  # it is the winner: a blend has a row of its own too
    assert same["nodes"] == graph["nodes"] and same["nodes"]["validate"]["comment"].startswith("In the search: Root mean")
    assert {node["module"] for node in same["nodes"].values()} >= {"data.dataset", "training.cross_validate", "training.train_model"}

    upload(client, rows(9), f"/api/datasets/{dataset}/versions/")
    again = reopen(team, run, "report").json()
    assert again["name"] == "Winner of Shop 2"
    graph = client.get(f"/api/pipelines/{again['id']}/graph/").json()
    assert graph["nodes"]["data"]["params"] == {"dataset": "shop", "version": 1}
    opened = executed(team, graph)
    told = [
        client.get(f"/api/runs/{each.pk}/outputs/{node}/report/report/").json()["metrics"][0]
        for each, node in ((run, "best"), (opened, "validate"))
    ]
    assert told[1]["metrics"]["root_mean_squared_error"] == pytest.approx(told[0]["metrics"]["mean_over_folds"], rel=1e-5)
    assert told[0]["search"]["label"] == "y" and told[0]["search"]["guardrails"]


def test_a_viewer_may_not_and_a_result_without_a_pipeline_says_so(team: Team, searched: tuple[Run, str]) -> None:
    run, _ = searched
    assert reopen(team, run, "report", "viewer").status_code == 403
    refused = reopen(team, run, "model")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "no_pipeline") and refused.json()["error"]["remedy"]
    unknown = reopen(team, run, "report", candidate="Linear 9")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "unknown_candidate")
    assert "such as Linear 1" in unknown.json()["error"]["remedy"]
    assert reopen(team, run, "leaderboard").json()["error"]["code"] == "no_report"
    assert reopen(team, run, "nothing").json()["error"]["code"] == "unknown_port"
