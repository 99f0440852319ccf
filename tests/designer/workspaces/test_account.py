"""One's own account over REST: name, password, tokens with a scope and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rest_framework.test import APIClient

from designer.audit.models import AuditEntry
from designer.rate_table import table
from designer.workspaces import account
from designer.workspaces.links import make_sign_in_link
from designer.workspaces.models import ApiToken
from designer.workspaces.people import set_password
from tests.designer.conftest import Team

OLD, NEW = "correct horse 7", "another horse 8"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def token(team: Team, who: str = "owner", **asked: Any) -> APIClient:
    """A program with a token of its own."""
    made = team.client(who).post("/api/tokens/", {"name": "Script", **asked}, format="json")
    assert made.status_code == 201, made.content
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {made.json()['token']}")


def test_me(team: Team) -> None:
    told = team.client("editor").get("/api/me/").json()
    assert told["user"] == {"id": str(team.people["editor"].pk), "name": "Editor", "email": "editor@example.org"}
    assert told["workspaces"] == [{"id": team.workspace.pk, "name": "Team", "role": "editor"}]


def test_a_new_name_and_password(team: Team) -> None:
    client = team.client("editor")
    assert client.get("/api/me/").json()["needs_current_password"] is False
    assert client.patch("/api/me/", {"name": "Ed"}, format="json").json()["user"]["name"] == "Ed"
    assert code(client.patch("/api/me/", {"password": "short"}, format="json")) == (400, "weak_password")
    assert client.patch("/api/me/", {"password": "correct horse 7"}, format="json").status_code == 200
    assert code(client.patch("/api/me/", {"password": "another horse 8"}, format="json")) == (403, "wrong_password")
    asked = {"password": "another horse 8", "current_password": "correct horse 7"}
    assert client.patch("/api/me/", asked, format="json").status_code == 200
    assert client.get("/api/me/").status_code == 200


def test_a_token_is_shown_once_kept_hashed_and_ends_when_revoked(team: Team) -> None:
    client = team.client("viewer")
    made = client.post("/api/tokens/", {"name": "Script"}, format="json").json()
    assert len(made["token"]) > 40 and made["token"] not in str(list(ApiToken.objects.values()))
    assert "token" not in client.get("/api/tokens/").json()[0]
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {made['token']}")
    assert program.get("/api/me/").json()["user"]["email"] == "viewer@example.org"
    assert client.get("/api/tokens/").json()[0]["last_used_at"]
    assert client.delete(f"/api/tokens/{made['id']}/").status_code == 204
    assert code(program.get("/api/me/")) == (401, "signed_out")


@pytest.mark.parametrize("header", ["Bearer", "Bearer wrong", "Bearer a b", "Bearer \xff", "Basic abc"])
def test_a_header_that_is_no_token(db: None, header: str) -> None:
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=header)
    answer = program.get("/api/me/")
    assert code(answer) == (401, "signed_out") and answer.headers["WWW-Authenticate"] == "Bearer"


def change(client: APIClient, **asked: str) -> Any:
    return client.patch("/api/me/", asked, format="json")


def test_a_new_password_ends_other_sessions_and_all_tokens(team: Team) -> None:
    set_password(team.people["editor"], OLD)
    here, elsewhere, program = team.client("editor"), team.client("editor"), token(team, "editor")
    assert elsewhere.get("/api/me/").status_code == program.get("/api/me/").status_code == 200
    assert change(here, password=NEW, current_password=OLD).status_code == 200
    assert here.get("/api/me/").status_code == 200
    assert code(elsewhere.get("/api/me/")) == code(program.get("/api/me/")) == (401, "signed_out")
    row = AuditEntry.objects.get(action="me.edit")
    assert row.details == {"password": "changed", "tokens_ended": 1} and NEW not in str(vars(row))


def test_guessing_the_current_password_in_an_open_session_is_slowed(team: Team, settings: Any) -> None:
    settings.EASEL_RATES = table("password.change=2/minute")
    set_password(team.people["editor"], OLD)
    client = team.client("editor")
    found = [change(client, password=NEW, current_password="wrong") for _ in range(3)]
    assert [answer.status_code for answer in found] == [403, 403, 429] and found[-1].headers["Retry-After"]


def test_a_token_does_not_change_the_password(team: Team) -> None:
    program = token(team, "editor", scope="admin")
    assert code(change(program, password=NEW)) == (403, "needs_session")
    assert program.get("/api/me/").status_code == 200


def test_who_came_by_a_link_sets_a_new_password_for_half_an_hour(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    set_password(team.people["editor"], OLD)
    client = APIClient()
    client.get(make_sign_in_link(User.objects.get(username="editor@example.org")))
    assert client.get("/api/me/").json()["needs_current_password"] is False
    monkeypatch.setattr(account, "LINK_COUNTS_SECONDS", 0)
    assert client.get("/api/me/").json()["needs_current_password"] is True
    assert code(change(client, password=NEW)) == (403, "wrong_password")
    monkeypatch.undo()
    assert change(client, password=NEW).status_code == 200


def test_a_token_may_edit_and_ends_after_ninety_days_unless_it_is_asked_otherwise(team: Team) -> None:
    client = team.client("viewer")
    made = client.post("/api/tokens/", {"name": "a"}, format="json").json()
    ends = ApiToken.objects.get(pk=made["id"]).expires_at
    assert made["scope"] == "write" and ends is not None and abs(ends - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    never = client.post("/api/tokens/", {"name": "b", "scope": "read", "days": None}, format="json").json()
    assert (never["scope"], never["expires_at"]) == ("read", None)
    for wrong in ({"days": 0}, {"days": 4000}, {"scope": "all"}, {"days": "soon"}):
        assert client.post("/api/tokens/", {"name": "c", **wrong}, format="json").status_code == 400


def test_a_token_does_what_its_scope_allows_and_the_refusal_says_which_is_needed(team: Team) -> None:
    scopes = {scope: token(team, scope=scope) for scope in ("read", "write", "admin")}
    limits, new = f"/api/workspaces/{team.workspace.pk}/limits/", {"name": "x", "workspace": team.workspace.pk}
    for scope, reads, writes, rules in (("read", 200, 403, 403), ("write", 200, 201, 403), ("admin", 200, 201, 200)):
        program = scopes[scope]
        assert program.get(limits).status_code == reads
        assert program.post("/api/pipelines/", new, format="json").status_code == writes
        assert program.patch(limits, {"runs": 2}, format="json").status_code == rules
    said = scopes["read"].post("/api/pipelines/", new, format="json").json()["error"]
    assert said["code"] == "scope_too_low" and said["words"] == "This requires the scope write, but the token has the scope read."
    assert "Team page" in said["remedy"]


def test_a_token_that_ended_says_when_and_what_to_do(team: Team) -> None:
    program = token(team)
    ApiToken.objects.update(expires_at=timezone.now())
    answer = program.get("/api/me/")
    said = answer.json()["error"]
    assert code(answer) == (401, "token_expired") and answer.headers["WWW-Authenticate"] == "Bearer"
    assert "“Script” expired on" in said["words"] and "Create a new token" in said["remedy"]
    assert program.post("/api/workspaces/", {"name": "a"}, format="json").status_code == 401


def test_a_token_makes_none_that_outlives_it(team: Team) -> None:
    program = token(team, scope="admin", days=30)
    assert program.post("/api/tokens/", {"name": "a", "days": 29}, format="json").status_code == 201
    for days in (31, None):
        assert code(program.post("/api/tokens/", {"name": "a", "days": days}, format="json")) == (403, "outlives_token")


def test_guessing_tokens_is_slowed_and_a_good_token_still_works(team: Team, settings: Any) -> None:
    settings.EASEL_RATES = table("token.guess=5/minute")
    good = token(team)
    guesses = [APIClient(HTTP_AUTHORIZATION=f"Bearer easel_{number}").get("/api/me/") for number in range(7)]
    assert [answer.status_code for answer in guesses] == [401] * 5 + [429] * 2
    assert int(guesses[-1].headers["Retry-After"]) >= 1 and "Wait" in guesses[-1].json()["error"]["remedy"]
    assert good.get("/api/me/").status_code == 200


@pytest.mark.parametrize(
    ("name", "address", "body"),
    [
        ("workspace.make", "/api/workspaces/", {"name": "a"}),
        ("pipeline.make", "/api/pipelines/", {"name": "a"}),
        ("pipeline.make", "/api/samples/automobile_price/open/", {}),
        ("token.make", "/api/tokens/", {"name": "a"}),
        ("member.invite", "/api/workspaces/WORKSPACE/invitations/", {"role": "viewer"}),
        ("upload", "/api/datasets/", None),
        ("environment.build", "/api/environments/", {"name": "a"}),
        ("run.start", "/api/pipelines/PIPELINE/runs/", {}),
        ("run.start", "/api/runs/nothing/again/", {}),
    ],
)
def test_what_costs_is_limited_per_person_with_the_time_to_wait(
    team: Team, pipeline: Any, settings: Any, name: str, address: str, body: Any
) -> None:
    settings.EASEL_RATES = table(f"{name}=1/minute")
    address = address.replace("WORKSPACE", team.workspace.pk).replace("PIPELINE", pipeline.pk)
    form = "multipart" if body is None else "json"
    one, other = team.client("owner"), team.client("admin")
    assert one.post(address, body, format=form).status_code != 429
    answer = one.post(address, body, format=form)
    assert code(answer) == (429, "too_many") and 1 <= int(answer.headers["Retry-After"]) <= 60
    assert other.post(address, body, format=form).status_code != 429
    assert AuditEntry.objects.filter(status=429, outcome="refused", code="too_many").count() == 1


@pytest.mark.django_db(transaction=True)
def test_tokens_of_earlier_databases_keep_all_they_could_do_and_do_not_end() -> None:
    last = MigrationExecutor(connection).loader.graph.leaf_nodes()
    before = MigrationExecutor(connection)
    before.migrate([("workspaces", "0002_limits")])
    old = before.loader.project_state([("workspaces", "0002_limits")]).apps
    user = User.objects.create(username="ann@example.org")
    old.get_model("workspaces", "ApiToken").objects.create(id="a" * 32, user_id=user.pk, name="old", digest="d")
    MigrationExecutor(connection).migrate(last)
    found = ApiToken.objects.get(pk="a" * 32)
    assert (found.scope, found.expires_at) == ("admin", None)
