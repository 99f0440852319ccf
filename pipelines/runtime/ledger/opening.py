"""Opening runs: their rows, those of their steps, and their first event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from pipelines import events as say
from pipelines.compilation import Plan
from pipelines.events import Event
from pipelines.execution.schedule import State
from pipelines.models import Run
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.run_spec import RunSpec
from pipelines.runtime.ledger.sql import RunRow
from pipelines.runtime.ledger.unit_of_work import UnitOfWork
from pipelines.runtime.telemetry import broadcast, run_log


def open_run(run: Run, plan: Plan, alongside: Callable[[Run], object] = lambda _: None) -> None:
    """Insert a new run and its steps; steps without inputs are ready. `alongside` is called first, in the same transaction."""
    open_runs([(run, plan)], lambda: alongside(run))


def open_runs(runs: Sequence[tuple[Run, Plan]], alongside: Callable[[], object]) -> None:
    """Insert new runs and their steps in one transaction, after what is to be stored alongside."""
    with transaction.atomic():
        alongside()
        told = [(run, _insert(run, plan)) for run, plan in runs]
    for run, said in told:
        broadcast.publish(run.id, said)
        run_log.log_events(run.id, run.scope, said)


def _insert(run: Run, plan: Plan) -> list[Event]:
    run.remaining = len(plan.steps)
    run.save(force_insert=True)
    needs = ((node, len(step.needs)) for node, step in plan.steps.items())
    sql.add_steps(run.id, ((node, missing, State.WAITING if missing else State.READY) for node, missing in needs))
    row = RunRow(run.id, run.state, run.cancelling, run.remaining, run.last_event)
    unit = UnitOfWork(row, RunSpec.of(run, plan), run.created_at)
    unit.record_event(say.run(state=State.WAITING))
    return unit.flush()
