"""Runs over REST: start, watch, look into what came out, take it away."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from designer.documents import services
from designer.documents.models import Pipeline
from pipelines.models import Run
from pipelines.runtime.worker.tasks import work_on
from tests.designer.conftest import Team
from tests.designer.execution import executed

TEXT = "city,price\nOslo,3\nRome,1\n=SUM(A1),\nOslo,2"
GRAPH: dict[str, Any] = {
    "format": 1,
    "name": "Prices",
    "nodes": {
        "data": {"module": "data.enter_data", "params": {"text": TEXT}, "position": [0, 0]},
        "split": {"module": "transform.split_data", "params": {"fraction": 0.5}, "position": [0, 100]},
    },
    "edges": [["data.table", "split.table"]],
    "parameters": {},
    "frames": [],
    "notes": [],
}


@pytest.fixture
def prices(team: Team, settings: Any, tmp_path: Any) -> Pipeline:
    return services.make(team.workspace, team.people["editor"], document=GRAPH)


def start(client: APIClient, pipeline: Pipeline, **asked: Any) -> Any:
    return client.post(f"/api/pipelines/{pipeline.pk}/runs/", asked, format="json")


def of_pipeline(team: Team, pipeline: Pipeline, document: dict[str, Any] = GRAPH) -> Run:
    return executed(team, document, pipeline)


def look(team: Team, run: Run, what: str, node: str = "data", port: str = "table", **query: Any) -> Any:
    return team.client("viewer").get(f"/api/runs/{run.pk}/outputs/{node}/{port}/{what}/", query)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_run_is_started_from_the_draft_and_shown_everywhere(team: Team, prices: Pipeline) -> None:
    client = team.client("editor")
    answer = start(client, prices)
    assert answer.status_code == 201, answer.content
    run = answer.json()
    assert run["pipeline"] == {"id": prices.pk, "name": "Prices"}
    assert run["state"] == "waiting" and set(run["steps"]) == {"data", "split"} and run["started_by"] == "Editor"
    assert run["graph"]["nodes"].keys() == GRAPH["nodes"].keys()
    assert [each["id"] for each in client.get("/api/runs/").json()] == [run["id"]]
    assert "graph" not in client.get(f"/api/pipelines/{prices.pk}/runs/").json()[0]
    assert client.get(f"/api/pipelines/{prices.pk}/").json()["last_run"]["id"] == run["id"]
    assert team.client("foreign").get("/api/runs/").json() == []


def test_a_list_of_pipelines_says_which_steps_failed_and_how_far_a_run_is(team: Team) -> None:
    wrong = {"module": "transform.sql", "params": {"query": "SELECT CAST(city AS INTEGER) AS number FROM t1"}, "position": [0, 100]}
    document = {**GRAPH, "nodes": {**GRAPH["nodes"], "split": wrong}, "edges": [["data.table", "split.t1"]]}
    pipeline = services.make(team.workspace, team.people["editor"], document=document)
    client = team.client("editor")
    run = start(client, pipeline).json()["id"]
    work_on(run, enqueue=lambda _, __: None, slice_seconds=float("inf"))
    shown = client.get("/api/pipelines/").json()[0]
    last = shown["last_run"]
    assert (last["state"], last["steps_failed"], last["running"]) == ("failed", 1, [])
    assert [shown["graph_summary"]["nodes"][at][2] for at in last["failed"]] == ["transform.sql"]
    assert shown["updated_by_id"] == str(team.people["editor"].pk)

    Run.objects.filter(pk=start(client, pipeline).json()["id"]).update(state="running")
    last = client.get("/api/pipelines/").json()[0]["last_run"]
    assert (last["state"], last["steps"], last["steps_finished"], last["failed"]) == ("running", 2, 0, [])


def test_a_run_to_a_node_holds_what_that_needs(team: Team, prices: Pipeline) -> None:
    run = start(team.client("editor"), prices, to=["data"]).json()
    assert set(run["steps"]) == {"data"} and run["to"] == ["data"]
    assert code(start(team.client("editor"), prices, to=["nowhere"])) == (422, "unknown_node")
    assert start(team.client("editor"), prices, to="data").status_code == 400


def test_what_is_not_sound_does_not_run(team: Team) -> None:
    nodes = {"split": GRAPH["nodes"]["split"]}
    pipeline = services.make(team.workspace, team.people["editor"], document={**GRAPH, "nodes": nodes, "edges": []})
    answer = start(team.client("editor"), pipeline)
    assert code(answer) == (422, "unwired_input"), "nothing is left to run"
    error = answer.json()["error"]
    assert (error["node"], error["port"]) == ("split", "table") and error["problems"]


def test_what_is_unfinished_is_left_out_and_named(team: Team) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document={**GRAPH, "edges": []})
    client = team.client("editor")
    run = start(client, pipeline).json()
    assert set(run["steps"]) == {"data"}
    assert run["left_out"] == [{"node": "split", "reason": "Split Data needs a table at Table."}]
    assert client.get(f"/api/runs/{run['id']}/").json()["left_out"] == client.get("/api/runs/").json()[0]["left_out"] == run["left_out"]
    problem = client.get(f"/api/pipelines/{pipeline.pk}/check/").json()["problems"][0]
    assert (problem["code"], problem["severity"]) == ("unwired_input", "unfinished")


def test_cancelling_once_is_enough(team: Team, prices: Pipeline) -> None:
    run = start(team.client("editor"), prices).json()
    answer = team.client("editor").post(f"/api/runs/{run['id']}/cancel/")
    assert answer.status_code == 200 and answer.json()["state"] == "cancelled"
    assert code(team.client("editor").post(f"/api/runs/{run['id']}/cancel/")) == (409, "already_over")


def test_events_after_a_number(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
    client = team.client("viewer")
    everything = client.get(f"/api/runs/{run.pk}/events/").json()
    numbers = [event["seq"] for event in everything["events"]]
    assert numbers == list(range(1, everything["last"] + 1))
    later = client.get(f"/api/runs/{run.pk}/events/", {"after": numbers[-2]}).json()
    assert [event["seq"] for event in later["events"]] == numbers[-1:]
    assert code(client.get(f"/api/runs/{run.pk}/events/", {"after": "-1"})) == (400, "bad_number")


def test_one_node_is_carried_out_again_and_says_that_it_was_asked_for(team: Team, prices: Pipeline) -> None:
    of_pipeline(team, prices)
    run = start(team.client("editor"), prices, force_nodes=["split"], stop_on_failure=True).json()
    assert (run["force_nodes"], run["stop_on_failure"], run["force"]) == (["split"], True, False)
    work_on(run["id"], enqueue=lambda *_: None, slice_seconds=float("inf"))
    steps = team.client("viewer").get(f"/api/runs/{run['id']}/").json()["steps"]
    assert [(step["reused"], step["tries"], step["ready_at"]) for step in steps.values()] == [(True, 0, None), (False, 0, None)]
    assert steps["split"]["peak_bytes"] >= 0
    assert code(start(team.client("editor"), prices, force_nodes=["ghost"])) == (422, "unknown_node")


def test_a_run_that_is_over_is_started_again_and_reuses_what_it_made(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
    answer = team.client("editor").post(f"/api/runs/{run.pk}/again/")
    assert answer.status_code == 201 and answer.json()["graph"] == run.graph
    assert code(team.client("editor").post(f"/api/runs/{answer.json()['id']}/again/")) == (409, "still_going")
    work_on(answer.json()["id"], enqueue=lambda *_: None, slice_seconds=float("inf"))
    steps = team.client("viewer").get(f"/api/runs/{answer.json()['id']}/").json()["steps"]
    assert all(step["state"] == "done" and step["reused"] for step in steps.values())


def test_a_step_says_why_it_was_of_pipeline(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
    answer = team.client("viewer").get(f"/api/runs/{run.pk}/steps/split/why/").json()
    assert answer == {"reused": False, "run": None, "words": "There is no earlier result of this step.", "differences": []}
    assert code(team.client("viewer").get(f"/api/runs/{run.pk}/steps/ghost/why/")) == (404, "unknown_step")


def test_what_nodes_are_likely_to_take_is_told_once_they_were_of_pipeline(team: Team, prices: Pipeline) -> None:
    address = f"/api/pipelines/{prices.pk}/estimates/"
    assert team.client("viewer").get(address).json()["nodes"] == {}
    of_pipeline(team, prices)
    nodes = team.client("viewer").get(address).json()["nodes"]
    assert nodes.keys() == {"data", "split"}
    assert (nodes["split"]["based_on"], nodes["split"]["runs"]) == ("step", 1)
    assert nodes["split"]["seconds"] > 0 and nodes["split"]["peak_bytes"] >= 0
