"""Proofs by a worker: a lost worker's proof is made by another one, and what a former holder writes has no effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from designer.http.errors import Refusal
from designer.scoring import tasks
from designer.scoring.deriving import graph_of
from designer.scoring.models import Derivation, ParityProof
from pipelines.models import Run
from pipelines.serving.parity import ParityReport
from tests.designer.conftest import Team
from tests.designer.endpoints.conftest import make_run


@pytest.fixture
def asked(team: Team) -> ParityProof:
    run: Run = make_run(team)
    return ParityProof.objects.create(run=run, scored="score.table", made_by=team.people["editor"])


@pytest.fixture(autouse=True)
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_made", lambda _: {"state": "made", "digest": "d"})


def test_a_proof_whose_worker_was_lost_is_made_by_another_and_fails_after_three(asked: ParityProof) -> None:
    row = ParityProof.objects.filter(pk=asked.pk)
    row.update(attempt=1, lease_until=timezone.now() + timedelta(seconds=20))
    tasks.resume()
    assert row.get().state == "proving"  # its lease holds
    row.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume()
    assert (row.get().state, row.get().digest) == ("made", "d")
    row.update(state="proving", attempt=tasks.MOST_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume()
    assert row.get().state == "failed" and "memory" in row.get().reason


def test_a_scoring_graph_whose_worker_was_lost_is_derived_by_another_and_fails_after_three(
    asked: ParityProof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_derived", lambda _: {"state": "made", "graph": "{}"})
    made = Derivation.objects.create(run=asked.run, scored="score.table", content="c", attempt=1)
    row = Derivation.objects.filter(pk=made.pk)
    row.update(lease_until=timezone.now() + timedelta(seconds=20))
    tasks.resume()
    assert row.get().state == "deriving"  # its lease holds
    row.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume()
    assert (row.get().state, row.get().graph, row.get().lease_until) == ("made", "{}", None)
    row.update(state="deriving", attempt=tasks.MOST_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    tasks.resume()
    assert row.get().state == "failed" and "memory" in row.get().refusal["words"]


def test_an_unexpected_error_of_a_derivation_is_told_without_a_traceback(asked: ParityProof, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("x")

    monkeypatch.setattr("pipelines.flow.scoring_graph", fails)
    made = Derivation.objects.create(run=asked.run, scored="score.table", content="c")
    tasks.derive(made.pk)
    with pytest.raises(Refusal, match="ValueError: x"):
        graph_of(Derivation.objects.get())


def test_who_lost_the_lease_writes_nothing(asked: ParityProof, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_over(held: ParityProof) -> dict[str, str]:
        ParityProof.objects.filter(pk=held.pk).update(attempt=9)
        return {"state": "made"}

    monkeypatch.setattr(tasks, "_made", taken_over)
    tasks.prove(asked.pk)
    assert ParityProof.objects.get().state == "proving"


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Refusal(410, "result_lost", "Lost.", remedy="Run again."), "Lost. Run again."), (ValueError("x"), "ValueError: x")],
)
def test_what_stands_against_it_is_the_reason(asked: ParityProof, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str) -> None:
    monkeypatch.undo()

    def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr("pipelines.flow.scoring_graph", fails)
    tasks.prove(asked.pk)
    found = ParityProof.objects.get()
    assert found.state == "failed" and words in found.reason and found.lease_until is None


def test_how_far_it_is_is_told_while_it_is_made(asked: ParityProof, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("pipelines.flow.scoring_graph", lambda *_: None)
    monkeypatch.setattr("pipelines.flow.scoring_bundle", lambda *_: b"")
    monkeypatch.setattr("pipelines.flow.scored_output", lambda *_: "score.table")
    seen: list[tuple[str, float]] = []

    def proves(*given: Any) -> ParityReport:
        given[-1]("The same rows, one in each request", 0.25)
        told = team.client("viewer").get(f"/api/runs/{asked.run_id}/scoring/parity/").json()
        seen.append((told["doing"], told["share"]))
        ParityProof.objects.filter(pk=asked.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert team.client("viewer").get(f"/api/runs/{asked.run_id}/scoring/parity/").json()["doing"] == ""
        return ParityReport(True, True, 1, 1e-12, 0.0, "tables", "", (), {})

    monkeypatch.setattr("pipelines.flow.parity_of", proves)
    tasks.prove(asked.pk)
    assert seen == [("The same rows, one in each request", 0.25)]
    told = team.client("viewer").get(f"/api/runs/{asked.run_id}/scoring/parity/").json()
    assert (told["state"], told["doing"], told["share"]) == ("made", "", 1.0)
