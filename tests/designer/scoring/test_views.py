"""Scoring graphs over REST: derived, proven, opened as a pipeline, refused."""

from __future__ import annotations

from typing import Any

import pytest

from designer.documents import services
from designer.scoring import tasks
from designer.scoring.models import Derivation, ParityProof
from pipelines import flow
from pipelines.models import Run
from pipelines.serving.scorer import Scorer
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, code, of_pipeline
from tests.support.scoring import houses


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.scoring.services.enqueue", lambda _: None)


@pytest.fixture
def done(team: Team, settings: Any) -> Run:
    drawn = houses(("scale", ("transform.normalize", {"columns": ["size", "price"]})))
    return of_pipeline(team, services.make(team.workspace, team.people["editor"], document=flow.dump(flow.read(drawn))), drawn)


def test_a_viewer_sees_what_became_of_each_node(team: Team, done: Run) -> None:
    told = team.client("viewer").get(f"/api/runs/{done.pk}/scoring/").json()
    fates = {each["node"]: each["fate"] for each in told["decisions"]}
    assert fates == {
        "data": "replaced", "scale": "replaced", "split": "passed", "learner": "cut", "train": "replaced", "score": "kept", "evaluate": "cut",
    }  # fmt: skip
    assert [column["name"] for column in told["signature"]["inputs"]] == ["size", "rooms", "town", "note"]
    assert (told["scored"], told["proof"], told["training"]["name"]) == ("score.table", None, "Houses")


def test_a_proof_is_made_by_a_worker_and_kept(team: Team, done: Run) -> None:
    address, viewer = f"/api/runs/{done.pk}/scoring/parity/", team.client("viewer")
    assert code(viewer.get(address)) == (404, "no_proof")
    asked = team.client("editor").post(address)
    assert (asked.status_code, asked.json()["state"], asked.json()["report"]) == (202, "proving", None)
    tasks.resume()
    made = viewer.get(address).json()
    assert (made["state"], made["report"]["passed"], made["report"]["exact"], made["report"]["held_out"]) == ("made", True, True, 24)
    assert viewer.get(f"/api/runs/{done.pk}/scoring/").json()["proof"] == made
    assert team.client("editor").post(address).json()["state"] == "proving"
    assert ParityProof.objects.count() == 1


def test_asking_twice_asks_one_worker(team: Team, done: Run) -> None:
    first, again = (team.client("editor").post(f"/api/runs/{done.pk}/scoring/parity/").json() for _ in range(2))
    assert first == again and ParityProof.objects.count() == 1


def test_what_scores_nothing_is_not_proven(team: Team, done: Run) -> None:
    assert code(team.client("editor").post(f"/api/runs/{done.pk}/scoring/parity/?scored=split.first")) == (422, "nothing_scores")


def test_a_viewer_proves_nothing(team: Team, done: Run) -> None:
    assert team.client("viewer").post(f"/api/runs/{done.pk}/scoring/parity/").status_code == 403


def test_the_graph_opens_as_a_pipeline_that_runs_and_gives_the_same(team: Team, done: Run) -> None:
    made = team.client("editor").post(f"/api/runs/{done.pk}/scoring/pipeline/")
    assert made.status_code == 201, made.json()
    document = team.client("editor").get(f"/api/pipelines/{made.json()['id']}/graph/").json()
    graph = flow.read(document.get("graph", document))
    assert {node.module for node in graph.nodes.values()} >= {"data.load_trained_model", "data.load_transformation"}
    run = of_pipeline(team, made_pipeline(made.json()["id"]), flow.dump(graph))
    scored = flow.output(run, "score", "table")
    assert scored is not None and scored.rows == 60
    found = flow.scoring_graph(done)
    scorer = Scorer.load(flow.scoring_bundle(done, found))
    first = flow.table(scored, run.scope).frame["Scored Labels"][0]
    assert scorer.score([found.signature.example]).rows == [{"Scored Labels": first}]


def made_pipeline(id: str) -> Any:
    return services.Pipeline.objects.get(pk=id)


def test_a_run_that_scores_nothing_is_refused_with_the_reason(team: Team, settings: Any) -> None:
    run = of_pipeline(team, services.make(team.workspace, team.people["editor"], document=GRAPH))
    assert code(team.client("viewer").get(f"/api/runs/{run.pk}/scoring/")) == (422, "nothing_scores")
    assert not Derivation.objects.exists()


def test_an_output_that_scores_nothing_is_refused(team: Team, done: Run) -> None:
    for scored in ("split.first", "nobody.table", "x"):
        assert code(team.client("viewer").get(f"/api/runs/{done.pk}/scoring/?scored={scored}")) == (422, "nothing_scores")


def test_a_run_that_goes_on_is_refused(team: Team, done: Run) -> None:
    going = team.client("editor").post(f"/api/runs/{done.pk}/verification/").json()["id"]
    assert code(team.client("viewer").get(f"/api/runs/{going}/scoring/")) == (409, "still_going")


def test_a_foreign_run_is_not_found(team: Team, done: Run) -> None:
    assert team.client("foreign").get(f"/api/runs/{done.pk}/scoring/").status_code == 404
