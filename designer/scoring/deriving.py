"""Scoring graphs: a worker derives them, since that loads models, executes steps and may start a sandbox; web processes read what it stored."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from designer.http.errors import Refusal
from designer.scoring.models import Derivation, DerivationState
from designer.scoring.refusing import telling
from designer.scoring.tasks import enqueue_derivation
from pipelines import flow
from pipelines.models import Run

SOON_SECONDS, LONGEST_SECONDS = 1.0, 15.0  # that a request waits
LOOK_EVERY_SECONDS = 0.05
FAILED_KEPT = timedelta(seconds=20)  # what stood against it may have passed, such as a sandbox that could not be made


def require_finished(run: Run) -> None:
    """Check that a run has finished.

    Raises:
        Refusal: 409 while it has not.
    """
    if run.state not in flow.TERMINAL:
        words = f"This run has not finished: it is {run.state}."
        raise Refusal(409, "still_going", words, remedy="Wait until it has finished.")


def derive(run: Run, scored: str | None) -> flow.ScoringGraph:
    """The scoring graph of a run, derived by a worker if it is not stored.

    Raises:
        Refusal: As `derivation` and `graph_of`.
    """
    return graph_of(derivation(run, scored))


def derivation(run: Run, scored: str | None, seconds: float = LONGEST_SECONDS) -> Derivation:
    """The row of the scoring graph of a run; a worker is asked for it if it is not there, and waited for.

    Raises:
        Refusal: 409 while the run has not finished; 422 when no step of it gives these scores.
    """
    require_finished(run)
    with telling():
        output = flow.scored_output(run, scored)
    row, until = _row(run, output), time.monotonic() + seconds
    while row.state == DerivationState.DERIVING and time.monotonic() < until:
        time.sleep(LOOK_EVERY_SECONDS)
        row = Derivation.objects.filter(pk=row.pk).first() or row
    return row


def _row(run: Run, scored: str) -> Derivation:
    """The row of an output; one of an earlier content, such as of an earlier version of Easel, is replaced."""
    content, mine = flow.scoring_content(run, scored), Derivation.objects.filter(run=run, scored=scored)
    with transaction.atomic():
        Derivation.objects.filter(content=content, state=DerivationState.FAILED, made_at__lt=timezone.now() - FAILED_KEPT).delete()
        row, new = Derivation.objects.get_or_create(content=content, defaults={"run": run, "scored": scored})
        if new:
            mine.exclude(pk=row.pk).delete()
    if new:
        enqueue_derivation(row.pk)
    return row


def graph_of(row: Derivation) -> flow.ScoringGraph:
    """The scoring graph of a row.

    Raises:
        Refusal: 409 while it is being derived; 422 with the node and the reason when none follows; 410 when a value is lost.
    """
    if row.state == DerivationState.DERIVING:
        words = "The scoring graph of this run is being derived."
        raise Refusal(409, "being_derived", words, remedy="Try again in a moment.")
    if row.refusal:
        raise Refusal(**row.refusal)
    return msgspec.json.decode(row.graph, type=flow.ScoringGraph)


def narrowed_values(row: Derivation) -> dict[str, flow.Output]:
    """The records of the pinned values that are narrowed to columns, by node of the scoring graph.

    Raises:
        Refusal: 409 when one of them is no longer stored, because nothing used it: then it is derived again.
    """
    found = {node: flow.Output.from_json(record) for node, record in row.narrowed.items()}
    try:
        for output in found.values():
            flow.store(row.run.scope).path(output.digest)
    except flow.Damaged:
        row.delete()
        words = "The scoring graph of this run is derived again, because a value of it is no longer stored."
        raise Refusal(409, "being_derived", words, remedy="Try again.") from None
    return found
