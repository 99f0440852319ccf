"""A run that trained a line, and registering of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import TRAINED, WIRES, of_nodes


def trained(team: Team, slope: int = 2) -> Run:
    """A run whose model is a line with a slope."""
    rows = "a,y\n" + "\n".join(f"{number},{slope * number + 1}" for number in range(20))
    return of_nodes(team, {**TRAINED, "data": ("data.enter_data", {"text": rows})}, *WIRES)


def register(team: Team, run: Run, name: str = "line", who: str = "editor", **more: Any) -> Any:
    body = {"run": run.pk, "node": "train", "port": "model", "name": name, **more}
    return team.client(who).post("/api/models/", body, format="json")


@pytest.fixture
def two(team: Team) -> str:
    """A model with two versions; its id."""
    made = register(team, trained(team))
    assert register(team, trained(team, 3)).json()["version"] == 2
    return str(made.json()["id"])
