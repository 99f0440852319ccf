"""The API's own description."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.designer.conftest import Team


def test_every_operation_says_what_it_answers_and_how_it_refuses(team: Team, capfd: pytest.CaptureFixture[str]) -> None:
    described = json.loads(team.client("viewer").get("/api/schema/").content)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                answers = set(operation["responses"])
                assert {"4XX", "429"} <= answers and len(answers) > 2, (path, method)
    assert "Retry-After" in described["components"]["responses"]["TooMany"]["headers"]
    assert {"Error", "Problem", "Run", "Pipeline", "Graph", "Palette"} <= set(described["components"]["schemas"])
    assert "Error" not in capfd.readouterr().err, "drf-spectacular could not tell a form"


CANVAS = Path(__file__).parents[3] / "frontend" / "openapi.json"
REFRESH = "run: .venv/bin/python manage.py spectacular --format openapi-json --fail-on-warn --file frontend/openapi.json && (cd frontend && npm run types)"


def test_the_canvas_knows_the_api_as_it_is(tmp_path: Path) -> None:
    now = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", fail_on_warn=True, file=str(now))
    assert json.loads(CANVAS.read_text()) == json.loads(now.read_text()), REFRESH
