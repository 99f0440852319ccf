"""The API's own description."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
from django.core.management import call_command

from designer.http.openapi import components
from designer.workspaces.models import Role
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


ROOT = Path(__file__).parents[3]


@dataclass
class Part:
    text: str
    pair: tuple[int, str] | None = None


class Shape(msgspec.Struct):
    title: str
    default: Role
    parts: list[Part] = []
    absent: int | msgspec.UnsetType = msgspec.UNSET


def test_a_struct_describes_what_is_sent() -> None:
    found = components(Shape)
    assert set(found) == {"Shape", "Part"}
    assert found["Shape"]["properties"]["default"] == {"type": "string", "enum": list(Role.values)}, "enums stand in their places"
    assert found["Shape"]["required"] == ["title", "default", "parts"], "a default is sent, an unset field is not"
    assert found["Part"]["required"] == ["text", "pair"]
    assert found["Shape"]["properties"]["parts"] == {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}


def test_no_two_structs_of_the_api_share_a_name() -> None:
    modules = [import_module(f"designer.{path.parent.name}.schemas") for path in ROOT.glob("designer/*/schemas.py")]
    found = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)}
    assert len(modules) > 5 and len(found) == len({kind.__name__ for kind in found})


def test_a_list_of_structs_is_a_list(team: Team) -> None:
    operation = json.loads(team.client("viewer").get("/api/schema/").content)["paths"]["/api/runs/"]["get"]
    shown = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert (operation["operationId"], shown) == ("runs_list", {"type": "array", "items": {"$ref": "#/components/schemas/RunBrief"}})


CANVAS = ROOT / "frontend" / "openapi.json"
REFRESH = "run: .venv/bin/python manage.py spectacular --format openapi-json --fail-on-warn --file frontend/openapi.json && (cd frontend && npm run types)"


def test_the_canvas_knows_the_api_as_it_is(tmp_path: Path) -> None:
    now = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", fail_on_warn=True, file=str(now))
    assert json.loads(CANVAS.read_text()) == json.loads(now.read_text()), REFRESH
