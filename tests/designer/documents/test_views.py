"""Pipelines over REST."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.documents import repository, services
from designer.documents.models import DraftUpdate, Pipeline
from designer.documents.samples import samples
from tests.designer.conftest import Team
from tests.designer.documents import hostile
from tests.designer.documents.test_malformed_graphs import SOUND


def put(team: Team, pipeline: Pipeline, document: Any, match: str | None = '"1"', who: str = "editor") -> Any:
    headers = {} if match is None else {"If-Match": match}
    return team.client(who).put(f"/api/pipelines/{pipeline.pk}/graph/", document, format="json", headers=headers)


def test_reading_and_writing_a_graph(team: Team, pipeline: Pipeline) -> None:
    read = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/graph/")
    assert read.headers["ETag"] == '"1"' and read.json() == {**services.EMPTY, "name": "Cars"}
    written = put(team, pipeline, SOUND)
    assert written.status_code == 200 and written.headers["ETag"] == '"2"'
    again = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/graph/").json()
    assert again["nodes"] == written.json()["nodes"] and sorted(again["edges"]) == SOUND["edges"]
    pipeline.refresh_from_db()
    assert pipeline.name == "Sound"


@pytest.mark.parametrize(
    ("match", "status"), [(None, 428), ('"7"', 409), ("abc", 400), ('W/"1"', 200), ("1", 200), ("*", 400), ('"-1"', 400)]
)
def test_a_write_says_what_it_is_based_on(team: Team, pipeline: Pipeline, match: str | None, status: int) -> None:
    answer = put(team, pipeline, SOUND, match)
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["error"]["revision"] == 1 and answer.headers["ETag"] == '"1"'


def test_an_unfinished_graph_is_kept_and_a_number_too_large_is_not(team: Team, pipeline: Pipeline) -> None:
    unfinished = {**SOUND, "edges": []}
    assert put(team, pipeline, unfinished).status_code == 200
    huge = deepcopy(SOUND)
    huge["nodes"]["split"]["params"] = {"seed": 2**60}
    answer = put(team, pipeline, huge, '"2"')
    assert answer.status_code == 422 and answer.json()["error"]["node"] == "split"


def test_renaming_changes_the_document_too(team: Team, pipeline: Pipeline) -> None:
    answer = team.client("editor").patch(f"/api/pipelines/{pipeline.pk}/", {"name": "Prices"}, format="json")
    assert answer.json()["name"] == "Prices" and answer.json()["revision"] == 2
    assert team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/graph/").json()["name"] == "Prices"


def test_making_one_from_a_document_and_deleting_it(team: Team) -> None:
    client = team.client("editor")
    made = client.post("/api/pipelines/", {"name": "Mine", "workspace": team.workspace.pk, "graph": SOUND}, format="json").json()
    assert made["name"] == "Mine" and made["revision"] == 1 and made["role"] == "editor" and made["updated_by"] == "Editor"
    assert sorted(made["graph_summary"]["nodes"]) == sorted(
        [[*node["position"], node["module"], node.get("title", "")] for node in SOUND["nodes"].values()]
    )
    assert len(made["graph_summary"]["edges"]) == 2
    assert client.delete(f"/api/pipelines/{made['id']}/").status_code == 204
    assert client.get(f"/api/pipelines/{made['id']}/").status_code == 404


def test_without_a_workspace_the_first_where_one_may(team: Team) -> None:
    made = team.client("editor").post("/api/pipelines/", {"name": "Mine"}, format="json")
    assert made.json()["workspace"] == team.workspace.pk
    assert team.client("viewer").post("/api/pipelines/", {"name": "Mine"}, format="json").json()["error"]["code"] == "no_workspace"


def test_a_list_costs_the_same_however_long(team: Team) -> None:
    client = team.client("viewer")

    def queries(count: int) -> int:
        for number in range(count):
            services.make(team.workspace, team.people["editor"], f"P{number}", services.sound_document(SOUND))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get("/api/pipelines/").status_code == 200
        return len(caught)

    assert queries(2) == queries(8)


def test_checking_tells_problems_and_columns(team: Team, pipeline: Pipeline) -> None:
    put(team, pipeline, SOUND)
    answer = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/check/").json()
    assert answer["revision"] == 2 and answer["problems"] == []
    assert [column["name"] for column in answer["columns"]["again"]["first"]] == ["x", "y"]
    put(team, pipeline, {**SOUND, "edges": []}, '"2"')
    assert {problem["node"] for problem in team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/check/").json()["problems"]} == {
        "split",
        "again",
    }


def test_versions_do_not_change(team: Team, pipeline: Pipeline) -> None:
    made = team.client("editor").post(f"/api/pipelines/{pipeline.pk}/versions/", {"name": "First"}, format="json").json()
    put(team, pipeline, SOUND)
    (listed,) = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/versions/").json()
    assert listed == made and listed["graph"]["nodes"] == {} and listed["created_by"] == "Editor"
    assert team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/").json()["versions"] == 1


def test_a_pipeline_made_of_a_version_says_all_that_it_said(team: Team, pipeline: Pipeline) -> None:
    put(team, pipeline, {**SOUND, "execution": {"target": "sandbox", "retries": 2}})
    client = team.client("editor")
    version = client.post(f"/api/pipelines/{pipeline.pk}/versions/", {"name": "First"}, format="json").json()
    put(team, pipeline, SOUND, '"2"')
    made = client.post(
        "/api/pipelines/", {"name": "Again", "workspace": team.workspace.pk, "graph": version["graph"]}, format="json"
    ).json()
    assert client.get(f"/api/pipelines/{made['id']}/graph/").json() == {**version["graph"], "name": "Again"}
    assert version["graph"]["execution"] == {"target": "sandbox", "retries": 2}
    assert "execution" not in client.get(f"/api/pipelines/{pipeline.pk}/graph/").json()


def test_samples_are_listed_and_copied(team: Team) -> None:
    listed = team.client("viewer").get("/api/samples/").json()
    assert [sample["slug"] for sample in listed] == list(samples()) and all(sample["modules"] for sample in listed)
    for sample in listed:
        answer = team.client("editor").post(f"/api/samples/{sample['slug']}/open/", {}, format="json")
        assert answer.status_code == 201 and answer.json()["name"] == sample["title"]
    assert team.client("editor").post("/api/samples/nothing/open/", {}, format="json").status_code == 404


def test_a_copy_has_the_document_and_a_name_of_its_own(team: Team, pipeline: Pipeline) -> None:
    put(team, pipeline, SOUND)
    copies = [team.client("editor").post("/api/pipelines/", {"copy_of": pipeline.pk}, format="json").json() for _ in range(3)]
    assert [copy["name"] for copy in copies] == ["Sound copy", "Sound copy 2", "Sound copy 3"]
    assert {copy["workspace"] for copy in copies} == {pipeline.workspace_id}
    read = team.client("viewer").get(f"/api/pipelines/{copies[0]['id']}/graph/").json()
    assert read["nodes"] == team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/graph/").json()["nodes"]


def test_a_copy_needs_a_pipeline_that_one_sees_and_a_role_that_makes(team: Team, pipeline: Pipeline) -> None:
    asked = {"copy_of": pipeline.pk}
    assert team.client("viewer").post("/api/pipelines/", asked, format="json").status_code == 403
    assert team.client("foreign").post("/api/pipelines/", asked, format="json").status_code == 404
    both = team.client("editor").post("/api/pipelines/", {**asked, "graph": SOUND}, format="json")
    assert both.status_code == 400 and "not both" in both.json()["error"]["words"]


def test_a_sample_opened_twice_has_two_names(team: Team) -> None:
    names = [team.client("editor").post("/api/samples/automobile_price/open/", {}, format="json").json()["name"] for _ in range(2)]
    assert names == ["Automobile price", "Automobile price 2"]


@pytest.mark.parametrize("deep", [500, 20_000, 100_000])
def test_a_draft_that_cannot_be_read_costs_one_card(team: Team, pipeline: Pipeline, deep: int) -> None:
    other = services.make(team.workspace, team.people["editor"], "Good", SOUND)
    DraftUpdate.objects.create(pipeline=pipeline, revision=2, update=hostile.nested_lists(deep))
    Pipeline.objects.filter(pk=pipeline.pk).update(revision=2)
    repository._open.clear()
    client, address = team.client("editor"), f"/api/pipelines/{pipeline.pk}/"
    listed = {found["id"]: found for found in client.get("/api/pipelines/").json()}
    assert (listed[pipeline.pk]["readable"], listed[other.pk]["readable"]) == (False, True)
    assert listed[pipeline.pk]["graph_summary"] == {"nodes": [], "edges": []} and listed[other.pk]["graph_summary"]["nodes"]
    assert client.get(address).json()["readable"] is False
    asked = [client.get(f"{address}{what}/") for what in ("graph", "check", "estimates")]
    asked += [client.post(f"{address}{what}/", body, format="json") for what, body in (("versions", {"name": "v"}), ("runs", {}))]
    asked.append(client.patch(address, {"name": "x"}, format="json"))
    assert {answer.status_code for answer in asked} == {409}
    assert {answer.json()["error"]["code"] for answer in asked} == {"draft_unreadable"}
    assert put(team, pipeline, SOUND, '"2"').status_code == 200
    assert client.get(address).json()["readable"] is True and client.get(f"{address}graph/").json()["nodes"]
    assert client.delete(address).status_code == 204


def test_a_draft_that_cannot_be_read_can_be_deleted(team: Team, pipeline: Pipeline) -> None:
    DraftUpdate.objects.create(pipeline=pipeline, revision=2, update=hostile.nested_lists(20_000))
    Pipeline.objects.filter(pk=pipeline.pk).update(revision=2)
    assert team.client("editor").delete(f"/api/pipelines/{pipeline.pk}/").status_code == 204


def test_sub_pipelines_are_kept_with_their_settings_through_three_levels(team: Team, pipeline: Pipeline) -> None:
    share = {"Share": {"node": "split", "param": "fraction"}}
    names = ["outer", "middle", "inner"]
    groups = {name: {"title": name, "position": [0, 0], "promoted": share} for name in names}
    groups["middle"]["group"], groups["inner"]["group"] = "outer", "middle"
    folded = deepcopy(SOUND) | {"groups": groups}
    folded["nodes"]["split"]["group"] = "inner"
    folded["nodes"]["split"]["params"]["fraction"] = {"$parameter": "part"}
    folded["parameters"] = {"part": {"type": "number", "default": 0.25, "min": 0, "max": 1}}
    assert put(team, pipeline, folded).status_code == 200
    client = team.client("editor")
    version = client.post(f"/api/pipelines/{pipeline.pk}/versions/", {"name": "Folded"}, format="json").json()
    assert version["graph"]["groups"] == groups and version["graph"]["nodes"]["split"]["group"] == "inner"
    copy = client.post("/api/pipelines/", {"name": "Copy", "workspace": team.workspace.pk, "copy_of": pipeline.pk}, format="json").json()
    for kept in (version["graph"], *(client.get(f"/api/pipelines/{id}/graph/").json() for id in (copy["id"], pipeline.pk))):
        assert kept["groups"] == groups and kept["parameters"] == folded["parameters"]
        assert kept["nodes"]["split"]["params"]["fraction"] == {"$parameter": "part"}
    told = client.get(f"/api/pipelines/{copy['id']}/parameters/").json()
    assert (told["parameters"]["part"]["default"], told["drives"]) == (0.25, {"part": [["split", "fraction"]]})
    assert client.get(f"/api/pipelines/{pipeline.pk}/check/").json()["problems"] == []
    put(team, pipeline, SOUND, '"2"')
    assert "groups" not in client.get(f"/api/pipelines/{pipeline.pk}/graph/").json()


def test_a_sub_pipeline_that_is_split_runs_with_a_warning_and_one_that_is_gone_is_refused(team: Team, pipeline: Pipeline) -> None:
    split = deepcopy(SOUND) | {"groups": {"g": {"title": "G", "position": [0, 0]}}}
    split["nodes"]["data"]["group"] = split["nodes"]["again"]["group"] = "g"
    assert put(team, pipeline, split).status_code == 200
    (found,) = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/check/").json()["problems"]
    assert (found["code"], found["node"], found["severity"]) == ("split_group", "split", "warning")
    answer = put(team, pipeline, {**split, "groups": {}}, '"2"')
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "unknown_group"
