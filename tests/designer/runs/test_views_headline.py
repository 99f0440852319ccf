"""The first metric of a run's last report, in lists of runs and of pipelines."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.documents.models import Pipeline
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, of_pipeline, prices

__all__ = ["prices"]  # a fixture


def evaluated() -> dict[str, Any]:
    """A document that evaluates a model, and does something else after that."""
    table = "x,y\n" + "\n".join(f"{x},{2 * x + x % 2}" for x in range(20))
    nodes = {
        "data": ("data.enter_data", {"text": table}),
        "learner": ("regression.linear_regression", {}),
        "train": ("training.train_model", {"label": "y"}),
        "score": ("scoring.score_model", {}),
        "evaluate": ("evaluation.evaluate_model", {}),
        "split": ("transform.split_data", {}),
    }
    edges = ["learner.model train.untrained", "data.table train.table", "train.model score.model", "data.table score.table"]
    edges += ["score.table evaluate.scored", "score.table split.table"]
    drawn = {node: {"module": module, "params": params, "position": [0, 0]} for node, (module, params) in nodes.items()}
    return {**GRAPH, "nodes": drawn, "edges": [edge.split() for edge in edges]}


def test_lists_tell_the_first_metric_of_the_last_report(team: Team, prices: Pipeline) -> None:
    client = team.client("viewer")
    run = of_pipeline(team, prices, evaluated())
    (listed,) = client.get("/api/runs/", {"pipeline": prices.pk}).json()
    report = client.get(f"/api/runs/{run.pk}/outputs/evaluate/report/report/").json()
    value = report["metrics"][0]["metrics"]["mean_absolute_error"]
    assert listed["headline"] == {"node": "evaluate", "port": "report", "title": "Mean absolute error", "value": value, "better": "low"}
    assert client.get(f"/api/pipelines/{prices.pk}/").json()["last_run"]["headline"] == listed["headline"]
    output = client.get(f"/api/runs/{run.pk}/").json()["steps"]["evaluate"]["outputs"]["report"]
    assert output["headline"] == {"title": "Mean absolute error", "value": value, "better": "low"}
    again = of_pipeline(team, prices, evaluated())  # from cached results
    assert client.get(f"/api/runs/{again.pk}/").json()["headline"] == listed["headline"]


def test_a_run_without_a_report_has_no_metric(team: Team, prices: Pipeline) -> None:
    of_pipeline(team, prices)
    assert team.client("viewer").get("/api/runs/").json()[0]["headline"] is None


def test_a_list_of_runs_costs_the_same_however_long(team: Team, prices: Pipeline) -> None:
    client = team.client("viewer")
    first = of_pipeline(team, prices)
    Run.objects.filter(pk=first.pk).update(headline={"title": "AUC", "value": 0.9, "better": "high", "node": "e", "port": "report"})

    def queries(count: int) -> int:
        for _ in range(count):
            copy = Run.objects.get(pk=first.pk)
            copy.pk = None
            copy.save(force_insert=True)
        with CaptureQueriesContext(connection) as caught:
            assert all(run["headline"]["value"] == 0.9 for run in client.get("/api/runs/", {"pipeline": prices.pk}).json())
        return len(caught)

    assert queries(1) == queries(8)


def test_a_pipeline_tells_the_change_of_its_metric(team: Team, prices: Pipeline) -> None:
    client = team.client("viewer")

    def change(value: float, **other: str) -> float | None:
        run = of_pipeline(team, prices)
        headline = {"title": "AUC", "value": value, "better": "high", "node": "e", "port": "report", **other}
        Run.objects.filter(pk=run.pk).update(headline=headline)
        (listed,) = client.get("/api/pipelines/").json()
        return listed["last_run"]["change"]

    assert change(0.5) is None
    assert change(0.75) == 0.25
    assert change(0.9, title="Recall") is None
    of_pipeline(team, prices)  # without a metric
    assert client.get(f"/api/pipelines/{prices.pk}/").json()["last_run"]["change"] is None
    assert change(0.8, title="Recall") == pytest.approx(-0.1)
