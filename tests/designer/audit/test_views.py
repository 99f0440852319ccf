"""Reading the trail: who may, filters, pages and files; and what the rows of ordinary work say."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from designer.audit.models import AuditEntry
from designer.workspaces.people import set_password
from tests.designer.conftest import Team, make_team

PASSWORD = "correct horse 7"


def trail_of(team: Team, **query: str) -> Any:
    return team.client("admin").get(f"/api/workspaces/{team.workspace.pk}/audit/", query)


def rows(team: Team, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = trail_of(team, **query).json()["entries"]
    return found


async def text(answer: Any) -> str:
    return b"".join([piece async for piece in answer]).decode()


def work(team: Team) -> str:
    """Somebody makes a pipeline, somebody is refused, a role changes."""
    made = team.client("editor").post("/api/pipelines/", {"name": "=Cars", "workspace": team.workspace.pk}, format="json").json()
    team.client("viewer").delete(f"/api/pipelines/{made['id']}/")
    team.client("foreign").delete(f"/api/pipelines/{made['id']}/")
    address = f"/api/workspaces/{team.workspace.pk}/members/{team.people['viewer'].pk}/"
    team.client("owner").patch(address, {"role": "editor"}, format="json")
    return str(made["id"])


def test_an_admin_reads_who_did_what_to_what_and_how_it_ended(team: Team) -> None:
    pipeline = work(team)
    told = [
        (row["who"], row["action"], row["kind"], row["subject"], row["name"], row["outcome"], row["code"], row["via"]) for row in rows(team)
    ]
    viewer = str(team.people["viewer"].pk)
    assert told == [
        ("owner@example.org", "member.change", "person", viewer, "viewer@example.org", "allowed", "", "session"),
        ("foreign@example.org", "pipeline.delete", "pipeline", pipeline, "=Cars", "refused", "not_found", "session"),
        ("viewer@example.org", "pipeline.delete", "pipeline", pipeline, "=Cars", "refused", "role_too_low", "session"),
        ("editor@example.org", "pipeline.make", "pipeline", pipeline, "=Cars", "allowed", "", "session"),
    ]
    newest = rows(team)[0]
    assert newest["details"] == {"role": "editor", "was": "viewer"} and newest["words"] == "change a role"
    assert newest["address"] == "127.0.0.1" and len(newest["request_id"]) == 32


def test_filters_and_pages(team: Team) -> None:
    work(team)
    assert [row["who"] for row in rows(team, who="VIEWER")] == ["viewer@example.org"]
    assert len(rows(team, action="pipeline.delete")) == 2 and len(rows(team, outcome="refused")) == 2
    assert len(rows(team, since="2026-01-01")) == 4 and rows(team, until="2026-01-01") == []
    first = trail_of(team, limit="3").json()
    rest = trail_of(team, limit="3", before=str(first["next"])).json()
    assert [len(first["entries"]), len(rest["entries"]), rest["next"]] == [3, 1, None]
    assert {row["id"] for row in first["entries"]}.isdisjoint(row["id"] for row in rest["entries"])


@pytest.mark.parametrize(
    "query", [{"action": "x"}, {"outcome": "x"}, {"since": "yesterday"}, {"until": "2026-99-99"}, {"limit": "-1"}, {"before": "x"}]
)
def test_a_filter_that_cannot_be_is_refused_with_its_name(team: Team, query: dict[str, str]) -> None:
    answer = trail_of(team, **query)
    assert answer.status_code == 400 and answer.json()["error"]["field"] == next(iter(query))
    assert answer.json()["error"]["remedy"]


async def test_the_files_hold_the_same_and_no_formula(transactional_db: None) -> None:
    team = await sync_to_async(make_team)()
    await sync_to_async(work)(team)
    address = f"/api/workspaces/{team.workspace.pk}/audit/export/"
    client = await sync_to_async(team.client)("admin")
    as_csv = await sync_to_async(client.get)(address, {"as": "csv"})
    table = list(csv.DictReader(io.StringIO(await text(as_csv))))
    assert [row["action"] for row in table] == ["pipeline.make", "pipeline.delete", "pipeline.delete", "member.change"]
    assert table[0]["name"] == "'=Cars" and 'filename="audit-Team.csv"' in as_csv.headers["Content-Disposition"]
    as_lines = await sync_to_async(client.get)(address, {"as": "jsonl", "outcome": "refused"})
    lines = [json.loads(line) for line in (await text(as_lines)).splitlines()]
    assert [line["code"] for line in lines] == ["role_too_low", "not_found"]
    assert (await sync_to_async(client.get)(address, {"as": "xlsx"})).status_code == 400
    exported = await sync_to_async(lambda: AuditEntry.objects.filter(action="audit.export").count())()
    assert exported == 3


def test_nobody_below_admin_and_nobody_elsewhere_reads_it(team: Team) -> None:
    work(team)
    address = f"/api/workspaces/{team.workspace.pk}/audit/"
    assert [team.client(who).get(address).status_code for who in ("foreign", "viewer", "editor", "owner")] == [404, 403, 403, 200]


def test_each_person_sees_their_own_sign_ins_and_what_was_tried_with_their_account(team: Team) -> None:
    editor = team.people["editor"]
    set_password(editor, PASSWORD)
    browser = Client()
    browser.post("/sign-in", {"email": "editor@example.org", "password": "wrong"}, REMOTE_ADDR="10.0.0.9")
    browser.post("/sign-in", {"email": "editor@example.org", "password": PASSWORD})
    browser.post("/sign-out")
    Client().post("/sign-in", {"email": "my secret typed here", "password": "wrong"})
    found = team.client("editor").get("/api/me/sign-ins/").json()["entries"]
    assert [(row["action"], row["outcome"], row["code"], row["address"]) for row in found] == [
        ("page.sign_out", "allowed", "", "127.0.0.1"),
        ("page.sign_in", "allowed", "", "127.0.0.1"),
        ("page.sign_in", "refused", "wrong_password", "10.0.0.9"),
    ]
    assert team.client("viewer").get("/api/me/sign-ins/").json()["entries"] == []
    assert AuditEntry.objects.filter(name="(no email)").count() == 1, "what was typed may be a password"


def test_forged_requests_are_listed_with_the_account_whose_session_came_along(team: Team) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(team.people["editor"])
    assert browser.post("/api/pipelines/", "{}", "application/json").status_code == 403
    assert browser.post("/sign-out").status_code == 403
    assert Client(enforce_csrf_checks=True).post("/sign-in", {"email": "editor@example.org", "password": "x"}).status_code == 403
    wanted = ("action", "user_name", "outcome", "code", "via", "address")
    assert list(AuditEntry.objects.order_by("pk").values_list(*wanted)) == [
        ("pipeline.make", "editor@example.org", "refused", "csrf", "session", "127.0.0.1"),
        ("page.sign_out", "editor@example.org", "refused", "csrf", "session", "127.0.0.1"),
        ("page.sign_in", "", "refused", "csrf", "", "127.0.0.1"),
    ]
