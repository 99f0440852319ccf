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


def put(team: Team, pipeline: Pipeline, parameters: Any, who: str = "editor") -> Any:
    return team.client(who).put(f"/api/pipelines/{pipeline.pk}/parameters/", {"parameters": parameters}, format="json")


def drawn(pipeline: Pipeline) -> dict[str, Any]:
    return repository.read_draft(pipeline.pk)[1].graph


def test_parameters_are_shown_with_what_they_drive(team: Team, driven: Pipeline) -> None:
    shown = team.client("viewer").get(f"/api/pipelines/{driven.pk}/parameters/").json()
    assert shown == {"parameters": {"share": FRACTION}, "drives": {"share": [["split", "fraction"]]}}


def test_parameters_are_replaced_and_references_stay(team: Team, driven: Pipeline) -> None:
    changed = {"share": {**FRACTION, "default": 0.25}, "seed": {"type": "integer", "default": 1}}
    assert put(team, driven, changed).json()["parameters"] == changed
    assert drawn(driven)["nodes"]["split"]["params"] == {"fraction": {"$parameter": "share"}}


def test_settings_of_a_removed_parameter_keep_its_default(team: Team, driven: Pipeline) -> None:
    assert put(team, driven, {}).json() == {"parameters": {}, "drives": {}}
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
