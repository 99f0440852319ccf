"""Publishing a pipeline: frozen versions, the default and its history, keys, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.documents import services as documents
from designer.documents.models import Pipeline
from designer.published import services
from designer.published.models import PublishedKey, PublishedPipeline, PublishedVersion
from designer.workspaces.token_hashing import digest
from tests.designer.conftest import Team
from tests.designer.published.conftest import DOCUMENT, edit, publish


def call(team: Team, method: str, address: str, body: Any = None, who: str = "editor") -> Any:
    return getattr(team.client(who), method)(f"/api/published/{address}", body, format="json")


def test_what_is_published_is_frozen_with_its_parameters_inputs_and_results(team: Team, pipeline: Pipeline) -> None:
    made = publish(team, pipeline, description="Halves of a table.").json()
    assert (made["default"], made["versions"], made["address"]) == (1, 1, f"/api/published/{made['id']}/runs/")
    (version,) = made["listed"]
    assert version["parameters"]["share"]["max"] == 1 and version["pipeline"] == pipeline.pk
    assert version["inputs"] == {
        "rows": {"node": "rows", "param": "dataset", "version_param": "version", "dataset": "numbers", "version": None}
    }
    assert [(each["name"], each["save_as"]) for each in version["results"]] == [("half.first", None), ("half.second", None)]
    edit(team, pipeline, {"nodes": {}})
    documents.delete(pipeline)
    graph = call(team, "get", f"{made['id']}/versions/1/", who="viewer").json()["graph"]
    assert graph["nodes"].keys() == {"rows", "half"} and graph["nodes"]["half"]["params"]["fraction"] == {"$parameter": "share"}
    assert [each["name"] for each in team.client("viewer").get("/api/published/").json()] == ["halves"]
    assert team.client("foreign").get("/api/published/").json() == []


def test_a_new_version_becomes_the_default_and_moving_back_is_one_call(team: Team, pipeline: Pipeline, published: str) -> None:
    edit(team, pipeline, {**DOCUMENT, "parameters": {"share": {"type": "number", "default": 0.25, "min": 0, "max": 1}}})
    second = call(team, "post", f"{published}/versions/", {"pipeline": pipeline.pk, "why": "smaller", "expected": 1})
    assert (second.status_code, second.json()["number"]) == (201, 2)
    kept = call(team, "post", f"{published}/versions/", {"pipeline": pipeline.pk, "default": False})
    assert kept.json()["number"] == 3 and PublishedPipeline.objects.get().default == 2
    late = call(team, "put", f"{published}/default/", {"version": 3, "expected": 1})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "default_moved")
    assert "version 2 by now" in late.json()["error"]["words"]
    assert call(team, "put", f"{published}/default/", {"version": 9}).json()["error"]["code"] == "unknown_version"
    back = call(team, "put", f"{published}/default/", {"version": 1, "expected": 2, "why": "worse"})
    assert back.json()["default"] == 1
    moves = call(team, "get", f"{published}/default/", who="viewer").json()
    assert [(each["before"], each["after"], each["why"]) for each in moves] == [(2, 1, "worse"), (1, 2, "smaller"), (0, 1, "")]
    rows = AuditEntry.objects.filter(action__startswith="published.").values_list("action", "outcome")
    assert {("published.make", "allowed"), ("published.publish", "allowed"), ("published.move", "refused")} <= set(rows)


def test_a_saved_version_is_published_and_a_renamed_one_keeps_its_address(team: Team, pipeline: Pipeline) -> None:
    version = documents.keep_version(pipeline, "Good", team.people["editor"])
    edit(team, pipeline, {"nodes": {}})
    made = publish(team, pipeline, version=version.pk).json()
    assert made["listed"][0]["source"] == "Version “Good” of “Halves”"
    renamed = call(team, "patch", f"{made['id']}/", {"name": "parts"}).json()
    assert (renamed["name"], renamed["address"]) == ("parts", made["address"])
    assert publish(team, pipeline, name="other", version="0" * 32).json()["error"]["code"] == "unknown_version"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"inputs": {"table": "half"}}, "not_an_input", "inputs"),
        ({"results": [{"output": "half.third"}]}, "unknown_output", "results"),
        ({"results": [{"output": "half.first", "name": "a"}, {"output": "half.second", "name": "a"}]}, "result_twice", "results"),
        ({"results": [{"output": "half.first", "save_as": "Not A Name"}]}, "bad_name", "results"),
        ({"name": "Not A Name"}, "bad_request", "name"),
    ],
)
def test_what_cannot_be_an_end_is_refused_with_its_field(team: Team, pipeline: Pipeline, more: Any, code: str, field: str) -> None:
    refused = publish(team, pipeline, **more)
    assert refused.status_code in (400, 422)
    assert (refused.json()["error"]["code"], refused.json()["error"]["field"]) == (code, field) and refused.json()["error"]["words"]
    assert not PublishedVersion.objects.exists()


def test_an_unfinished_pipeline_is_refused_with_its_node_and_a_required_parameter_is_asked_for(team: Team, pipeline: Pipeline) -> None:
    edit(team, pipeline, {**DOCUMENT, "edges": []})
    refused = publish(team, pipeline)
    assert refused.status_code == 422 and refused.json()["error"]["node"] == "half"
    edit(team, pipeline, {"nodes": {}})
    assert publish(team, pipeline).json()["error"]["code"] == "nothing_to_publish"
    edit(team, pipeline, {**DOCUMENT, "parameters": {"share": {"type": "number", "default": 0.5, "required": True}}})
    made = publish(team, pipeline).json()
    assert call(team, "post", f"{made['id']}/runs/", {}).json()["error"]["code"] == "missing_parameter"
    assert call(team, "post", f"{made['id']}/runs/", {"parameters": {"share": 1}}).status_code == 202


def test_names_and_numbers_have_bounds(team: Team, pipeline: Pipeline, published: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert publish(team, pipeline).json()["error"]["code"] == "name_taken"
    monkeypatch.setattr(services, "MOST_VERSIONS", 1)
    assert call(team, "post", f"{published}/versions/", {"pipeline": pipeline.pk}).json()["error"]["code"] == "too_many_versions"
    monkeypatch.setattr(services, "MOST_PUBLISHED", 1)
    assert publish(team, pipeline, name="b").json()["error"]["code"] == "too_many_published"


def test_a_key_is_shown_once_and_only_its_hash_is_stored(team: Team, published: str) -> None:
    made = call(team, "post", f"{published}/keys/", {"name": "nightly", "days": 30}, "admin").json()
    row = PublishedKey.objects.get()
    assert made["key"].startswith("pk_") and row.digest == digest(made["key"]) and row.person == team.people["admin"]
    (listed,) = call(team, "get", f"{published}/keys/", who="viewer").json()
    assert "key" not in listed and listed["start"] == made["key"][:9]
    assert call(team, "delete", f"{published}/keys/{row.pk}/", who="admin").status_code == 204 and not PublishedKey.objects.exists()
    assert made["key"] not in str(list(AuditEntry.objects.values()))


def test_it_is_deleted_unless_a_run_is_going(team: Team, published: str) -> None:
    call(team, "post", f"{published}/runs/", {})
    refused = call(team, "delete", f"{published}/", who="admin")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    row = PublishedPipeline.objects.get().runs.get()
    row.saved_at = row.created_at
    row.save()
    assert call(team, "delete", f"{published}/", who="editor").status_code == 403
    assert call(team, "delete", f"{published}/", who="admin").status_code == 204 and not PublishedPipeline.objects.exists()
