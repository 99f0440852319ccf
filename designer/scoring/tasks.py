"""Celery tasks of scoring graphs: make the proof of parity. The row is leased, so that a killed worker's proof is made by another one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from blake3 import blake3
from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone

from designer.http.errors import Refusal
from designer.runs.queries import output_of
from designer.scoring.models import ParityProof, ProofState
from designer.scoring.refusing import telling
from pipelines import flow

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
TELL_EVERY_SECONDS = 0.5
TASK = "scoring.prove"
DERIVING = "The scoring pipeline is derived"
LOST = f"{MOST_ATTEMPTS} workers were lost while they proved it, probably because they ran out of memory."


def enqueue(proof: int) -> None:
    """Wake a worker for a proof. Delivery is best effort: `resume` repeats it."""
    flow.send(TASK, proof)


@shared_task(name="scoring.resume", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def resume() -> None:
    """Make the proofs whose message or worker was lost. Beat calls it."""
    for proof in _due().values_list("pk", flat=True):
        prove(proof)


@shared_task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def prove(proof: int) -> None:
    """Make a proof, unless another worker does."""
    held = ParityProof.claim(_due().filter(pk=proof), LEASE, doing=DERIVING, share=0.0)
    if held is None:
        return
    if held.attempt > MOST_ATTEMPTS:
        held.release(state=ProofState.FAILED, reason=LOST, made_at=timezone.now())
        return
    with held.kept(LEASE):
        found = _made(held)
    held.release(**found, made_at=timezone.now())


def _due() -> QuerySet[ParityProof]:
    return ParityProof.objects.filter(ParityProof.unheld(), state=ProofState.PROVING)


def _made(held: ParityProof) -> dict[str, Any]:
    """The report, or why there is none."""
    run = held.run
    try:
        with telling():
            scoring = flow.scoring_graph(run, held.scored, output_of)
            bundle = flow.scoring_bundle(run, scoring)
            report = flow.parity_of(run, scoring, bundle, output_of, _told(held))
    except Refusal as refused:
        return {"state": ProofState.FAILED, "reason": " ".join(filter(None, (str(refused), refused.body["error"]["remedy"])))}
    except Exception as stray:
        log.exception("the proof of run %s failed unexpectedly", held.run_id)
        return {"state": ProofState.FAILED, "reason": f"It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"}
    return {"state": ProofState.MADE, "digest": blake3(bundle).hexdigest(), "report": msgspec.to_builtins(report)}


def _told(held: ParityProof) -> Callable[[str, float], None]:
    """A function that stores how far the proof is, at most twice a second."""
    last = 0.0

    def tell(doing: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY_SECONDS:
            held.renew(LEASE, doing=doing[:200], share=share)
            last = time.monotonic()

    return tell
