"""Runs over REST: start, watch, look into what came out, take it away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from rest_framework.test import APIClient

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import services
from designer.documents.models import Pipeline
from designer.runs import queries
from pipelines import flow
from pipelines.execution import deferred
from pipelines.execution.fan import ItemEnd
from pipelines.execution.step import Outcome
from pipelines.models import Fan, Item, Run
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.worker.tasks import execute, work_on
from tests.designer.conftest import Team

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


def carried_out(team: Team, pipeline: Pipeline, document: dict[str, Any] = GRAPH) -> Run:
    """A run, carried out here."""
    graph = flow.read(document)
    run = flow.start(
        graph, scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document=pipeline.pk, by="E", enqueue=lambda _: None
    )
    work_on(run.pk, enqueue=lambda *_: None, slice_seconds=60)
    run.refresh_from_db()
    assert run.state == "done"
    return run


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
    work_on(run, enqueue=lambda _, __: None, slice_seconds=60)
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
    run = carried_out(team, prices)
    client = team.client("viewer")
    everything = client.get(f"/api/runs/{run.pk}/events/").json()
    numbers = [event["seq"] for event in everything["events"]]
    assert numbers == list(range(1, everything["last"] + 1))
    later = client.get(f"/api/runs/{run.pk}/events/", {"after": numbers[-2]}).json()
    assert [event["seq"] for event in later["events"]] == numbers[-1:]
    assert code(client.get(f"/api/runs/{run.pk}/events/", {"after": "-1"})) == (400, "bad_number")


def test_rows_sorted_filtered_and_searched(team: Team, prices: Pipeline) -> None:
    run = carried_out(team, prices)
    whole = look(team, run, "rows").json()
    assert whole["total"] == 4 and [column["name"] for column in whole["columns"]] == ["city", "price"]
    assert [row[1] for row in look(team, run, "rows", sort="-price").json()["rows"]] == [3, 2, 1, None]
    only = look(team, run, "rows", filter=json.dumps([{"column": "price", "op": ">", "value": 1}]), search="oslo").json()
    assert only["total"] == 2


@pytest.mark.parametrize(
    "query",
    [{"sort": "nothing"}, {"limit": "x"}, {"offset": "-1"}, {"filter": "["}, {"filter": '[{"column":"nothing","op":"="}]'},
     {"filter": '[{"column":"price","op":"like","value":1}]'}, {"filter": '[{"column":"price","op":">","value":"abc"}]'}, {"filter": "[" * 2000}],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused(team: Team, prices: Pipeline, query: dict[str, str]) -> None:
    answer = look(team, carried_out(team, prices), "rows", **query)
    assert answer.status_code == 400 and answer.json()["error"]["words"]


def test_a_profile(team: Team, prices: Pipeline) -> None:
    profile = look(team, carried_out(team, prices), "profile").json()
    assert profile["rows"] == 4 and profile["columns"][1]["missing"] == 1


async def whole(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer])


@pytest.mark.parametrize(("as_", "start"), [("csv", b"city,price"), ("parquet", b"PAR1"), ("xlsx", b"PK")])
def test_a_table_to_take_away(team: Team, prices: Pipeline, as_: str, start: bytes) -> None:
    answer = look(team, carried_out(team, prices), "download", **{"as": as_})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="data.table.{as_}"'
    body = async_to_sync(whole)(answer)
    assert body.startswith(start) and len(body) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(("query", "begins"), [({}, b"'=SUM"), ({"raw": "1"}, b"=SUM")])
def test_texts_like_formulas_stay_as_they_are_only_when_raw_is_asked_for(team: Team, prices: Pipeline, query: Any, begins: bytes) -> None:
    answer = look(team, carried_out(team, prices), "download", **{"as": "csv", **query})
    assert async_to_sync(whole)(answer).splitlines()[3].startswith(begins)


@pytest.mark.parametrize(
    ("module", "port", "formats"),
    [
        ("trial.jot", "note", {"txt": ("text/plain", b"one"), "csv": ("text/csv", b"1,one"), "json": 404, "skops": 400}),
        ("regression.linear_regression", "model", {"skops": ("application/octet-stream", b"PK"), "json": 404, "csv": 400}),
    ],
)
def test_a_result_is_downloaded_in_the_formats_of_its_kind(
    team: Team, prices: Pipeline, module: str, port: str, formats: dict[str, Any]
) -> None:
    nodes = {"n0": {"module": module, "params": {}, "position": [0, 0]}}
    run = carried_out(team, prices, {**GRAPH, "nodes": nodes, "edges": []})
    for as_, wanted in formats.items():
        answer = look(team, run, "download", "n0", port, **{"as": as_})
        if isinstance(wanted, int):
            assert answer.status_code == wanted, as_
            continue
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, wanted[0])
        assert answer.headers["Content-Disposition"] == f'attachment; filename="n0.{port}.{as_}"'
        assert async_to_sync(whole)(answer).startswith(wanted[1])


def test_a_format_that_the_kind_does_not_have_names_those_that_it_has(team: Team, prices: Pipeline) -> None:
    error = look(team, carried_out(team, prices), "download", **{"as": "json"}).json()["error"]
    assert (error["code"], error["remedy"]) == ("unknown_format", "Use one of csv, parquet, xlsx.")


def test_what_is_not_there_is_said_plainly(team: Team, prices: Pipeline) -> None:
    run = carried_out(team, prices)
    assert code(look(team, run, "rows", node="nowhere")) == (404, "unknown_step")
    assert code(look(team, run, "rows", port="nothing")) == (404, "unknown_port")
    assert code(look(team, run, "report")) == (404, "no_report")
    assert code(look(team, run, "download", **{"as": "skops"})) == (400, "unknown_format")
    waiting = start(team.client("editor"), prices, force=True).json()
    assert code(look(team, Run.objects.get(pk=waiting["id"]), "rows")) == (409, "not_finished")


def test_a_lost_result_is_said_plainly(team: Team, prices: Pipeline) -> None:
    run = carried_out(team, prices)
    output = flow.output(run, "data", "table")
    assert output is not None
    flow.store(run.scope).path(output.digest).write_bytes(b"damaged")
    assert code(look(team, run, "rows")) == (410, "result_lost")


def test_one_node_is_carried_out_again_and_says_that_it_was_asked_for(team: Team, prices: Pipeline) -> None:
    carried_out(team, prices)
    run = start(team.client("editor"), prices, force_nodes=["split"], stop_on_failure=True).json()
    assert (run["force_nodes"], run["stop_on_failure"], run["force"]) == (["split"], True, False)
    work_on(run["id"], enqueue=lambda *_: None, slice_seconds=60)
    steps = team.client("viewer").get(f"/api/runs/{run['id']}/").json()["steps"]
    assert [(step["reused"], step["tries"], step["ready_at"]) for step in steps.values()] == [(True, 0, None), (False, 0, None)]
    assert steps["split"]["peak_bytes"] >= 0
    assert code(start(team.client("editor"), prices, force_nodes=["ghost"])) == (422, "unknown_node")


def test_a_run_that_is_over_is_started_again_and_reuses_what_it_made(team: Team, prices: Pipeline) -> None:
    run = carried_out(team, prices)
    answer = team.client("editor").post(f"/api/runs/{run.pk}/again/")
    assert answer.status_code == 201 and answer.json()["graph"] == run.graph
    assert code(team.client("editor").post(f"/api/runs/{answer.json()['id']}/again/")) == (409, "still_going")
    work_on(answer.json()["id"], enqueue=lambda *_: None, slice_seconds=60)
    steps = team.client("viewer").get(f"/api/runs/{answer.json()['id']}/").json()["steps"]
    assert all(step["state"] == "done" and step["reused"] for step in steps.values())


def test_a_step_says_why_it_was_carried_out(team: Team, prices: Pipeline) -> None:
    run = carried_out(team, prices)
    answer = team.client("viewer").get(f"/api/runs/{run.pk}/steps/split/why/").json()
    assert answer == {"reused": False, "run": None, "words": "There is no earlier result of this step.", "differences": []}
    assert code(team.client("viewer").get(f"/api/runs/{run.pk}/steps/ghost/why/")) == (404, "unknown_step")


SPREAD: dict[str, Any] = {
    **GRAPH,
    "nodes": {
        "data": GRAPH["nodes"]["data"],
        "spread": {"module": "trial.spread", "params": {"to": 30, "bad": "n7", "may_fail": 1}, "position": [0, 0]},
    },
    "edges": [["data.table", "spread.table"]],
}


def test_the_items_of_a_step_are_listed_page_by_page(team: Team) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=SPREAD)
    run = carried_out(team, pipeline, SPREAD)

    def ask(node: str = "spread", **query: Any) -> Any:
        return team.client("viewer").get(f"/api/runs/{run.pk}/steps/{node}/items/", query)

    answer = ask(limit=2, offset=10).json()
    (fan,) = answer["fans"]
    assert {name: fan[name] for name in ("index", "noun", "total", "ended", "failed", "reused")} == {
        "index": 0, "noun": "numbers", "total": 30, "ended": 30, "failed": 1, "reused": 0,
    }  # fmt: skip
    assert answer["found"] == 30
    assert [(item["key"], item["state"], item["figures"]) for item in answer["items"]] == [
        ("n10", "done", {"square": 100}),
        ("n11", "done", {"square": 121}),
    ]
    (failed,) = ask(state="failed").json()["items"]
    assert failed["key"] == "n7" and failed["error"] == {
        "code": "told_to_fail", "words": "The item was told to fail.", "remedy": "Choose another number.",
        "port": None, "param": None, "column": None,
    }  # fmt: skip
    assert [item["key"] for item in ask(search="N2", sort="-key", limit=3).json()["items"]] == ["n29", "n28", "n27"]
    assert answer["figures"] == ["square"] and answer["fan"] == 0
    assert [item["ordinal"] for item in ask(sort="-figures.square", limit=2).json()["items"]] == [29, 28]
    assert [item["ordinal"] for item in ask(sort="figures.square", offset=28).json()["items"]] == [29, 7]  # one without a figure is last
    assert [item["ordinal"] for item in ask(sort="-ordinal", offset=27).json()["items"]] == [2, 1, 0]
    assert [item["key"] for item in ask(sort="-state", limit=2).json()["items"]] == ["n7", "n0"]
    assert ask(node="data").json() == {"fans": [], "fan": None, "figures": [], "found": 0, "items": []}
    assert code(ask(sort="colour"))[0] == code(ask(limit=501))[0] == code(ask(offset=-1))[0] == 400
    assert code(ask(node="spread%230:0-1")) == (404, "unknown_step")


def test_the_items_of_a_running_step_are_counted_by_state_with_the_time_left(team: Team) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=SPREAD)
    run = flow.start(
        flow.read(SPREAD), scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document=pipeline.pk, enqueue=lambda _: None
    )
    for _ in ("data", "spread"):
        with ledger.open_ledger(run.pk) as unit:
            mine = unit.claim("w.1")
        assert mine
        end = execute(run.pk, spec_of(run.pk), mine)
        with ledger.open_ledger(run.pk) as unit:
            assert unit.settle(end)
    with ledger.open_ledger(run.pk) as unit:
        claimed = unit.claim("w.1")
    address = f"/api/runs/{run.pk}/steps/spread/items/"
    answer = team.client("viewer").get(address).json()
    (fan,) = answer["fans"]
    assert claimed and (fan["running"], fan["ended"], fan["left_seconds"]) == (1, 0, None)
    assert [item["state"] for item in answer["items"][:2]] == ["running", "waiting"]
    counts = {state: team.client("viewer").get(address, {"state": state}).json()["found"] for state in ("running", "waiting", "done")}
    assert counts == {"running": 1, "waiting": 29, "done": 0}
    with ledger.open_ledger(run.pk) as unit:
        unit.end_chunk(claimed, Outcome(items=[ItemEnd("n0", {"square": 0, "score": 1}, None, 0.5)]), 0.5)
    (fan,) = team.client("viewer").get(address).json()["fans"]
    assert (fan["running"], fan["ended"]) == (0, 1) and fan["left_seconds"] > 0
    assert team.client("viewer").get(f"{address}best/").json() == [{"ordinal": 0, "key": "n0", "score": 1.0}]


@pytest.mark.parametrize(("better", "best"), [("high", [5.0, 7.0]), ("low", [5.0, 3.0])])
def test_the_best_items_are_those_with_the_score_that_is_better(team: Team, better: str, best: list[float]) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=SPREAD)
    run = flow.start(
        flow.read(SPREAD), scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document=pipeline.pk, enqueue=lambda _: None
    )
    Fan.objects.create(run_id=run.pk, node="spread", index=0, noun="trials", total=3, ended=3, opened_at=timezone.now())
    for ordinal, score in enumerate((5.0, 3.0, 7.0)):
        figures = {"score": score, "better": better}
        Item.objects.create(run_id=run.pk, node="spread", fan=0, ordinal=ordinal, key=f"t{ordinal}", state="done", figures=figures)
    found = team.client("viewer").get(f"/api/runs/{run.pk}/steps/spread/items/best/").json()
    assert [each["score"] for each in found] == best


def test_a_run_with_failed_items_is_started_again_for_those_alone(team: Team) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=SPREAD)
    run = carried_out(team, pipeline, SPREAD)
    viewer = team.client("viewer")
    assert (step := viewer.get(f"/api/runs/{run.pk}/").json()["steps"]["spread"])["fans"] == 1 and step["failed_items"] == 1
    told = [
        event["step"]
        for event in viewer.get(f"/api/runs/{run.pk}/events/").json()["events"]
        if event.get("node") == "spread" and "step" in event
    ]
    assert [each["fans"] for each in told if "fans" in each] == [1] and told[-1]["failed_items"] == 1
    again = team.client("editor").post(f"/api/runs/{run.pk}/again/").json()
    work_on(again["id"], enqueue=lambda *_: None, slice_seconds=60)
    answer = viewer.get(f"/api/runs/{again['id']}/steps/spread/items/", {"state": "reused", "limit": 1}).json()
    assert answer["found"] == answer["fans"][0]["reused"] == 29


def test_a_reused_step_shows_the_items_of_the_run_that_executed_them(team: Team) -> None:
    whole = {**SPREAD, "nodes": {**SPREAD["nodes"], "spread": {**SPREAD["nodes"]["spread"], "params": {"to": 5}}}}
    pipeline = services.make(team.workspace, team.people["editor"], document=whole)
    carried_out(team, pipeline, whole)
    again = carried_out(team, pipeline, whole)
    answer = team.client("viewer").get(f"/api/runs/{again.pk}/steps/spread/items/").json()
    assert again.steps.get(node="spread").reused and answer["found"] == 5


def test_what_nodes_are_likely_to_take_is_told_once_they_were_carried_out(team: Team, prices: Pipeline) -> None:
    address = f"/api/pipelines/{prices.pk}/estimates/"
    assert team.client("viewer").get(address).json()["nodes"] == {}
    carried_out(team, prices)
    nodes = team.client("viewer").get(address).json()["nodes"]
    assert nodes.keys() == {"data", "split"}
    assert (nodes["split"]["based_on"], nodes["split"]["runs"]) == ("step", 1)
    assert nodes["split"]["seconds"] > 0 and nodes["split"]["peak_bytes"] >= 0


@pytest.fixture
def passing(team: Team, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose filter passed its rows on."""
    monkeypatch.setattr(deferred, "LARGE", 0)
    monkeypatch.setattr(queries, "MOST_WAIT_SECONDS", 0.0)
    nodes = {**GRAPH["nodes"], "keep": {"module": "transform.filter_rows", "params": {"column": "price", "condition": "present"}}}
    graph = flow.read({**GRAPH, "nodes": nodes, "edges": [["data.table", "keep.table"], ["keep.table", "split.table"]]})
    run = flow.start(graph, scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document="d", enqueue=lambda _: None)
    work_on(run.pk, enqueue=lambda *_: None, slice_seconds=60)
    return run


