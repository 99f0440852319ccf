"""`manage.py disable_account`."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from designer.audit.models import AuditEntry
from tests.designer.conftest import Team


def test_sessions_and_tokens_end_and_tokens_do_not_come_back(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    browser = team.client("editor")
    token = browser.post("/api/tokens/", {"name": "nightly"}, format="json").json()["token"]
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert program.get("/api/me/").status_code == 200
    call_command("disable_account", "Editor@example.org")
    assert "Tokens revoked: 1" in capsys.readouterr().out
    assert browser.get("/api/me/").status_code == 401 and program.get("/api/me/").status_code == 401
    call_command("disable_account", "editor@example.org", "--enable")
    assert program.get("/api/me/").status_code == 401
    assert list(AuditEntry.objects.filter(via="command").values_list("action", flat=True)) == ["account.disable", "account.enable"]


def test_an_unknown_person_is_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match="There is no account with"):
        call_command("disable_account", "nobody@example.org")
