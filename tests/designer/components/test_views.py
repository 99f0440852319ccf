"""The API of components: a sub-pipeline is saved as one, its versions do not change, and pipelines keep what they inserted."""

from __future__ import annotations

from typing import Any

import pytest

from designer.components.models import Component, ComponentVersion
from designer.documents import repository
from designer.documents import services as documents
from designer.documents.models import Pipeline
from tests.designer.conftest import Team

DOCUMENT: dict[str, Any] = {
    "nodes": {
        "data": {"module": "data.enter_data", "params": {"text": "x\n1\n2"}},
        "half": {"module": "transform.split_data", "params": {"fraction": 0.5}, "group": "g"},
    },
    "edges": [["data.table", "half.table"]],
    "groups": {"g": {"title": "Halves", "position": [5, 5], "promoted": {"Share": {"node": "half", "param": "fraction"}}}},
}


def pipeline_of(team: Team, document: dict[str, Any] = DOCUMENT) -> Pipeline:
    return documents.make(team.workspace, team.people["editor"], "Prices", documents.sound_document(document))


@pytest.fixture
def pipeline(team: Team) -> Pipeline:
    return pipeline_of(team)


def graph_of(pipeline: Pipeline) -> Any:
    return repository.read_draft(pipeline.pk)[1].graph


def save(team: Team, pipeline: Pipeline, who: str = "editor", **more: Any) -> Any:
    asked = {"pipeline": pipeline.pk, "group": "g", "name": "Halving", "description": "Halves.", **more}
    return team.client(who).post("/api/components/", asked, format="json")


def publish(team: Team, component: str, pipeline: Pipeline, group: str = "g", who: str = "editor") -> Any:
    return team.client(who).post(f"/api/components/{component}/versions/", {"pipeline": pipeline.pk, "group": group}, format="json")


def edit(team: Team, pipeline: Pipeline, document: dict[str, Any]) -> None:
    documents.replace(pipeline, documents.sound_document(document), team.people["editor"], repository.read_draft(pipeline.pk)[0])


def test_a_sub_pipeline_becomes_a_component_and_its_instance(team: Team, pipeline: Pipeline) -> None:
    saved = save(team, pipeline)
    assert saved.status_code == 201, saved.content
    component = saved.json()
    newest = component["newest"]
    assert (component["name"], newest["version"], newest["settings"]) == ("Halving", 1, ["Share"])
    assert [port["end"] for port in newest["inputs"]] == ["half.table"] and {port["kind"] for port in newest["outputs"]} == {"table"}
    assert newest["graph"]["nodes"].keys() == {"half"} and newest["graph"]["groups"].keys() == {"component"}
    assert graph_of(pipeline)["groups"]["g"]["component"] == {"id": component["id"], "version": 1, "parts": {"half": "half"}}
    listed = team.client("viewer").get("/api/components/").json()
    assert [each["id"] for each in listed] == [component["id"]]
    assert team.client("foreign").get("/api/components/").json() == []


def test_versions_are_immutable_and_equal_content_gives_the_existing_one(team: Team, pipeline: Pipeline) -> None:
    id = save(team, pipeline).json()["id"]
    again = publish(team, id, pipeline)
    assert (again.status_code, again.json()["version"]) == (200, 1)
    changed = graph_of(pipeline)
    edit(team, pipeline, {**changed, "nodes": {**changed["nodes"], "half": {**changed["nodes"]["half"], "params": {"fraction": 0.25}}}})
    second = publish(team, id, pipeline)
    assert (second.status_code, second.json()["version"]) == (201, 2)
    viewer = team.client("viewer")
    fractions = [
        viewer.get(f"/api/components/{id}/versions/{number}/").json()["graph"]["nodes"]["half"]["params"]["fraction"] for number in (1, 2)
    ]
    assert fractions == [0.5, 0.25] and graph_of(pipeline)["groups"]["g"]["component"]["version"] == 2
    assert [each["version"] for each in viewer.get(f"/api/components/{id}/versions/").json()] == [2, 1]
    assert viewer.get(f"/api/components/{id}/versions/3/").json()["error"]["code"] == "unknown_version"
    moved = graph_of(pipeline)
    edit(team, pipeline, {**changed, "groups": {"g": {**moved["groups"]["g"], "title": "Elsewhere", "position": [900, 0]}}})
    assert publish(team, id, pipeline).json()["version"] == 1  # the name and the place of an instance are its own


def test_a_pipeline_keeps_its_copy_when_the_component_is_deleted(team: Team, pipeline: Pipeline) -> None:
    id = save(team, pipeline).json()["id"]
    before = graph_of(pipeline)
    assert team.client("editor").delete(f"/api/components/{id}/").status_code == 204
    assert graph_of(pipeline) == before and not ComponentVersion.objects.exists()
    copy = documents.duplicate(pipeline, team.workspace, team.people["editor"])
    assert graph_of(copy)["groups"] == before["groups"] and graph_of(copy)["nodes"] == before["nodes"]


def test_rename_and_describe(team: Team, pipeline: Pipeline) -> None:
    id = save(team, pipeline).json()["id"]
    save(team, pipeline, name="Other")
    client = team.client("editor")
    changed = client.patch(f"/api/components/{id}/", {"name": "Half", "description": "d"}, format="json").json()
    assert (changed["name"], changed["description"]) == ("Half", "d")
    taken = client.patch(f"/api/components/{id}/", {"name": "Other"}, format="json")
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "name_taken")


def test_a_component_is_not_in_itself_through_any_chain(team: Team, pipeline: Pipeline) -> None:
    one = save(team, pipeline).json()["id"]
    around = graph_of(pipeline)
    around["groups"] = {"outer": {"title": "Outer"}, "g": {**around["groups"]["g"], "group": "outer"}}
    outer = pipeline_of(team, around)
    refused = publish(team, one, outer, "outer")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "component_in_itself")
    assert "“Halving” cannot be in itself" in refused.json()["error"]["words"]
    two = save(team, outer, group="outer", name="Two").json()["id"]
    chain = {**DOCUMENT, "groups": {"g": {"title": "G"}, "in": {"title": "In", "group": "g", "component": {"id": two, "version": 1}}}}
    chain["nodes"] = {"half": {**DOCUMENT["nodes"]["half"], "group": "in"}}
    refused = publish(team, one, pipeline_of(team, {**chain, "edges": []}))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "component_in_itself")
    assert ComponentVersion.objects.filter(component=one).count() == 1


@pytest.mark.parametrize(("group", "code"), [("nothing", "unknown_group"), ("empty", "empty_group")])
def test_what_is_no_sub_pipeline_is_refused(team: Team, group: str, code: str) -> None:
    found = pipeline_of(team, {**DOCUMENT, "groups": {**DOCUMENT["groups"], "empty": {"title": "Empty"}}})
    refused = save(team, found, group=group)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code) and not Component.objects.exists()


def test_what_is_foreign_is_absent(team: Team, pipeline: Pipeline) -> None:
    id = save(team, pipeline).json()["id"]
    foreign = team.client("foreign")
    assert save(team, pipeline, "foreign", name="Mine").status_code == 404
    assert publish(team, id, pipeline, who="foreign").status_code == 404
    for address in (f"/api/components/{id}/", f"/api/components/{id}/versions/", f"/api/components/{id}/versions/1/"):
        assert foreign.get(address).json()["error"]["code"] == foreign.get(address.replace(id, "0" * 32)).json()["error"]["code"]
    assert save(team, pipeline, "viewer", name="Mine").status_code == 403
