"""The API's own description."""

from __future__ import annotations

import json

import pytest

from tests.designer.conftest import Team


def test_every_operation_says_what_it_answers_and_how_it_refuses(team: Team, capfd: pytest.CaptureFixture[str]) -> None:
    described = json.loads(team.client("viewer").get("/api/schema/").content)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                answers = set(operation["responses"])
                assert "4XX" in answers and len(answers) > 1, (path, method)
    assert {"Error", "Problem", "Run", "Pipeline", "Graph", "Palette"} <= set(described["components"]["schemas"])
    assert "Error" not in capfd.readouterr().err, "drf-spectacular could not tell a form"
