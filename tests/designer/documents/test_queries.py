"""A pipeline's last run is the last one of its draft, whoever else runs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from designer.documents import broadcast
from designer.documents.models import Pipeline
from designer.published.models import PublishedRun
from designer.schedules import scheduler
from designer.schedules.models import Tick
from pipelines import flow
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.published.conftest import pipeline, publish, published
from tests.designer.schedules.conftest import MINUTELY, START

__all__ = ["pipeline", "publish", "published"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What open canvases are told of runs."""
    found: list[Any] = []
    monkeypatch.setattr(broadcast, "announce", lambda _, message: found.append(message["type"]))
    monkeypatch.setattr("designer.schedules.services.timezone.now", lambda: START)
    monkeypatch.setattr(flow.sweep, "__kwdefaults__", {**flow.sweep.__kwdefaults__, "enqueue": lambda _: None})
    return found


def test_runs_of_schedules_sweeps_and_published_pipelines_are_listed_and_are_not_its_last(
    team: Team, pipeline: Pipeline, published: str, told: list[Any]
) -> None:
    editor, address = team.client("editor"), f"/api/pipelines/{pipeline.pk}"
    own = editor.post(f"{address}/runs/", {}, format="json").json()["id"]
    assert told.count("draft.run") == 1
    assert editor.post(f"/api/published/{published}/runs/", {}, format="json").status_code == 202
    assert editor.post("/api/sweeps/", {"pipeline": pipeline.pk, "values": {"share": [0.2, 0.3]}}, format="json").status_code == 201
    body = {"name": "Nightly", "pipeline": pipeline.pk, "graph": "draft", "times": MINUTELY}
    assert editor.post("/api/schedules/", body, format="json").status_code == 201
    scheduler.look(START + timedelta(minutes=1))
    assert Run.objects.count() == 5 and told.count("draft.run") == 1
    assert editor.get(f"{address}/").json()["last_run"]["id"] == own
    assert [each["last_run"]["id"] for each in editor.get("/api/pipelines/").json() if each["id"] == pipeline.pk] == [own]
    for kind in ("schedules", "published"):
        gone = editor.get(f"/api/{kind}/").json()[0]["id"]
        Tick.objects.update(ended="done")
        PublishedRun.objects.update(saved_at=START)
        assert team.client("admin").delete(f"/api/{kind}/{gone}/").status_code == 204
    assert editor.get(f"{address}/").json()["last_run"]["id"] == own, "runs of what was deleted are still not of the draft"
    listed = {(each["started_by"], each["sweep"] is not None) for each in editor.get(f"{address}/runs/").json()}
    assert listed == {("Editor", False), ("Editor (published halves)", False), ("Editor", True), ("Editor (schedule Nightly)", False)}
