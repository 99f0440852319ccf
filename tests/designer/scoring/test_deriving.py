"""Scoring graphs that a worker derives: kept by their content, made again when a value is gone, refused for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from designer.documents import services
from designer.documents.models import Pipeline
from designer.scoring import deriving, tasks
from designer.scoring.models import Derivation
from pipelines import flow
from pipelines.graph.problem import Problem
from pipelines.models import Run
from pipelines.serving.graph import CannotDerive
from tests.designer.conftest import Team
from tests.designer.runs.test_views import code, of_pipeline
from tests.support.scoring import houses


@pytest.fixture
def done(team: Team, settings: Any) -> Run:
    drawn = houses(("scale", ("transform.normalize", {"columns": ["size", "price"]})))
    return of_pipeline(team, services.make(team.workspace, team.people["editor"], document=flow.dump(flow.read(drawn))), drawn)


def test_a_worker_derives_and_the_result_is_kept_by_its_content(team: Team, done: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(deriving, "enqueue_derivation", sent.append)
    monkeypatch.setattr("designer.scoring.views.SOON_SECONDS", 0.0)
    monkeypatch.setattr(deriving.derivation, "__defaults__", (0.0,))
    address, viewer = f"/api/runs/{done.pk}/scoring/", team.client("viewer")
    going = viewer.get(address)
    assert (going.status_code, going.headers["Retry-After"]) == (202, "1")
    told = going.json()
    assert (told["state"], told["doing"], told["share"]) == ("deriving", "", 0.0)
    assert code(team.client("editor").post(f"{address}pipeline/")) == (409, "being_derived")
    assert viewer.get(address).status_code == 202 and len(sent) == 1  # one message, whoever asks
    tasks.resume()  # the message was lost
    monkeypatch.setattr("pipelines.flow.scoring_graph", lambda *_: pytest.fail("derived again"))
    first = viewer.get(address)
    assert first.status_code == 200 and viewer.get(address).json() == first.json()
    equal = of_pipeline(team, Pipeline.objects.get(pk=done.document), done.graph)
    assert viewer.get(f"/api/runs/{equal.pk}/scoring/").json() == first.json()


def test_narrowed_values_that_are_gone_are_made_again(team: Team, done: Run) -> None:
    address, editor = f"/api/runs/{done.pk}/scoring/", team.client("editor")
    editor.get(address)
    (narrowed,) = Derivation.objects.get().narrowed.values()
    flow.store(done.scope).path(narrowed["digest"]).unlink()
    assert code(editor.post(f"{address}pipeline/")) == (409, "being_derived")
    assert editor.post(f"{address}pipeline/").status_code == 201


def test_a_refusal_names_the_node_and_is_tried_again_later(team: Team, done: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as refusing:
        refusing.setattr("pipelines.flow.scoring_graph", refuses)
        refused = team.client("viewer").get(f"/api/runs/{done.pk}/scoring/")
    address = f"/api/runs/{done.pk}/scoring/"
    assert code(refused) == (422, "not_row_by_row") and refused.json()["error"]["node"] == "train"
    assert refused.json()["error"]["remedy"] == "Move it."
    assert code(team.client("viewer").get(address)) == (422, "not_row_by_row")
    monkeypatch.setattr(deriving, "FAILED_KEPT", timedelta(0))
    assert team.client("viewer").get(address).status_code == 200


def refuses(*_: Any) -> None:
    raise CannotDerive(Problem("not_row_by_row", "It looks at other rows.", node="train", remedy="Move it."))
