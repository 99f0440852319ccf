"""The API of sweeps: one request starts the runs of all combinations, and their figures come out as one table."""

from __future__ import annotations

from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.documents import services as documents
from designer.documents.models import Pipeline
from pipelines import flow
from pipelines.models import Run, Sweep
from tests.designer.conftest import Team
from tests.designer.runs.test_views_headline import evaluated
from tests.support.ledger_driver import run_to_end

PARAMETERS = {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1}, "label": {"type": "column", "default": "y"}}


def document() -> dict[str, Any]:
    """A model that is trained and evaluated on a part of the rows."""
    drawn = evaluated()
    drawn["nodes"]["split"]["params"] = {"fraction": {"$parameter": "share"}, "shuffle": False}
    drawn["nodes"]["train"]["params"] = {"label": {"$parameter": "label"}}
    before = [edge for edge in drawn["edges"] if edge != ["score.table", "split.table"]]
    edges = [["split.first", end] if start == "data.table" else [start, end] for start, end in before]
    return {**drawn, "edges": [["data.table", "split.table"], *edges], "parameters": PARAMETERS}


@pytest.fixture
def pipeline(team: Team) -> Pipeline:
    return documents.make(team.workspace, team.people["editor"], "Sweeping", documents.sound_document(document()))


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow.sweep, "__kwdefaults__", {**flow.sweep.__kwdefaults__, "enqueue": lambda _: None})


def start(team: Team, pipeline: Pipeline, values: Any, who: str = "editor", **more: Any) -> Any:
    return team.client(who).post("/api/sweeps/", {"pipeline": pipeline.pk, "values": values, **more}, format="json")


def carry_out(sweep: str) -> None:
    for run in Run.objects.filter(sweep=sweep).order_by("created_at"):
        run_to_end(run)


def test_a_sweep_is_started_followed_and_compared(team: Team, pipeline: Pipeline) -> None:
    begun = start(team, pipeline, {"share": [0.3, 0.5, 0.9]})
    assert begun.status_code == 201
    made = begun.json()
    assert (made["runs"], made["finished"], made["parameters"], made["pipeline"]) == (
        3,
        0,
        ["share"],
        {"id": pipeline.pk, "name": "Sweeping"},
    )
    assert [(run["values"], run["state"], run["ended"]) for run in made["table"]["runs"]] == [
        ({"share": x}, "waiting", 0) for x in (0.3, 0.5, 0.9)
    ]
    carry_out(made["id"])
    viewer = team.client("viewer")
    seen = viewer.get(f"/api/sweeps/{made['id']}/").json()
    (listed,) = viewer.get("/api/sweeps/", {"pipeline": pipeline.pk}).json()
    assert listed == {key: value for key, value in seen.items() if key != "table"} and listed["finished"] == 3
    table = seen["table"]
    errors = [run["figures"]["Mean absolute error"] for run in table["runs"]]
    assert table["figures"][0] == {"title": "Mean absolute error", "better": "low"} and len(table["figures"]) > 2
    assert len(set(errors)) == 3 and table["best"] == table["runs"][errors.index(min(errors))]["run"]
    for run in table["runs"]:
        whole = viewer.get(f"/api/runs/{run['run']}/").json()
        assert whole["headline"]["value"] == run["figures"]["Mean absolute error"] and whole["sweep"] == made["id"]
    assert [run["reused"] for run in table["runs"]] == [0, 2, 2], "the data and the learner are executed once"
    assert AuditEntry.objects.get(action="sweep.start").details == {"pipeline": pipeline.pk}


def test_a_grid_and_a_list(team: Team, pipeline: Pipeline) -> None:
    assert start(team, pipeline, {"share": [0.3, 0.5], "label": ["y", "x"]}).json()["runs"] == 4
    listed = start(team, pipeline, [{"share": 0.3}, {"share": 0.4, "label": "x"}]).json()
    assert [run["values"] for run in listed["table"]["runs"]] == [{"share": 0.3, "label": "y"}, {"share": 0.4, "label": "x"}]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"share": [0.3, 7]}, "share must be at most 1, not 7"),
        ({"shape": [0.3]}, "no parameter “shape”"),
        ({"label": ["nothing"]}, "nothing"),
        ({"share": []}, "must be a list of at least one value"),
        ({"share": [index / 1000 for index in range(201)]}, "at most 200"),
        ([1, 2], "Send an object of lists of values"),
        ("text", "Send an object of lists of values"),
        ({}, "values of at least one parameter"),
    ],
)
def test_what_cannot_be_swept_is_refused_and_nothing_starts(team: Team, pipeline: Pipeline, values: Any, words: str) -> None:
    refused = start(team, pipeline, values)
    assert refused.status_code in (400, 422) and words in refused.content.decode()
    assert not Sweep.objects.exists() and not Run.objects.exists()


def test_a_failed_run_says_why_and_the_others_have_figures(team: Team, pipeline: Pipeline) -> None:
    made = start(team, pipeline, {"share": [0.0, 0.5]}).json()
    carry_out(made["id"])
    first, second = team.client("viewer").get(f"/api/sweeps/{made['id']}/").json()["table"]["runs"]
    assert first["state"] == "failed" and first["error"] and second["figures"]


def test_cancelling_cancels_all_once(team: Team, pipeline: Pipeline) -> None:
    made = start(team, pipeline, {"share": [0.3, 0.5]}).json()
    address = f"/api/sweeps/{made['id']}/cancel/"
    ended = team.client("editor").post(address)
    assert ended.status_code == 200 and ended.json()["cancelled_at"]
    assert [run["state"] for run in ended.json()["table"]["runs"]] == ["cancelled"] * 2
    assert (team.client("editor").post(address).status_code, AuditEntry.objects.filter(action="sweep.cancel").count()) == (409, 2)


def test_a_sweep_stays_when_its_pipeline_is_deleted(team: Team, pipeline: Pipeline) -> None:
    made = start(team, pipeline, {"share": [0.3, 0.5]}).json()
    documents.delete(pipeline)
    assert team.client("viewer").get(f"/api/sweeps/{made['id']}/").json()["pipeline"] is None


def test_a_preset_gives_the_values_that_do_not_vary(team: Team, pipeline: Pipeline) -> None:
    address = f"/api/pipelines/{pipeline.pk}/parameters/"
    asked = {"parameters": {**PARAMETERS, "seed": {"type": "integer", "default": 1}}, "presets": {"small": {"share": 0.1, "seed": 5}}}
    assert team.client("editor").put(address, asked, format="json").status_code == 200
    begun = start(team, pipeline, {"share": [0.3, 0.5]}, preset="small")
    assert begun.status_code == 201 and begun.json()["parameters"] == ["share"], begun.content
    found = [{name: tuple(each.values()) for name, each in run.parameters.items()} for run in Run.objects.order_by("created_at")]
    assert [(each["share"], each["seed"]) for each in found] == [
        ((0.3, "sweep"), (5, "preset small")),
        ((0.5, "sweep"), (5, "preset small")),
    ]
    assert "no preset “none”" in start(team, pipeline, {"share": [0.3]}, preset="none").content.decode()
