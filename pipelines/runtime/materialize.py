"""Materialize a deferred output on demand: a run up to its step, shared by concurrent requests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from pipelines.models import Run, Step
from pipelines.runtime.ledger import opening
from pipelines.runtime.queue import enqueue


def materialize(run: Run, node: str, enqueue: Callable[[str], object] = enqueue) -> Run:
    """Return the run that materializes a step's deferred output: an unfinished one, else a new one.

    It executes the frozen plan up to that step. Everything else is cached, so the result is saved under the step's own key. The run belongs
    to no document, since no user started it. Its id is derived from the key, so that concurrent requests cannot start two.
    """
    key = Step.objects.values_list("key", flat=True).get(run=run, node=node)
    for attempt in itertools.count():
        id = sha256(f"{run.scope} {key} {attempt}".encode()).hexdigest()[:32]
        found = Run.objects.filter(pk=id).first()
        if found is None:
            found = _start(id, run, node, enqueue)
        if found.finished_at is None:
            return found
    raise AssertionError("counting has no end")


def _start(id: str, run: Run, node: str, enqueue: Callable[[str], object]) -> Run:
    plan = run.read_plan().up_to(node)
    new = Run(id=id, scope=run.scope, graph=run.graph, plan=plan.as_json(), to=[node], limits=run.limits, created_at=timezone.now())
    try:
        with transaction.atomic():
            opening.open_run(new, plan)
    except IntegrityError:  # a concurrent request started it
        return Run.objects.get(pk=id)
    enqueue(new.id)
    return new
