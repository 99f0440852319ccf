"""Results over REST: rows, profiles, downloads, and those that are computed for who looks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from designer.datasets.resolver import WorkspaceDatasets
from designer.documents.models import Pipeline
from designer.runs import queries
from pipelines import flow
from pipelines.execution import deferred
from pipelines.models import Run
from pipelines.runtime.worker.tasks import work_on
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, code, look, of_pipeline, prices, start

__all__ = ["prices"]  # a fixture


def test_rows_sorted_filtered_and_searched(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
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
    answer = look(team, of_pipeline(team, prices), "rows", **query)
    assert answer.status_code == 400 and answer.json()["error"]["words"]


def test_a_profile(team: Team, prices: Pipeline) -> None:
    profile = look(team, of_pipeline(team, prices), "profile").json()
    assert profile["rows"] == 4 and profile["columns"][1]["missing"] == 1


async def whole(answer: Any) -> bytes:
    return b"".join([piece async for piece in answer])


@pytest.mark.parametrize(("as_", "start"), [("csv", b"city,price"), ("parquet", b"PAR1"), ("xlsx", b"PK")])
def test_a_table_to_take_away(team: Team, prices: Pipeline, as_: str, start: bytes) -> None:
    answer = look(team, of_pipeline(team, prices), "download", **{"as": as_})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="data.table.{as_}"'
    body = async_to_sync(whole)(answer)
    assert body.startswith(start) and len(body) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(("query", "begins"), [({}, b"'=SUM"), ({"raw": "1"}, b"=SUM")])
def test_texts_like_formulas_stay_as_they_are_only_when_raw_is_asked_for(team: Team, prices: Pipeline, query: Any, begins: bytes) -> None:
    answer = look(team, of_pipeline(team, prices), "download", **{"as": "csv", **query})
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
    run = of_pipeline(team, prices, {**GRAPH, "nodes": nodes, "edges": []})
    for as_, wanted in formats.items():
        answer = look(team, run, "download", "n0", port, **{"as": as_})
        if isinstance(wanted, int):
            assert answer.status_code == wanted, as_
            continue
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, wanted[0])
        assert answer.headers["Content-Disposition"] == f'attachment; filename="n0.{port}.{as_}"'
        assert async_to_sync(whole)(answer).startswith(wanted[1])


def test_a_format_that_the_kind_does_not_have_names_those_that_it_has(team: Team, prices: Pipeline) -> None:
    error = look(team, of_pipeline(team, prices), "download", **{"as": "json"}).json()["error"]
    assert (error["code"], error["remedy"]) == ("unknown_format", "Use one of csv, parquet, xlsx.")


def test_what_is_not_there_is_said_plainly(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
    assert code(look(team, run, "rows", node="nowhere")) == (404, "unknown_step")
    assert code(look(team, run, "rows", port="nothing")) == (404, "unknown_port")
    assert code(look(team, run, "report")) == (404, "no_report")
    assert code(look(team, run, "download", **{"as": "skops"})) == (400, "unknown_format")
    waiting = start(team.client("editor"), prices, force=True).json()
    assert code(look(team, Run.objects.get(pk=waiting["id"]), "rows")) == (409, "not_finished")


def test_a_lost_result_is_said_plainly(team: Team, prices: Pipeline) -> None:
    run = of_pipeline(team, prices)
    output = flow.output(run, "data", "table")
    assert output is not None
    flow.store(run.scope).path(output.digest).write_bytes(b"damaged")
    assert code(look(team, run, "rows")) == (410, "result_lost")


@pytest.fixture
def passing(team: Team, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose filter passed its rows on."""
    monkeypatch.setattr(deferred, "LARGE", 0)
    monkeypatch.setattr(queries, "MOST_WAIT_SECONDS", 0.0)
    nodes = {**GRAPH["nodes"], "keep": {"module": "transform.filter_rows", "params": {"column": "price", "condition": "present"}}}
    graph = flow.read({**GRAPH, "nodes": nodes, "edges": [["data.table", "keep.table"], ["keep.table", "split.table"]]})
    run = flow.start(graph, scope=team.workspace.pk, datasets=WorkspaceDatasets(team.workspace), document="d", enqueue=lambda _: None)
    work_on(run.pk, enqueue=lambda *_: None, slice_seconds=float("inf"))
    return run


def test_what_was_passed_on_is_computed_for_who_looks(team: Team, passing: Run) -> None:
    shown = team.client("viewer").get(f"/api/runs/{passing.pk}/").json()["steps"]["keep"]["outputs"]["table"]
    assert (shown["deferred"], shown["rows"]) == (True, None)
    answer = look(team, passing, "rows", "keep")
    assert code(answer) == (409, "being_computed") and "moment" in answer.json()["error"]["remedy"]
    assert code(look(team, passing, "profile", "keep")) == (409, "being_computed")
    making = Run.objects.get(document=None)
    work_on(making.pk, enqueue=lambda *_: None, slice_seconds=float("inf"))
    assert look(team, passing, "rows", "keep").json()["total"] == 3
    assert look(team, passing, "profile", "keep").status_code == 200
    listed = team.client("viewer").get("/api/runs/").json()
    assert [run["id"] for run in listed] == [passing.pk], "nobody started the other by hand"


def test_what_was_passed_on_and_cannot_be_computed_says_why(team: Team, passing: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_WAIT_SECONDS", 1.0)
    monkeypatch.setattr(flow, "materialize", lambda run, node: Run(state="failed", finished_at=run.finished_at))
    answer = look(team, passing, "rows", "keep")
    assert code(answer) == (409, "not_computed") and "failed" in answer.json()["error"]["words"]
