"""Celery task: a message names a run; the worker executes ready steps until there is none."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection

from pipelines import events as say
from pipelines.catalogue.allowance import memory_allowed
from pipelines.catalogue.connection import Connection
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.execution import targets
from pipelines.execution.checkpoint_file import CheckpointFile
from pipelines.execution.codecs import load as load_value
from pipelines.execution.deferred import find_faulty_input, output_mode, value_of
from pipelines.execution.fan import Chunk, Replay, node_of
from pipelines.execution.memory import step_bytes
from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.execution.step import Outcome, Stopped, execute_step, unexpected_error
from pipelines.execution.store import Damaged
from pipelines.execution.targets import selection
from pipelines.execution.targets.job_folder import failed
from pipelines.graph.problem import Problem
from pipelines.models import Run, Step
from pipelines.procfs import Peak
from pipelines.runtime import outside
from pipelines.runtime.environments import directories
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Claim, Fence, Seen, StepEnd
from pipelines.runtime.ledger.fans import Stale
from pipelines.runtime.ledger.run_spec import RunSpec, spec_of
from pipelines.runtime.ledger.turns import turns
from pipelines.runtime.queries.receipts import tell_damage
from pipelines.runtime.queue import enqueue, enqueue_next
from pipelines.runtime.storage.artifacts import ValueCache, store
from pipelines.runtime.telemetry.log_context import log_context
from pipelines.runtime.worker import strategies
from pipelines.runtime.worker.chunks import execute_chunk, listed_items, opened_at, results_before
from pipelines.runtime.worker.isolated import execute_isolated
from pipelines.runtime.worker.patience import patiently
from pipelines.runtime.worker.process import commits_protected, is_ending, owner, working_on
from pipelines.runtime.worker.reporter import StepReporter

log = logging.getLogger(__name__)
SLICE_SECONDS, SHARED_SLICE_SECONDS = 2.0, 0.5  # then other runs get a turn, sooner when another user has a run
_values = ValueCache()


@shared_task(name="pipelines.work", ignore_result=True)  # type: ignore[untyped-decorator]  # celery has no types
def work(run: str) -> None:
    """Execute ready steps, depth first: of the run in the message, or of another user whose turn it is."""
    with commits_protected():
        for turn in turns(run):
            try:
                if work_on(turn.run, enqueue, is_shared=turn.is_shared):
                    return turn.served()
            except Run.DoesNotExist:
                log.info("run %s is gone; its message comes late", turn.run)


def work_on(
    run: str,
    enqueue: Callable[[str, int, float], bool | None],
    slice_seconds: float = SLICE_SECONDS,
    is_shared: Callable[[], bool] = lambda: False,
) -> bool:
    """Claim, execute and commit steps of a run until none is ready or the time slice is over; returns whether there was any.

    Args:
        run: The run.
        enqueue: Wakes further workers: the run, the number of messages, and a delay in seconds. Returns False when it cannot.
        slice_seconds: The maximum length of the slice in seconds.
        is_shared: Called now and then: whether other users wait, which ends the slice.
    """
    until, ask_at = time.monotonic() + slice_seconds, time.monotonic() + SHARED_SLICE_SECONDS
    near: str | None = None
    end: StepEnd | None = None
    did = False
    seen: dict[str, Seen] = {}
    while True:
        if end and ask_at < time.monotonic() < until:
            ask_at = time.monotonic() + SHARED_SLICE_SECONDS
            until = 0.0 if is_shared() else until
        in_time = time.monotonic() < until and not is_ending()
        unit, claim = _commit_and_claim(run, end, near, in_time, seen)
        did = did or bool(unit.changes)
        if end and end.outcome and end.outcome.outputs:
            CheckpointFile.of(end.claim.key, store(unit.spec.scope)).forget()
        end = None
        messages, next_try = unit.wakeups + (not in_time and unit.run.remaining > 0), unit.next_try
        if messages and enqueue(run, messages, 0.0) is False and not in_time and not is_ending():
            until, ask_at = time.monotonic() + slice_seconds, float("inf")  # the broker is away, and nobody else would go on
            continue
        if next_try:
            enqueue(run, 1, next_try)
        enqueue_next(unit, lambda waiting: enqueue(waiting, 1, 0.0))
        if claim is None and not unit.unverified and unit.unseen is None:
            return did
        for digest in unit.unverified:  # between two transactions, since this may take a while
            store(unit.spec.scope).has(digest)
        if unit.unseen is not None:
            seen[unit.unseen] = outside.look(unit.spec.step(unit.unseen), unit.spec.scope, run)
        if claim:
            end, near = execute(run, unit.spec, claim), claim.node
            if end.outcome is None:  # stopped: the run was cancelled or this worker stops: the remaining steps are for others
                until = 0.0


def _commit_and_claim(
    run: str, end: StepEnd | None, near: str | None, in_time: bool, seen: Mapping[str, Seen]
) -> tuple[ledger.Ledger, Claim | None]:
    """Commit the end of a step and claim the next one, in one transaction. Retries while the database is away, and while a search has gone on."""
    again = False

    def commit() -> tuple[ledger.Ledger, Claim | None]:
        with ledger.open_ledger(run) as unit:
            if again:
                _release_unknown_claims(unit, near)
            if end and not unit.settle(end) and end.outcome:
                log.warning("run %s: step %s attempt %s came late; somebody else holds it", run, end.claim.node, end.claim.attempt)
            return unit, unit.claim(owner(), near, seen) if in_time and not unit.run.cancelling else None

    def failed() -> None:
        nonlocal again
        again = True

    while True:
        try:
            return patiently(commit, failed)
        except Stale:
            assert end
            end = strategies.with_next(run, spec_of(run), end)


def _release_unknown_claims(unit: ledger.Ledger, known: str | None) -> None:
    """Release steps that this process claimed without receiving the answer: the claim was committed before the connection failed."""
    held = Step.objects.filter(run_id=unit.run.id, state=State.RUNNING, owner=owner()).exclude(node=known or "")
    for node, attempt in held.values_list("node", "attempt"):
        unit.stop(Fence(node, attempt))


def execute(run: str, spec: RunSpec, claim: Claim) -> StepEnd:
    """Execute a claimed step; returns what to commit."""
    started, peak = time.perf_counter(), Peak()
    reporter = StepReporter(run, claim)
    try:
        with working_on(claim.id), log_context(run=run, node=claim.node, workspace=spec.scope):
            outcome = _outcome(run, spec, claim, reporter)
    except Stopped:
        if not connection.in_atomic_block:
            connection.close()  # it may have interrupted a query, whose answer is still on its way
        return StepEnd(claim, None, reporter.close())
    except Damaged as damage:
        outcome = Outcome(
            problem=Problem(
                "damaged_input",
                f"A stored input of the step is damaged ({damage}).",
                node_of(claim.node),
                remedy="Run again to recompute it.",
            )
        )
    except (OperationalError, InterfaceError):  # the database is away for long: no fault of the step, which recovery starts again
        reporter.close()
        raise
    except UNFORESEEN as stray:  # such as an input that cannot be read
        outcome = unexpected_error(catalogue().modules[spec.step(claim.node).module].title, node_of(claim.node), stray)
    seconds = time.perf_counter() - started
    peak_bytes = peak.bytes() if outcome.peak_bytes is None else outcome.peak_bytes
    problem = outcome.problem and replace(outcome.problem, words=say.readable(outcome.problem.words))
    trace = [say.log(claim.node, line, "error") for line in outcome.trace.splitlines()]
    left = replace(outcome, values={}, problem=problem, peak_bytes=peak_bytes)  # values that are not cached are freed
    said = [*reporter.close(), *trace]
    if left.fan is None or left.lost:
        return StepEnd(claim, left, said, seconds)
    end = StepEnd(claim, left, said, seconds)
    if left.fan.strategy:
        return strategies.with_next(run, spec, end)
    return end if Chunk.of(claim.node) else replace(end, asked=listed_items(claim, left, spec))


def _outcome(run: str, spec: RunSpec, claim: Claim, reporter: StepReporter) -> Outcome:
    step, scope = spec.step(claim.node), spec.scope
    if spec.verifies and not (claim.fans or Chunk.of(claim.node)):
        tell_damage(spec.verifies, claim.node, reporter)
    datasets = {name: Output.from_json(record) for name, record in step.datasets.items()}
    seconds, memory = spec.limits_of(step.node)
    may_take = targets.Limits.of(seconds, memory)
    job = targets.Job(step, catalogue().modules[step.module], claim.inputs, datasets, store(scope), may_take, run, directories())
    try:
        known = outside.connections_of(job.step, job.module, scope, run)
    except ModuleError as wrong:
        return failed(job, wrong)
    secrets = [each.secret for each in known.values()]
    reporter.hide(secrets)
    here = partial(_execute_here, job, scope, claim, reporter, known)
    with memory_allowed(memory or step_bytes()), outside.reach_of(run, step.node):
        outcome = outside.without(selection.execute(job, here, partial(execute_isolated, claim, job, listener=reporter)), secrets)
    for port, output in outcome.outputs.items():
        if not output.deferred and port in outcome.values:
            _values.put(scope, output, outcome.values[port])
    return outcome


def _execute_here(job: targets.Job, scope: str, claim: Claim, reporter: StepReporter, known: Mapping[str, Connection]) -> Outcome:
    """Execute a step in this process, with values from its memory where possible."""
    files, load = job.store, partial(_values.get, scope)
    inputs = {port: [value_of(output, claim.upstream, load) for output in outputs] for port, outputs in claim.inputs.items()}
    given: dict[str, Any] = {name: load_value(output, files) for name, output in job.datasets.items()} | dict(known)
    manner = output_mode(job.module, claim.key, claim.inputs, claim.upstream, claim.may_defer)
    keeper = CheckpointFile.of(claim.key, files)

    chunk = Chunk.of(claim.node)

    def replay() -> Outcome:
        opened = None if chunk or not claim.fans else opened_at(job.run, claim.node)
        runner = Replay(results_before(job.run, claim, files), reporter, silent=chunk is not None, opened=opened)
        return execute_step(job.step, job.module, inputs, given, files, runner, manner, keeper, runner)

    outcome = execute_chunk(claim, chunk, job, reporter, replay) if chunk else replay()
    if job.step.execution.target == "ray" and outcome.fan is None and not (chunk or claim.fans):
        reporter.log("This step has no items, and only items are executed on the Ray cluster: it was executed by the worker.", "info")
    problem = outcome.problem
    if problem and problem.code == "query_failed" and (found := find_faulty_input(claim.upstream, load, files)):
        node, wrong = found
        words = f"{node}, which is computed together with this step: {wrong.words}"
        return Outcome(problem=replace(problem, code=wrong.code, words=words, node=node, remedy=wrong.remedy))
    return outcome