def test_what_was_passed_on_is_computed_for_who_looks(team: Team, passing: Run) -> None:
    shown = team.client("viewer").get(f"/api/runs/{passing.pk}/").json()["steps"]["keep"]["outputs"]["table"]
    assert (shown["deferred"], shown["rows"]) == (True, None)
    answer = look(team, passing, "rows", "keep")
    assert code(answer) == (409, "being_computed") and "moment" in answer.json()["error"]["remedy"]
    assert code(look(team, passing, "profile", "keep")) == (409, "being_computed")
    making = Run.objects.get(document=None)
    work_on(making.pk, enqueue=lambda *_: None, slice_seconds=60)
    assert look(team, passing, "rows", "keep").json()["total"] == 3
    assert look(team, passing, "profile", "keep").status_code == 200
    listed = team.client("viewer").get("/api/runs/").json()
    assert [run["id"] for run in listed] == [passing.pk], "nobody started the other by hand"


def test_what_was_passed_on_and_cannot_be_computed_says_why(team: Team, passing: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_WAIT_SECONDS", 1.0)
    monkeypatch.setattr(flow, "materialize", lambda run, node: Run(state="failed", finished_at=run.finished_at))
    answer = look(team, passing, "rows", "keep")
    assert code(answer) == (409, "not_computed") and "failed" in answer.json()["error"]["words"]
