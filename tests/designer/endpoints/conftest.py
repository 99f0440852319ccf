"""Versions that are built and proven at once, without a run's results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from designer.endpoints import publishing, tasks
from designer.endpoints.models import EndpointVersion
from pipelines.models import Run
from pipelines.monitoring.profile import profile
from pipelines.monitoring.target import Target
from pipelines.monitoring.truth import Quality
from tests.designer.conftest import Team
from tests.designer.endpoints.serving.support import SIGNATURE

REFERENCE = profile(
    {"a": ("number", [place / 10 for place in range(1000)]), "make": ("text", ["bmw", "audi"] * 500)},
    {"sum": ("number", [place / 10 + 1 for place in range(1000)])},
    "1,000 held-out rows",
)


@pytest.fixture
def done_run(team: Team) -> Run:
    """A run whose steps are done."""
    return make_run(team)


def make_run(team: Team, **more: Any) -> Run:
    facts = {"scope": team.workspace.pk, "state": "done", "graph": {"nodes": {}}, "plan": {}, "created_at": timezone.now()}
    return Run.objects.create(**{**facts, **more})


@pytest.fixture
def proven(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Builds and proves what waits, as a worker would, with a bundle that holds nothing."""

    def build(version: EndpointVersion) -> publishing.Built:
        return publishing.Built(None, f"{version.number:064x}", b"", msgspec.to_builtins(SIGNATURE), dict(SIGNATURE.example))  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "build", build)
    monkeypatch.setattr(publishing, "prove", lambda *_: {"proven": True, "rows": 3, "max_difference": 0.0})
    monkeypatch.setattr(publishing, "reference", lambda *_: msgspec.to_builtins(REFERENCE))
    monkeypatch.setattr(publishing, "quality", lambda *_: msgspec.to_builtins(Quality(Target("numbers"))))
    return tasks.resume


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr("designer.endpoints.services.enqueue", sent.append)
    return sent
