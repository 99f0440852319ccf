"""The parameters of a pipeline over REST: read, written, used by a run."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from designer.documents import repository, services
from designer.documents.models import Pipeline
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH, code, start

FRACTION = {"type": "number", "default": 0.5, "min": 0, "max": 1}


@pytest.fixture
def driven(team: Team, settings: Any) -> Pipeline:
    document = copy.deepcopy(GRAPH) | {"parameters": {"share": FRACTION}}
    document["nodes"]["split"]["params"] = {"fraction": {"$parameter": "share"}}
    return services.make(team.workspace, team.people["editor"], document=document)


def put(team: Team, pipeline: Pipeline, parameters: Any, who: str = "editor", **more: Any) -> Any:
    return team.client(who).put(f"/api/pipelines/{pipeline.pk}/parameters/", {"parameters": parameters, **more}, format="json")


def drawn(pipeline: Pipeline) -> dict[str, Any]:
    return repository.read_draft(pipeline.pk)[1].graph


def test_parameters_are_shown_with_what_they_drive(team: Team, driven: Pipeline) -> None:
    shown = team.client("viewer").get(f"/api/pipelines/{driven.pk}/parameters/").json()
    assert shown == {"parameters": {"share": FRACTION}, "drives": {"share": [["split", "fraction"]]}, "presets": {}}


def test_parameters_are_replaced_and_references_stay(team: Team, driven: Pipeline) -> None:
    changed = {"share": {**FRACTION, "default": 0.25}, "seed": {"type": "integer", "default": 1}}
    assert put(team, driven, changed).json()["parameters"] == changed
    assert drawn(driven)["nodes"]["split"]["params"] == {"fraction": {"$parameter": "share"}}


def test_settings_of_a_removed_parameter_keep_its_default(team: Team, driven: Pipeline) -> None:
    assert put(team, driven, {}).json() == {"parameters": {}, "drives": {}, "presets": {}}
    assert drawn(driven)["nodes"]["split"]["params"] == {"fraction": 0.5}


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        None,
        "x",
        {"share": 1},
        {"share": {"type": "text", "default": "x"}},
        {"share": {**FRACTION, "default": 2}},
        {"1": FRACTION},
        {"n": {"type": "integer", "default": 2**60}},
    ],
)
def test_bad_parameters_are_refused_and_change_nothing(team: Team, driven: Pipeline, parameters: Any) -> None:
    before = drawn(driven)
    answer = put(team, driven, parameters)
    assert answer.status_code in (400, 422), answer.content
    assert drawn(driven) == before


def test_a_viewer_writes_none(team: Team, driven: Pipeline) -> None:
    assert put(team, driven, {}, "viewer").status_code == 403


def test_a_run_takes_values_and_keeps_them(team: Team, driven: Pipeline) -> None:
    run = start(team.client("editor"), driven, parameters={"share": 0.75}).json()
    assert run["parameters"] == {"share": {"value": 0.75, "source": "run"}}
    assert run["graph"]["nodes"]["split"]["params"] == {"fraction": 0.75}
    listed = team.client("viewer").get(f"/api/pipelines/{driven.pk}/runs/").json()
    assert listed[0]["parameters"] == run["parameters"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"share": 2}, "bad_parameter"), ({"other": 2}, "unknown_parameter"), ({"share": None}, "bad_parameter")],
)
def test_a_run_with_a_wrong_value_is_refused(team: Team, driven: Pipeline, given: Any, expected: str) -> None:
    answer = start(team.client("editor"), driven, parameters=given)
    assert answer.status_code == 422
    assert [problem["code"] for problem in answer.json()["error"]["problems"]] == [expected]


@pytest.mark.parametrize("given", [[1], "x", 3])
def test_parameters_that_are_no_object_are_refused(team: Team, driven: Pipeline, given: Any) -> None:
    assert code(start(team.client("editor"), driven, parameters=given))[0] == 400


def test_presets_stay_with_the_pipeline_its_copies_and_its_versions(team: Team, driven: Pipeline) -> None:
    small = {"small": {"share": 0.1}}
    assert put(team, driven, {"share": FRACTION}, presets=small).json()["presets"] == small
    assert put(team, driven, {"share": {**FRACTION, "label": "Share"}}).json()["presets"] == small  # not given: as they were
    editor, address = team.client("editor"), f"/api/pipelines/{driven.pk}"
    document = editor.get(f"{address}/graph/").json()
    copied = editor.post("/api/pipelines/", {"copy_of": driven.pk}, format="json").json()["id"]
    imported = editor.post("/api/pipelines/", {"name": "Imported", "graph": document}, format="json").json()["id"]
    for each in (copied, imported):
        assert editor.get(f"/api/pipelines/{each}/parameters/").json()["presets"] == small
    assert put(team, driven, {}).json()["presets"] == {"small": {}}


def test_a_preset_gives_the_values_that_a_run_does_not(team: Team, driven: Pipeline) -> None:
    seed = {"type": "integer", "default": 1}
    put(team, driven, {"share": FRACTION, "seed": seed, "other": seed}, presets={"small": {"share": 0.1, "seed": 7}})
    run = start(team.client("editor"), driven, preset="small", parameters={"seed": 9}).json()
    assert run["parameters"] == {
        "share": {"value": 0.1, "source": "preset small"},
        "seed": {"value": 9, "source": "run"},
        "other": {"value": 1, "source": "default"},
    }
    assert run["graph"]["nodes"]["split"]["params"] == {"fraction": 0.1}
    refused = start(team.client("editor"), driven, preset="large")
    assert refused.status_code == 422 and "its presets are: small" in refused.content.decode()


@pytest.mark.parametrize("presets", [{"a": {"share": 2}}, {"a": {"none": 1}}, {"": {}}, {"a": 1}, [], {"a": {"share": 2**60}}])
def test_presets_that_cannot_be_used_are_refused(team: Team, driven: Pipeline, presets: Any) -> None:
    assert put(team, driven, {"share": FRACTION}, presets=presets).status_code in (400, 422)
    assert "presets" not in drawn(driven)
