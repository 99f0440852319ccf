"""Celery tasks of scoring graphs: derive them, and prove parity. The rows are leased, so that what a killed worker did is done by another one."""

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
from designer.scoring.models import Derivation, DerivationState, ParityProof, ProofState
from designer.scoring.refusing import telling
from pipelines import flow

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
TELL_EVERY_SECONDS = 0.5
TASK, DERIVE_TASK = "scoring.prove", "scoring.derive"
DERIVING = "The scoring pipeline is derived"
LOST = f"{MOST_ATTEMPTS} workers were lost while they did it, probably because they ran out of memory."


def enqueue(proof: int) -> None:
    """Wake a worker for a proof. Delivery is best effort: `resume` repeats it."""
    flow.send(TASK, proof)


def enqueue_derivation(row: int) -> None:
    """Wake a worker for a scoring graph. Delivery is best effort: `resume` repeats it."""
    flow.send(DERIVE_TASK, row)


@shared_task(name="scoring.resume", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def resume() -> None:
    """Derive and prove what has lost its message or its worker. Beat calls it."""
    for row in _to_derive().values_list("pk", flat=True):
        derive(row)
    for proof in _due().values_list("pk", flat=True):
        prove(proof)


@shared_task(name=DERIVE_TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def derive(row: int) -> None:
    """Derive a scoring graph, unless another worker does."""
    held = Derivation.claim(_to_derive().filter(pk=row), LEASE, doing="", share=0.0)
    if held is None:
        return
    if held.attempt > MOST_ATTEMPTS:
        refusal = {
            "status": 422,
            "code": "workers_lost",
            "words": LOST,
            "remedy": "Try again in a minute, or on a machine with more memory.",
        }
        held.release(state=DerivationState.FAILED, refusal=refusal, made_at=timezone.now())
        return
    with held.kept(LEASE):
        found = _derived(held)
    held.release(**found, made_at=timezone.now())


def _to_derive() -> QuerySet[Derivation]:
    return Derivation.objects.filter(Derivation.unheld(), state=DerivationState.DERIVING)


def _derived(held: Derivation) -> dict[str, Any]:
    """The scoring graph, or why there is none."""
    try:
        with telling():
            scoring = flow.scoring_graph(held.run, held.scored, output_of, _told(held))
            narrowed = {pin.node: flow.pinned_output(held.run, pin).as_json() for pin in scoring.pinned if pin.only is not None}
    except Refusal as refused:
        told = {name: value for name, value in refused.body["error"].items() if value is not None}
        return {"state": DerivationState.FAILED, "refusal": {"status": refused.status, **told}}
    except Exception as stray:
        log.exception("the scoring graph of run %s failed unexpectedly", held.run_id)
        words = f"The scoring graph was not derived. It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
        return {"state": DerivationState.FAILED, "refusal": {"status": 422, "code": "unexpected_error", "words": words}}
    return {"state": DerivationState.MADE, "graph": msgspec.json.encode(scoring).decode(), "narrowed": narrowed}


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


def _told(held: ParityProof | Derivation) -> Callable[[str, float], None]:
    """A function that stores how far the work is, at most twice a second."""
    last = 0.0

    def tell(doing: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY_SECONDS:
            held.renew(LEASE, doing=doing[:200], share=share)
            last = time.monotonic()

    return tell
