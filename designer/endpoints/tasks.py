"""Celery tasks of endpoints: build and prove a version. The row is leased, so that a killed worker's version is built by another one."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from designer.endpoints import publishing, samples, shares, truth
from designer.endpoints.alarms import judge_all_requests
from designer.endpoints.models import EndpointVersion, VersionState
from designer.endpoints.monitoring import judge_due
from designer.endpoints.moves import announce, move
from designer.http.errors import Refusal
from pipelines import flow

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
TASK = "endpoints.publish"
GOING = (VersionState.BUILDING, VersionState.PROVING)
LOST = f"{MOST_ATTEMPTS} workers were lost while they built it, probably because they ran out of memory."


def enqueue(version: str) -> None:
    """Wake a worker for a version. Delivery is best effort: `resume` repeats it."""
    flow.send(TASK, version)


@shared_task(name="endpoints.resume", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def resume() -> None:
    """Build the versions whose message or worker was lost. Beat calls it."""
    for version in _due().values_list("pk", flat=True):
        publish(version)


@shared_task(name="endpoints.judge", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def judge() -> None:
    """Judge the windows of monitoring that are over, and the requests of the last minutes. Beat calls it."""
    judge_due(timezone.now())
    judge_all_requests(timezone.now())


@shared_task(name="endpoints.tend", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def tend() -> None:
    """Delete kept rows that are too old, and make datasets of them; judge truth that arrived. Beat calls it."""
    samples.tend(timezone.now())
    truth.judge(timezone.now())
    truth.forget(timezone.now())


@shared_task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def publish(version: str) -> None:
    """Build and prove a version, unless another worker does; once it is proven, it takes its share of the requests."""
    held = EndpointVersion.claim(_due().filter(pk=version), LEASE, state=VersionState.BUILDING)
    if held is None:
        return
    if held.attempt > MOST_ATTEMPTS:
        held.release(state=VersionState.FAILED, reason=LOST)
        return
    with held.kept(LEASE):
        try:
            made = publishing.build(held)
            held.renew(LEASE, state=VersionState.PROVING)
            parity = publishing.prove(held, made)
            profile, quality = publishing.reference(held, made), publishing.quality(held, made)
        except publishing.CannotPublish as wrong:
            held.release(state=VersionState.FAILED, reason=str(wrong), parity=wrong.parity)
            return
        except Exception as stray:
            log.exception("version %s of endpoint %s failed unexpectedly", held.number, held.endpoint_id)
            # The text of a stray error may name a path of the machine.
            reason = f"It stopped with an unexpected error ({type(stray).__name__}); the log of the worker has it."
            held.release(state=VersionState.FAILED, reason=reason)
            return
    _finish(held, made, parity=parity, profile=profile, quality=quality)


def _due() -> QuerySet[EndpointVersion]:
    return EndpointVersion.objects.filter(EndpointVersion.unheld(), state__in=GOING)


def _finish(held: EndpointVersion, made: publishing.Built, **found: dict[str, Any]) -> None:
    """Mark the version as ready and move its share, in one transaction; without effect when the lease was lost."""
    ready = {"state": VersionState.READY, "reason": "", "ready_at": timezone.now(), "node": held.node}
    with transaction.atomic():
        kept = {"bundle": made.bundle, "signature": made.signature, "example": made.example, **found}
        if not held.release(**ready, **kept):
            return
        announce()
        if held.share:
            try:
                _take_share(held)
            except Refusal as refused:
                EndpointVersion.objects.filter(pk=held.pk).update(reason=f"It took no requests: {refused}")


def _take_share(held: EndpointVersion) -> None:
    with transaction.atomic():
        move(held.endpoint, lambda now: shares.with_canary(now, held.number, held.share), by=held.by, kind="publish", why=held.why)
