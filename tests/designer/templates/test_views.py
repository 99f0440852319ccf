"""The API of templates: a pipeline is saved as one, and others are made from it, with their own values and with lineage."""

from __future__ import annotations

from typing import Any

import pytest

from designer.documents import services as documents
from designer.documents.models import Pipeline
from designer.templates.models import MadeFrom, Template
from tests.designer.conftest import Team
from tests.designer.runs.test_views import GRAPH

DRIVEN = {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}}, "position": [0, 100]}
SHARE = {"type": "number", "default": 0.5, "min": 0, "max": 1}
DOCUMENT = {**GRAPH, "nodes": {**GRAPH["nodes"], "split": DRIVEN}, "parameters": {"share": SHARE}}


@pytest.fixture
def pipeline(team: Team) -> Pipeline:
    return documents.make(team.workspace, team.people["editor"], "Prices", documents.sound_document(DOCUMENT))


def save(team: Team, pipeline: Pipeline, who: str = "editor", **more: Any) -> Any:
    return team.client(who).post(
        "/api/templates/", {"pipeline": pipeline.pk, "name": "Split", "description": "Halves.", **more}, format="json"
    )


def use(team: Team, template: str, who: str = "editor", **asked: Any) -> Any:
    return team.client(who).post(f"/api/templates/{template}/pipelines/", asked, format="json")


def test_a_pipeline_is_saved_as_a_template_and_others_are_made_from_it(team: Team, pipeline: Pipeline) -> None:
    saved = save(team, pipeline)
    assert saved.status_code == 201, saved.content
    template = saved.json()
    assert (template["version"], template["made"], template["graph"]["nodes"].keys()) == (1, 0, DOCUMENT["nodes"].keys())
    made = use(team, template["id"], parameters={"share": 0.25})
    assert made.status_code == 201 and made.json()["name"] == "Split"
    graph = team.client("viewer").get(f"/api/pipelines/{made.json()['id']}/graph/").json()
    assert graph["parameters"]["share"]["default"] == 0.25
    assert graph["nodes"] == template["graph"]["nodes"] and graph["edges"] == template["graph"]["edges"]
    assert use(team, template["id"], name="Mine").json()["name"] == "Mine"
    listed = team.client("viewer").get("/api/templates/").json()
    assert [(each["id"], each["made"]) for each in listed] == [(template["id"], 2)]
    assert team.client("foreign").get("/api/templates/").json() == []


def test_a_further_version_leaves_made_pipelines_as_they_are_and_is_in_the_lineage(team: Team, pipeline: Pipeline) -> None:
    template = save(team, pipeline).json()["id"]
    first = use(team, template).json()["id"]
    documents.replace(
        pipeline, documents.sound_document({**DOCUMENT, "nodes": {"data": GRAPH["nodes"]["data"]}, "edges": []}), team.people["editor"], 1
    )
    changed = team.client("editor").patch(f"/api/templates/{template}/", {"pipeline": pipeline.pk}, format="json").json()
    assert changed["version"] == 2 and changed["graph"]["nodes"].keys() == {"data"} and changed["description"] == "Halves."
    second = use(team, template).json()["id"]
    viewer = team.client("viewer")
    assert [viewer.get(f"/api/pipelines/{id}/").json()["made_from"]["version"] for id in (first, second)] == [1, 2]
    assert len(viewer.get(f"/api/pipelines/{first}/graph/").json()["nodes"]) == 2
    assert team.client("editor").delete(f"/api/templates/{template}/").status_code == 204
    assert viewer.get(f"/api/pipelines/{first}/").json()["made_from"] == {"template": None, "name": "Split", "version": 1}
    assert viewer.get(f"/api/pipelines/{pipeline.pk}/").json()["made_from"] is None
    assert MadeFrom.objects.count() == 2 and not Template.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"), [({"share": 3}, "must be at most 1, not 3"), ({"shape": 1}, "no parameter “shape”; its parameters are: share")]
)
def test_a_wrong_value_makes_no_pipeline(team: Team, pipeline: Pipeline, values: Any, words: str) -> None:
    template = save(team, pipeline).json()["id"]
    refused = use(team, template, parameters=values)
    assert refused.status_code == 422 and words in refused.content.decode() and Pipeline.objects.count() == 1


def test_a_name_is_given_once(team: Team, pipeline: Pipeline) -> None:
    save(team, pipeline)
    again = save(team, pipeline)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "name_taken")


def test_a_pipeline_of_another_workspace_is_not_copied(team: Team, pipeline: Pipeline) -> None:
    assert save(team, pipeline, "foreign").status_code == 404
    template = save(team, pipeline).json()["id"]
    assert use(team, template, "foreign").status_code == 404
