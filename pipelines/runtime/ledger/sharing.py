"""Steps that several runs of a sweep share: one run executes such a step, the others wait for it and reuse its result."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.db import connection

from pipelines.execution.schedule import State
from pipelines.graph.problem import Problem
from pipelines.models import Run, Step
from pipelines.runtime.ledger.sql import fetch

# A step is looked at again after this, and later the more runs wait, so that 200 of them cost a worker little.
LOOK_AGAIN_SECONDS, OF_EACH_SECONDS = 0.5, 0.1
_PLACE = f"{Run._meta.db_table} r INNER JOIN {Step._meta.db_table} s ON s.run_id = r.id"


@dataclass(frozen=True)
class Elsewhere:
    """What another run of the sweep made, or makes, of the same step: it is being executed there, or it failed."""

    run: str
    problem: Problem | None = None


def elsewhere(sweep: str, run: str, key: str) -> Elsewhere | None:
    """Return what another run of the sweep does with the step of this key; None when this one may execute it.

    Until the transaction ends, other runs of the sweep wait here, so that no two of them begin the same step (SQLite has a single writer anyway).
    Look into the cache after this, not before: the other run may have just finished.
    """
    if connection.features.has_select_for_update:
        fetch("SELECT pg_advisory_xact_lock(hashtext(%s))", [sweep])
    # A step whose items are executed keeps its fan-outs while it waits for its next claim.
    held = "(s.state IN ('running', 'fanned') OR (s.state = 'ready' AND s.fans > 0))"
    where = f"r.sweep = %s AND r.id <> %s AND s.key = %s AND ({held} OR s.state = 'failed')"
    # A chunk of items has the key of its step, and ends with it.
    rows = fetch(f"SELECT r.id, s.state, s.error FROM {_PLACE} WHERE {where} AND s.node NOT LIKE '%%#%%'", [sweep, run, key])
    busy = next((id for id, state, _ in rows if state != State.FAILED), None)
    if busy:
        return Elsewhere(busy)
    return next((Elsewhere(id, _problem(error)) for id, _, error in rows if error), None)


def seconds_to_wait(sweep: str) -> float:
    """Return after how many seconds to look again."""
    unfinished = Run.objects.filter(sweep=sweep, finished_at=None).count()
    return LOOK_AGAIN_SECONDS + OF_EACH_SECONDS * unfinished


def _problem(error: str) -> Problem:
    return msgspec.json.decode(error, type=Problem)
