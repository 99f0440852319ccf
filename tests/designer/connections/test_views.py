"""The API of connections: what goes in as a secret does not come out."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from designer.audit.models import AuditEntry
from designer.connections import services
from designer.readers import PrivateHosts
from pipelines.models import Connection
from pipelines.outside import trial
from pipelines.runtime import connections, outside
from tests.designer.conftest import Team
from tests.support.web import site

MARKER = "S3kr1t-marker"
PLACE = {"address": "postgresql://ann@db.example/sales"}


def make(team: Team, who: str = "admin", **more: Any) -> Any:
    body = {"name": "sales", "kind": "database", "secret": MARKER, **PLACE, **more}
    return team.client(who).post("/api/connections/", body, format="json")


def put(team: Team, made: dict[str, Any], **body: Any) -> Any:
    return team.client("admin").put(f"/api/connections/{made['id']}/", body, format="json")


@pytest.fixture(autouse=True)
def _rules_of_this_test() -> Any:
    outside._allowed.cache_clear()
    yield
    outside._allowed.cache_clear()


def test_a_connection_is_made_and_its_secret_is_in_no_answer_row_or_column(team: Team) -> None:
    made = make(team)
    listed = team.client("viewer").get("/api/connections/")
    seen = team.client("viewer").get(f"/api/connections/{made.json()['id']}/")
    assert made.status_code == 201 and made.json()["has_secret"] and listed.json() == [made.json()] and seen.json() == made.json()
    assert MARKER not in made.content.decode() + listed.content.decode() + seen.content.decode()
    assert MARKER not in str(list(Connection.objects.values())) + str(list(AuditEntry.objects.values()))
    assert connections.decrypt(Connection.objects.get()).reveal() == MARKER
    assert AuditEntry.objects.get(action="connection.make").details == {"name": "sales", "kind": "database"}
    assert team.client("foreign").get("/api/connections/").json() == []


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": "Sales"}, "bad_request", "name"),
        ({"kind": "ftp"}, "bad_request", "kind"),
        ({"address": f"postgresql://ann:{MARKER}@db.example/sales"}, "secret_in_address", "address"),
        ({"address": "mysql://ann@db.example/sales"}, "unsupported_database", "address"),
        ({"kind": "http", "address": f"https://ann:{MARKER}@example.org"}, "secret_in_url", "address"),
        ({"kind": "s3", "address": "https://bucket"}, "bad_address", "address"),
        ({"kind": "s3", "address": "s3://bucket"}, "half_a_key", "user"),
        ({"kind": "http", "address": "https://example.org", "secret": f"{MARKER}\nX: y"}, "bad_token", "secret"),
        ({"kind": "folder", "address": "data"}, "bad_address", "address"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(team: Team, body: dict[str, str], code: str, field: str) -> None:
    refused = make(team, **body)
    assert refused.status_code in (400, 422) and (refused.json()["error"]["code"], refused.json()["error"]["field"]) == (code, field)
    assert MARKER not in refused.content.decode() and not Connection.objects.exists()


def test_a_name_is_given_once_and_a_workspace_has_a_limited_number(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    make(team)
    assert (make(team).status_code, make(team).json()["error"]["code"]) == (409, "name_taken")
    monkeypatch.setattr(services, "MOST_CONNECTIONS", 1)
    assert make(team, name="other").json()["error"]["code"] == "too_many_connections"


def test_a_stored_secret_does_not_follow_to_another_place(team: Team) -> None:
    """Who may change an address, but does not know the password, does not get it sent to a server of theirs."""
    made = make(team).json()
    refused = put(team, made, address="postgresql://ann@evil.example/sales")
    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"]["field"]) == (422, "secret_needed", "secret")
    assert Connection.objects.get().address == PLACE["address"]
    assert put(team, made, **PLACE).status_code == 200
    assert connections.decrypt(Connection.objects.get()).reveal() == MARKER
    moved = put(team, made, address="postgresql://ann@new.example/sales", secret="other")
    assert moved.status_code == 200 and connections.decrypt(Connection.objects.get()).reveal() == "other"
    assert not put(team, made, **PLACE, secret="").json()["has_secret"]


def test_a_test_uses_the_connection(team: Team, tmp_path: Path, settings: Any) -> None:
    sqlite3.connect(tmp_path / "a.db").execute("CREATE TABLE t (a)").connection.close()
    made = make(team, address=f"sqlite:///{tmp_path}/a.db", secret="").json()
    ask = f"/api/connections/{made['id']}/test/"
    refused = team.client("admin").post(ask)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "folder_not_allowed")
    settings.EASEL_IMPORT_FOLDERS = [tmp_path]
    outside._allowed.cache_clear()
    assert team.client("admin").post(ask).json() == {"words": "The database answers: 1 table."}
    folder = make(team, name="files", kind="folder", address=str(tmp_path), secret="").json()
    tested = team.client("admin").post(f"/api/connections/{folder['id']}/test/").json()
    assert tested == {"words": "The folder can be read: 1 entry at its top."}


def test_a_test_of_a_web_server_reaches_only_what_is_allowed(team: Team, settings: Any) -> None:
    with site() as server:
        made = make(team, kind="http", address=server.url).json()
        ask = f"/api/connections/{made['id']}/test/"
        assert team.client("admin").post(ask).json()["error"]["code"] == "address_not_allowed" and not server.asked
        settings.EASEL_PRIVATE_HOSTS = PrivateHosts(names=("127.0.0.1",))
        outside._allowed.cache_clear()
        assert team.client("admin").post(ask).json() == {"words": "The server answers."}
        assert server.asked[0][2]["Authorization"] == f"Bearer {MARKER}"


def test_an_old_key_still_opens_and_a_lost_one_gives_one_sentence(team: Team, settings: Any) -> None:
    make(team)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 60
    row = Connection.objects.get()
    refused = team.client("admin").post(f"/api/connections/{row.pk}/test/")
    assert refused.json()["error"]["code"] == "secret_locked" and "EASEL_OLD_SECRET_KEYS" in refused.json()["error"]["remedy"]
    assert connections.renew() == 1
    settings.SECRET_KEY_FALLBACKS = [before]
    assert connections.decrypt(row).reveal() == MARKER
    assert connections.renew() == 0
    settings.SECRET_KEY_FALLBACKS = []
    assert connections.decrypt(Connection.objects.get()).reveal() == MARKER


def test_connections_end_with_their_workspace(team: Team) -> None:
    make(team)
    team.client("owner").post("/api/workspaces/", {"name": "Other"}, format="json")
    assert team.client("owner").delete(f"/api/workspaces/{team.workspace.pk}/").status_code == 204
    assert not Connection.objects.exists()


def test_what_a_driver_says_unexpectedly_is_answered_without_the_secret(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(*_: object) -> str:
        raise RuntimeError(f"bad password {MARKER}")

    monkeypatch.setattr(trial, "_try", careless)
    refused = team.client("admin").post(f"/api/connections/{make(team).json()['id']}/test/")
    assert refused.json()["error"]["code"] == "connection_failed" and MARKER not in refused.content.decode()
