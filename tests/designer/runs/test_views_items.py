"""The items of a step over REST: pages, counts, the best, and those that failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents import services
from pipelines import flow
from pipelines.execution.fan import ItemEnd
from pipelines.execution.step import Outcome
from pipelines.models import Fan, Item
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.queries.items import _Place
from pipelines.runtime.worker.tasks import execute, work_on
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, code, of_pipeline, prices

__all__ = ["prices"]  # a fixture


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
    run = of_pipeline(team, pipeline, SPREAD)

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
    assert ask(offset=2000).json()["items"] == ask(sort="-seconds", offset=31).json()["items"] == []  # beyond the last
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
    run = of_pipeline(team, pipeline, SPREAD)
    viewer = team.client("viewer")
    assert (step := viewer.get(f"/api/runs/{run.pk}/").json()["steps"]["spread"])["fans"] == 1 and step["failed_items"] == 1
    told = [
        event["step"]
        for event in viewer.get(f"/api/runs/{run.pk}/events/").json()["events"]
        if event.get("node") == "spread" and "step" in event
    ]
    assert [each["fans"] for each in told if "fans" in each] == [1] and told[-1]["failed_items"] == 1
    again = team.client("editor").post(f"/api/runs/{run.pk}/again/").json()
    work_on(again["id"], enqueue=lambda *_: None, slice_seconds=float("inf"))
    answer = viewer.get(f"/api/runs/{again['id']}/steps/spread/items/", {"state": "reused", "limit": 1}).json()
    assert answer["found"] == answer["fans"][0]["reused"] == 29


def test_a_reused_step_shows_the_items_of_the_run_that_executed_them(team: Team) -> None:
    whole = {**SPREAD, "nodes": {**SPREAD["nodes"], "spread": {**SPREAD["nodes"]["spread"], "params": {"to": 5}}}}
    pipeline = services.make(team.workspace, team.people["editor"], document=whole)
    of_pipeline(team, pipeline, whole)
    again = of_pipeline(team, pipeline, whole)
    answer = team.client("viewer").get(f"/api/runs/{again.pk}/steps/spread/items/").json()
    assert again.steps.get(node="spread").reused and answer["found"] == 5


def test_a_step_that_is_over_shows_the_part_in_which_items_failed() -> None:
    parts = [Fan(index=0, failed=1), Fan(index=1)]
    assert _Place("run", "train", goes_on=False).shown_of(parts) == 0
    assert _Place("run", "train", goes_on=True).shown_of(parts) == 1, "the part that goes on"
    assert _Place("run", "tune", goes_on=False).shown_of([Fan(index=0, failed=1, search=True), Fan(index=1)]) == 1, (
        "a failed trial is no gap"
    )
    assert _Place("run", "data", goes_on=False).shown_of([]) is None
