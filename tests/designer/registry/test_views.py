"""The API of the model registry."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from designer.audit.models import AuditEntry
from designer.datasets.quota import in_datasets
from designer.registry.models import Change, ModelVersion, RegisteredModel
from designer.store.services import clean
from pipelines import flow
from tests.designer.conftest import Team
from tests.designer.registry.conftest import content_of, register, trained


def call(team: Team, who: str, method: str, address: str, **body: Any) -> Any:
    client = team.client(who)
    return (
        getattr(client, method)(f"/api/models/{address}", body, format="json")
        if body
        else getattr(client, method)(f"/api/models/{address}")
    )


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def test_a_version_is_registered_with_all_that_made_it(team: Team) -> None:
    run = trained(team)
    made = register(team, run, note="first")
    assert (made.status_code, made.json()["name"], made.json()["version"], made.json()["new"]) == (201, "line", 1, True)
    seen = call(team, "viewer", "get", f"{made.json()['id']}/versions/1/").json()
    assert (seen["stage"], seen["aliases"], seen["note"], seen["created_by"], seen["serving"]) == (
        "candidate",
        [],
        "first",
        "Editor",
        False,
    )
    origin = seen["origin"]
    assert (origin["run"], origin["node"], origin["port"], origin["receipt"]) == (run.pk, "train", "model", flow.receipt(run).digest)
    assert {step["node"] for step in origin["steps"]} == {"data", "scale", "learner", "train"}
    assert all(len(step["code"]) == 64 for step in origin["steps"]) and "scikit-learn" in origin["libraries"]
    r2 = next(figure for figure in seen["metrics"] if figure["key"] == "r2")
    assert r2["value"] > 0.999 and r2["better"] == "high" and r2["node"] == "judge" and len(r2["interval"]) == 2
    inputs, outputs = seen["signature"]["inputs"], seen["signature"]["outputs"]
    assert [(column["name"], column["type"], column["nullable"]) for column in inputs] == [("a", "number", False)]
    assert [(column["name"], column["type"]) for column in outputs] == [("Scored Labels", "number")]
    assert set(seen["signature"]["example"]) == {"a"}
    row = AuditEntry.objects.get(action="model.register")
    assert (row.kind, row.name, row.details) == ("model", "line", {"name": "line", "run": run.pk, "node": "train", "port": "model"})


def test_equal_content_gives_the_version_that_has_it(team: Team) -> None:
    run = trained(team)
    first, again = register(team, run), register(team, run)
    assert (again.status_code, again.json()) == (200, {**first.json(), "new": False})
    assert register(team, run, "other").json()["version"] == 1


def test_numbers_are_never_used_again(team: Team, two: str) -> None:
    assert call(team, "editor", "delete", f"{two}/versions/2/").status_code == 204
    assert register(team, trained(team, 3)).json()["version"] == 3
    assert [version["number"] for version in call(team, "viewer", "get", f"{two}/").json()["versions"]] == [3, 1]


def test_an_invalid_name_is_refused_with_one_that_is_valid(team: Team) -> None:
    run = trained(team)
    for name in ("", "Line", "a_b", "-a", "a" * 65, "ü", "a b", "a/b", "../a"):
        refused = register(team, run, name)
        assert refused.status_code == 400 and refused.json()["error"]["field"] == "name" and not RegisteredModel.objects.exists(), name


def test_what_is_no_model_is_refused(team: Team) -> None:
    run = trained(team)
    for node, port, status, why in (
        ("score", "table", 409, "not_a_model"),
        ("learner", "model", 409, "not_a_model"),
        ("train", "no", 404, "unknown_port"),
        ("no", "model", 404, "unknown_port"),
    ):
        refused = register(team, run, node=node, port=port)
        assert (refused.status_code, code(refused)) == (status, why)


def test_a_renamed_model_is_found_by_its_former_names_and_nobody_takes_them(team: Team, two: str) -> None:
    assert call(team, "editor", "patch", f"{two}/", name="slope").json()["former_names"] == ["line"]
    assert [one["id"] for one in team.client("viewer").get("/api/models/", {"name": "line"}).json()] == [two]
    run = trained(team, 4)
    assert register(team, run, "line").json() == {"id": two, "name": "slope", "version": 3, "new": True}
    other = register(team, run, "other").json()["id"]
    for name in ("line", "slope"):
        refused = call(team, "editor", "patch", f"{other}/", name=name)
        assert (refused.status_code, code(refused)) == (409, "name_taken")
    back = call(team, "editor", "patch", f"{two}/", name="line", description="A line.").json()
    assert (back["name"], back["former_names"], back["description"]) == ("line", ["slope"], "A line.")


def test_an_alias_moves_against_what_it_names_and_every_move_is_a_row(team: Team, two: str) -> None:
    assert call(team, "editor", "put", f"{two}/aliases/champion/", version=1, expected=None, why="start").json()["aliases"] == {
        "champion": 1
    }
    before = Change.objects.get().at
    refused = call(team, "editor", "put", f"{two}/aliases/champion/", version=2, expected=None)
    assert (refused.status_code, code(refused)) == (409, "alias_moved") and "version 1" in refused.json()["error"]["words"]
    assert call(team, "admin", "put", f"{two}/aliases/champion/", version=2, expected=1, why="better").status_code == 200
    assert call(team, "admin", "delete", f"{two}/aliases/champion/?expected=1").status_code == 409
    assert call(team, "admin", "delete", f"{two}/aliases/champion/?expected=2&why=gone").status_code == 204
    told = [
        (row["alias"], row["before"], row["after"], row["who"], row["why"]) for row in call(team, "viewer", "get", f"{two}/history/").json()
    ]
    assert told == [("champion", 2, None, "Admin", "gone"), ("champion", 1, 2, "Admin", "better"), ("champion", None, 1, "Editor", "start")]
    at = {"at": before.isoformat()}
    assert team.client("viewer").get(f"/api/models/{two}/aliases/", at).json() == {"aliases": {"champion": 1}}
    assert team.client("viewer").get(f"/api/models/{two}/aliases/", {"at": "2020-05-03T00:00:00Z"}).json() == {"aliases": {}}
    assert call(team, "viewer", "get", f"{two}/aliases/").json() == {"aliases": {}}
    assert AuditEntry.objects.filter(action="model.alias").count() == 5


@pytest.mark.parametrize(
    ("alias", "body", "status", "why"),
    [
        ("latest", {"version": 1, "expected": None}, 400, "reserved_alias"),
        ("v3", {"version": 1, "expected": None}, 400, "reserved_alias"),
        ("7", {"version": 1, "expected": None}, 400, "reserved_alias"),
        ("Champion", {"version": 1, "expected": None}, 400, "bad_alias"),
        ("champion", {"version": 9, "expected": None}, 404, "unknown_version"),
        ("champion", {"version": 1}, 400, "bad_request"),
        ("champion", {"version": 0, "expected": None}, 400, "bad_request"),
        ("champion", {"version": "x", "expected": None}, 400, "bad_request"),
        ("champion", {"version": 2**40, "expected": None}, 400, "bad_request"),
    ],
)
def test_an_alias_that_cannot_be_is_refused(team: Team, two: str, alias: str, body: dict[str, Any], status: int, why: str) -> None:
    refused = call(team, "editor", "put", f"{two}/aliases/{alias}/", **body)
    assert (refused.status_code, code(refused)) == (status, why) and not Change.objects.exists()


def test_admins_approve_and_a_version_with_an_alias_is_not_retired(team: Team, two: str) -> None:
    assert call(team, "editor", "put", f"{two}/versions/1/stage/", stage="approved").status_code == 403
    approved = call(team, "admin", "put", f"{two}/versions/1/stage/", stage="approved", why="looks good")
    assert (approved.status_code, approved.json()["stage"]) == (200, "approved")
    call(team, "editor", "put", f"{two}/aliases/champion/", version=1, expected=None)
    assert code(call(team, "admin", "put", f"{two}/versions/1/stage/", stage="retired")) == "in_use"
    assert call(team, "admin", "put", f"{two}/versions/2/stage/", stage="retired").json()["stage"] == "retired"
    assert code(call(team, "editor", "put", f"{two}/aliases/champion/", version=2, expected=1)) == "version_retired"
    assert call(team, "admin", "put", f"{two}/versions/1/stage/", stage="serving").status_code == 400
    told = [(row.number, row.stage_before, row.stage_after) for row in Change.objects.filter(alias="").order_by("pk")]
    assert told == [(1, "candidate", "approved"), (2, "candidate", "retired")]


def test_a_version_that_is_used_is_not_deleted(team: Team, two: str) -> None:
    call(team, "editor", "put", f"{two}/aliases/champion/", version=1, expected=None)
    assert code(call(team, "editor", "delete", f"{two}/versions/1/?even_if_used=true")) == "in_use"
    assert call(team, "editor", "delete", f"{two}/").status_code == 204 and not ModelVersion.objects.exists()


def test_a_cleanup_keeps_what_is_registered_and_removes_it_after_it_is_deleted(team: Team) -> None:
    run = trained(team)
    made = register(team, run).json()
    version = ModelVersion.objects.get()
    assert {version.digest, version.output.report} <= in_datasets(team.workspace)
    run.delete()
    clean(team.workspace, older_than=0, grace=0)
    clean(team.workspace, older_than=0, grace=0)
    assert (
        flow.store(team.workspace.pk).path(version.digest).exists()
        and flow.storage_usage(team.workspace.pk).of_datasets >= version.record["bytes"]
    )
    assert call(team, "editor", "delete", f"{made['id']}/").status_code == 204
    clean(team.workspace, older_than=0, grace=0)
    clean(team.workspace, older_than=0, grace=0)
    with pytest.raises(flow.Damaged):
        flow.store(team.workspace.pk).path(version.digest)


def test_who_is_not_in_the_workspace_sees_nothing_of_it(team: Team, two: str) -> None:
    foreign = team.client("foreign")
    absent = foreign.get(f"/api/models/{'0' * 32}/")
    run = ModelVersion.objects.get(number=1).run
    assert foreign.get("/api/models/").json() == [] and foreign.get("/api/models/", {"name": "line"}).json() == []
    for method, address, body in (
        ("get", f"{two}/", None),
        ("patch", f"{two}/", {"name": "mine"}),
        ("delete", f"{two}/", None),
        ("get", f"{two}/versions/1/", None),
        ("put", f"{two}/versions/1/stage/", {"stage": "approved"}),
        ("put", f"{two}/aliases/champion/", {"version": 1, "expected": None}),
        ("get", f"{two}/compare/?versions=1,2", None),
        ("get", f"{two}/history/", None),
        ("post", "", {"run": run, "node": "train", "port": "model", "name": "mine"}),
    ):
        refused = call(team, "foreign", method, address, **(body or {}))
        assert (refused.status_code, refused.json()) == (404, absent.json()), address
    for number in ("0", "9", "x", "1e0", "-1", "99999999999", "²"):
        assert call(team, "viewer", "get", f"{two}/versions/{number}/").status_code == 404


def downloaded(team: Team, two: str, as_: str) -> Any:
    return team.client("viewer").get(f"/api/models/{two}/versions/1/download/", {"as": as_})


def test_a_version_is_downloaded_as_it_is_stored_and_as_a_folder_of_mlflow(team: Team, two: str) -> None:
    version = ModelVersion.objects.get(number=1)
    stored = flow.store(team.workspace.pk).path(version.digest).read_bytes()
    as_skops, as_mlflow = downloaded(team, two, "skops"), downloaded(team, two, "mlflow")
    assert as_skops.headers["Content-Disposition"] == 'attachment; filename="line-v1.skops"'
    assert as_mlflow.headers["Content-Disposition"] == 'attachment; filename="line-v1-mlflow.zip"'
    assert AuditEntry.objects.filter(action="model.download").count() == 2
    assert content_of(as_skops) == stored
    with ZipFile(BytesIO(content_of(as_mlflow))) as folder:
        assert folder.read("model.skops") == stored and {"MLmodel", "requirements.txt", "code/easel_model.py"} <= set(folder.namelist())
    assert code(downloaded(team, two, "pickle")) == "unknown_format"


def test_versions_are_compared(team: Team, two: str) -> None:
    found = call(team, "viewer", "get", f"{two}/compare/?versions=1,2").json()
    assert [version["number"] for version in found["versions"]] == [1, 2]
    r2 = next(figure for figure in found["figures"] if figure["key"] == "r2")
    assert len(r2["values"]) == 2 and all(value > 0.99 for value in r2["values"]) and r2["rows"] == [20, 20]
    differing = [fact["name"] for fact in found["facts"] if fact["differs"]]
    assert differing == ["data: text"]
    assert [one["feature"] for one in found["importance"]] == ["a"]
    assert [each["verdict"] for each in found["compatibility"]] == ["same", "same"]
    for wrong in ("", "1", "1,x", "1,2,3,4,5,6,7,8,9,10,11"):
        assert call(team, "viewer", "get", f"{two}/compare/?versions={wrong}").status_code == 400
    assert call(team, "viewer", "get", f"{two}/compare/?versions=1,9").status_code == 404
