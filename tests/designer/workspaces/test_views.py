"""Workspaces and their members over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from designer.datasets.resolver import WorkspaceDatasets
from designer.workspaces.models import Membership, Workspace
from pipelines import flow
from pipelines.models import Run
from tests.designer.conftest import Team


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def member(team: Team, who: str) -> str:
    return f"/api/workspaces/{team.workspace.pk}/members/{team.people[who].pk}/"


def test_the_last_owner_stays(team: Team) -> None:
    owner = team.client("owner")
    assert code(owner.patch(member(team, "owner"), {"role": "admin"}, format="json")) == (409, "last_owner")
    assert code(owner.delete(member(team, "owner"))) == (409, "last_owner")
    assert owner.patch(member(team, "admin"), {"role": "owner"}, format="json").status_code == 200
    assert owner.delete(member(team, "owner")).status_code == 204
    assert owner.get(f"/api/workspaces/{team.workspace.pk}/members/").status_code == 404


def test_nobody_gives_or_takes_a_role_above_their_own(team: Team) -> None:
    admin = team.client("admin")
    assert code(admin.patch(member(team, "viewer"), {"role": "owner"}, format="json")) == (403, "role_too_low")
    assert code(admin.patch(member(team, "owner"), {"role": "viewer"}, format="json")) == (403, "role_too_low")
    assert code(admin.delete(member(team, "owner"))) == (403, "role_too_low")
    assert code(admin.post(f"/api/workspaces/{team.workspace.pk}/invitations/", {"role": "owner"}, format="json")) == (403, "role_too_low")
    assert admin.patch(member(team, "viewer"), {"role": "admin"}, format="json").json()["role"] == "admin"


def test_members_come_leave_and_are_who_they_are(team: Team) -> None:
    admin, address = team.client("admin"), f"/api/workspaces/{team.workspace.pk}/members/"
    assert code(admin.post(address, {"email": "nobody@example.org", "role": "viewer"}, format="json")) == (404, "unknown_person")
    assert admin.post(address, {"email": "Foreign@Example.org", "role": "viewer"}, format="json").status_code == 201
    assert code(admin.post(address, {"email": "foreign@example.org", "role": "editor"}, format="json")) == (409, "already_member")
    assert team.client("foreign").delete(member(team, "foreign")).status_code == 204
    assert code(admin.delete(f"{address}999999/")) == (404, "not_found")
    assert code(admin.delete(f"{address}abc/")) == (404, "not_found")
    assert admin.post(address, {"email": "x", "role": "king"}, format="json").status_code == 400


def test_workspaces_are_made_renamed_and_deleted_with_what_they_hold(team: Team) -> None:
    client = team.client("viewer")
    made = client.post("/api/workspaces/", {"name": "Mine"}, format="json").json()
    assert made["role"] == "owner"
    assert client.patch(f"/api/workspaces/{made['id']}/", {"name": "Ours"}, format="json").json()["name"] == "Ours"
    assert client.delete(f"/api/workspaces/{made['id']}/").status_code == 204
    assert not Workspace.objects.filter(pk=made["id"]).exists()
    assert code(client.post("/api/workspaces/", {"name": ""}, format="json")) == (400, "bad_request")


DRAWN = {"format": 1, "name": "Prices", "nodes": {"data": {"module": "data.enter_data", "params": {"text": "a\n1"}, "position": [0, 0]}}}


def test_a_workspace_with_a_run_that_goes_on_stays_and_then_goes_with_all_it_kept(
    team: Team, django_capture_on_commit_callbacks: Any
) -> None:
    client, address = team.client("owner"), f"/api/workspaces/{team.workspace.pk}/"
    graph = {**DRAWN, "edges": [], "parameters": {}, "frames": [], "notes": []}
    made = client.post("/api/pipelines/", {"graph": graph, "workspace": team.workspace.pk}, format="json").json()
    run = client.post(f"/api/pipelines/{made['id']}/runs/", {}, format="json").json()
    file = flow.store(team.workspace.pk).scratch()
    file.write_bytes(b"rows")
    kept, _ = flow.store(team.workspace.pk).keep(file)
    assert code(client.delete(address)) == (409, "runs_going")
    assert client.get(f"/api/pipelines/{made['id']}/").status_code == 200
    client.post(f"/api/runs/{run['id']}/cancel/")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address).status_code == 204
    assert not Run.objects.filter(scope=team.workspace.pk).exists()
    assert not flow.store(team.workspace.pk).has(kept)


def test_a_person_who_was_shut_out_is_out(team: Team) -> None:
    client = team.client("editor")
    Membership.objects.filter(user=team.people["editor"]).delete()
    assert code(client.get(f"/api/pipelines/?workspace={team.workspace.pk}")) == (404, "not_found")
    team.people["editor"].is_active = False
    team.people["editor"].save()
    assert client.get("/api/me/").status_code == 401


def test_a_write_by_session_needs_the_csrf_token(team: Team) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(team.people["editor"])
    assert code(client.post("/api/pipelines/", {"name": "x"}, format="json")) == (403, "forbidden")
    page = Client(enforce_csrf_checks=True)
    page.force_login(team.people["editor"])
    token = page.get("/").cookies["csrftoken"].value
    assert page.post("/api/pipelines/", '{"name": "x"}', "application/json", headers={"X-CSRFToken": token}).status_code == 201


def limits(team: Team) -> str:
    return f"/api/workspaces/{team.workspace.pk}/limits/"


@pytest.mark.parametrize("address", ["imports/?dataset=%00", "notices/?endpoint=a%00b", "pipelines/?workspace=%00"])
def test_no_database_is_asked_for_a_nul(team: Team, address: str) -> None:
    refused = team.client("viewer").get(f"/api/{address}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")


def test_limits_are_what_the_admin_says(team: Team) -> None:
    client = team.client("admin")
    nothing = dict.fromkeys(["runs", "step_memory_bytes", "step_seconds", "store_bytes", "retention_days"])
    assert client.get(limits(team)).json() == {"own": nothing, "installation": nothing, "in_force": nothing}
    told = client.patch(limits(team), {"runs": 2, "retention_days": 30}, format="json").json()
    assert told["own"] == told["in_force"] == {**nothing, "runs": 2, "retention_days": 30}
    assert client.patch(limits(team), {"runs": None}, format="json").json()["own"] == {**nothing, "retention_days": 30}


def test_no_workspace_is_above_the_installation(team: Team, settings: Any) -> None:
    settings.EASEL_LIMITS = {"step_seconds": 60}
    client = team.client("admin")
    assert client.get(limits(team)).json()["in_force"]["step_seconds"] == 60
    assert code(client.patch(limits(team), {"step_seconds": 61}, format="json")) == (400, "above_installation")
    assert client.patch(limits(team), {"step_seconds": 30}, format="json").json()["in_force"]["step_seconds"] == 30
    team.workspace.refresh_from_db()
    settings.EASEL_LIMITS = {"step_seconds": 20}
    assert team.workspace.limits_in_force().step_seconds == 20


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"step_seconds": "soon"}, {"store_bytes": -1}, {"retention_days": 10**9}])
def test_limits_that_are_none_are_refused(team: Team, wrong: dict[str, Any]) -> None:
    assert team.client("admin").patch(limits(team), wrong, format="json").status_code == 400


def test_runs_keep_the_limits_they_started_with_and_waiting_ones_get_new_ones(team: Team, pipeline: Any) -> None:
    graph = flow.read({"nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}})
    how: dict[str, Any] = {
        "scope": team.workspace.pk,
        "datasets": WorkspaceDatasets(team.workspace),
        "enqueue": lambda _: None,
        "limits": flow.Limits(runs=1),
    }
    going, waiting = flow.start(graph, **how), flow.start(graph, **how)
    Run.objects.filter(pk=going.pk).update(state="running")
    team.client("admin").patch(limits(team), {"runs": 3}, format="json")
    assert [Run.objects.get(pk=run.pk).limits for run in (going, waiting)] == [{"runs": 1}, {"runs": 3}]
