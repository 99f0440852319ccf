"""A pipeline that can run, a schedule of it, and a scheduler that is called with a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from designer.documents import services as documents
from designer.documents.models import Pipeline
from designer.schedules import services
from designer.schedules.models import Kind, Schedule
from pipelines.models import Run
from tests.designer.conftest import Team

START = datetime(2027, 1, 4, 12, tzinfo=UTC)
DOCUMENT = {"format": 1, "name": "Cars", "nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}}}, "edges": []}
MINUTELY = {"rule": {"kind": "every", "minutes": 1, "anchor": START.isoformat()}, "zone": "UTC"}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs stay where they are: these tests end them themselves."""
    monkeypatch.setattr("pipelines.runtime.queue.send", lambda *_: True)


@pytest.fixture
def cars(team: Team) -> Pipeline:
    return documents.make(team.workspace, team.people["editor"], "Cars", documents.sound_document(DOCUMENT))


Make = Callable[..., Schedule]


@pytest.fixture
def minutely(team: Team, cars: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a schedule of every minute from START on."""

    def make(**more: Any) -> Schedule:
        monkeypatch.setattr("django.utils.timezone.now", lambda: START)
        asked = {"name": "Nightly", "times": MINUTELY, "graph": "draft", **more}
        return services.make(cars, Kind.TIMES, team.people["editor"], asked).schedule

    return make


def end(run: str | None, state: str = "done") -> None:
    """End a run without executing it."""
    Run.objects.filter(pk=run).update(state=state, finished_at=START)
