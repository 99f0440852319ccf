"""The run ledger: writer of run, step and event rows, one short transaction per call under the run's row lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import msgspec
from django.db import transaction

from pipelines import events as say
from pipelines.catalogue.discover import catalogue
from pipelines.events import Event
from pipelines.execution.deferred import find_upstream, may_defer
from pipelines.execution.fan import Chunk, node_of
from pipelines.execution.fingerprint import Inputs, ingredients, key_of
from pipelines.execution.losses import MOST_LOSSES, give_up_reason
from pipelines.execution.output import Output, public_outputs
from pipelines.execution.schedule import TERMINAL, State
from pipelines.graph.problem import Problem
from pipelines.runtime.ledger import estimates, quota, result_cache, sharing, sql
from pipelines.runtime.ledger.claim import NONE_SEEN, Claim, Fence, Seen, StepEnd, unknown_module, why_it_runs
from pipelines.runtime.ledger.endings import StepEndings
from pipelines.runtime.ledger.leases import LEASE
from pipelines.runtime.ledger.run_spec import RunSpec, spec_of
from pipelines.runtime.ledger.sql import CachedResult, RunRow, StepRow
from pipelines.runtime.telemetry import broadcast, run_log


class Ledger(StepEndings):
    """State changes of a run within one transaction. Create it with `open_ledger`."""

    def __init__(self, run: RunRow, spec: RunSpec, now: datetime) -> None:
        super().__init__(run, spec, now)
        self.unverified: Sequence[str] = ()
        self.unseen: str | None = None

    def record_events(self, fence: Fence, said: Sequence[Event]) -> bool:
        """Record the events of a running step. Returns False, and records nothing, when the attempt no longer holds it."""
        held = self.fenced(fence) is not None
        for event in said if held else ():
            self.record_event(event)
        return held

    def settle(self, end: StepEnd) -> bool:
        """Commit how a claimed step ended. Returns False, and changes nothing, when the attempt no longer holds it.

        Raises:
            Stale: When the strategy of its search must be asked again.
        """
        if not self.record_events(end.claim, end.events):
            return False
        if end.outcome is None:
            return self.stop(end.claim)
        if end.outcome.lost:
            return self.lose(end.claim, end.outcome.lost)
        if end.outcome.problem:
            if end.outcome.of_items:
                self.record_items(end.claim, end.outcome.items)
            seconds = None if end.outcome.of_items else end.seconds
            return self.fail(end.claim, end.outcome.problem, seconds, transient=end.outcome.transient)
        if Chunk.of(end.claim.node):
            return self.end_chunk(end.claim, end.outcome, end.seconds, end.asked)
        if end.outcome.fan and end.asked:
            return self.stop(end.claim) if self.run.cancelling else self.open_fan(end.claim, end.outcome.fan, end.asked)
        return self.finish(end.claim, end.outcome.outputs, end.seconds, end.outcome.peak_bytes)

    def finish(self, claim: Claim, outputs: Mapping[str, Output], seconds: float, peak_bytes: int | None = None) -> bool:
        """Commit a step's results unless its attempt no longer holds it; returns whether they were committed.

        Args:
            claim: The claim under which the step was executed.
            outputs: The outputs by port.
            seconds: The execution time in seconds.
            peak_bytes: The memory growth of the process at its peak, in bytes.
        """
        step = self.fenced(claim)
        if step is None:
            return False
        self.step_outputs[step.node] = outputs
        fanned = self.fans_of(step)
        if fanned:  # from its first claim on
            seconds += (self.now - fanned[0].opened_at).total_seconds()
        left = {"state": State.DONE, "seconds": seconds, "peak_bytes": peak_bytes}
        self.change(step, **left, outputs=outputs, finished_at=self.now, owner="", lease_until=None)
        told = {**left, "failed_items": failed} if (failed := sum(fan.failed for fan in fanned if not fan.search)) else left
        self.record_event(
            say.step(step.node, **told, outputs=msgspec.to_builtins(public_outputs(outputs)), finished_at=self.timestamp, progress=None)
        )
        if not failed:  # so that the next run executes the items that failed
            self._cache_result(claim, outputs, seconds, peak_bytes)
        self._unlock(step.node)
        return True

    def fail(self, fence: Fence, problem: Problem, seconds: float | None = None, *, transient: bool = False) -> bool:
        """Commit a step's failure and skip the steps that can no longer start; same fence as `finish`.

        A transient failure releases the step for a retry, up to the number of retries of its node.
        """
        step = self.fenced(fence)
        if step is None:
            return False
        options = self.spec.step(step.node).execution
        most = options.retries_after(problem.code)
        if transient and step.tries < most and not self.run.cancelling:
            self._retry_later(step, problem, options.backoff(step.tries + 1), most)
        elif (chunk := Chunk.of(step.node)) and seconds is None:  # by a limit, not by its module
            self._fail_strategy(step, self.fail_chunk(step, chunk, problem))
        else:
            self._fail(self.step(node_of(step.node)), problem, seconds)
        return True

    def stop(self, fence: Fence) -> bool:
        """Release a running step that was stopped, which is no loss; same fence as `finish`."""
        step = self.fenced(fence)
        if step is None:
            return False
        self._release(step)
        return True

    def lose(self, fence: Fence, why: str, large: int | None = None) -> bool:
        """Release a step of a dead worker, or fail it after too many losses, or at once if it was `large`; same fence as `finish`."""
        step = self.fenced(fence)
        if step is None:
            return False
        losses = step.losses + 1
        if self.run.cancelling:
            self._release(step)
        elif chunk := Chunk.of(step.node):
            self.record_event(say.log(step.node, f"{why} Its items are started again.", "warning"))
            self._fail_strategy(step, self.lose_chunk(step, chunk, large))
        elif problem := give_up_reason(step.node, losses, large):
            self._fail(step, problem)
        else:
            self.record_event(say.log(step.node, f"{why} The step is restarted ({losses} of {MOST_LOSSES - 1}).", "warning"))
            self._release(step, losses=losses)
        return True

    def cancel(self) -> None:
        """Cancel the steps that have not started. Workers stop the running ones; the lease of an unresponsive worker expires."""
        if self.run.state in TERMINAL or self.run.cancelling:
            return
        self._begin_cancel()
        for step in self.steps.values():
            if step.state in (State.WAITING, State.READY):
                self._cancel(step)

    def claim(self, owner: str, near: str | None = None, seen: Mapping[str, Seen] = NONE_SEEN) -> Claim | None:
        """Claim one ready step, preferably a consumer of `near`; steps with a cached result are finished on the way.

        Returns:
            The claim. None when nothing is ready, when the run waits for a quota, when the files of a cached result must be verified
            first (`unverified` lists them), or when the source of a step is not in `seen` and must be looked at first (`unseen`).
        """
        if self.run.state == State.WAITING and not quota.admit(self.run.id):
            return None
        while (step := self._next_ready(near)) is not None:
            planned = self.spec.step(step.node)
            if planned.module not in catalogue().modules:
                self._start_run()
                self._fail(self.step(planned.node), unknown_module(planned.node, planned.module))
                continue
            module, source = catalogue().modules[planned.module], seen.get(planned.node)
            if module.freshness and source is None:
                self.unseen = planned.node
                return None
            inputs = {port: [self.outputs(end.node)[end.port] for end in ends] for port, ends in planned.sources.items()}
            made_of = ingredients(planned, module, inputs, source.ingredient(self.run.id) if source else None)
            key, forced = key_of(made_of), self.spec.is_forced(step.node)
            upstream = find_upstream(self.plan, planned.node, self.outputs)
            deferrable = may_defer(self.plan, planned.node, upstream)
            fans = step.fans > 0 or Chunk.of(step.node) is not None
            if self.spec.sweep and not (forced or fans) and (other := sharing.elsewhere(self.spec.sweep, self.run.id, key)):
                self._leave_to(other, step, key, self.spec.sweep)
                continue
            found = None if forced or fans else result_cache.lookup(self.spec.scope, key, deferred=deferrable)
            if isinstance(found, result_cache.Unverified):
                self.unverified = found.digests
                return None
            if found:
                self._reuse(step, key, found, source.freshness.why if source else "")
                continue
            if not (forced or deferrable or fans) and (problem := estimates.check_fits(self.spec, planned, inputs)):
                self._fail(step, problem)
                continue
            taken = self._take(step, owner, key, made_of, inputs, why_it_runs(source, forced=forced))
            return replace(taken, upstream=upstream, may_defer=deferrable)
        return None

    def _leave_to(self, other: sharing.Elsewhere, step: StepRow, key: str, sweep: str) -> None:
        """Let a step wait for another run of the sweep that executes it, or fail as it failed there."""
        if other.problem:
            self._start_run()
            self.change(step, key=key)
            return self._fail(step, replace(other.problem, remedy=other.problem.remedy or "Fix it, then run again."))
        seconds, why = sharing.seconds_to_wait(sweep), f"Run {other.run[:8]} of the same sweep executes this step. It waits for its result."
        if step.ready_at is None:
            self.record_event(say.step(step.node, why=why))
        self.change(step, ready_at=self.now + timedelta(seconds=seconds), why=why)
        self.next_try = min(seconds, self.next_try or seconds)

    def _fail_strategy(self, chunk: StepRow, problem: Problem | None) -> None:
        if problem:
            self._fail(self.step(node_of(chunk.node)), problem)

    def _take(self, step: StepRow, owner: str, key: str, made_of: Mapping[str, Any], inputs: Inputs, why: str) -> Claim:
        attempt = step.attempt + 1
        self.wakeups = max(0, self.wakeups - 1)
        taken = {"state": State.RUNNING, "attempt": attempt, "why": why}
        self.change(step, **taken, owner=owner, lease_until=self.now + LEASE, started_at=self.now, ready_at=None, key=key)
        self._start_run()
        self.record_event(say.step(step.node, **taken, started_at=self.timestamp, progress=None))
        return Claim(step.node, attempt, step.id, key, made_of, inputs, step.fans)

    def _start_run(self) -> None:
        if self.run.state == State.WAITING:
            self.run.state, self.run.started_at = State.RUNNING, self.now
            self.run_changes.add("started_at")
            self.record_event(say.run(state=State.RUNNING, started_at=self.timestamp))

    def _next_ready(self, near: str | None) -> StepRow | None:
        close = (self.ready[node] for node in self.plan.feeds.get(near or "", ()) if node in self.ready)
        due = (step for step in chain(close, self.ready.values()) if step.ready_at is None or step.ready_at <= self.now)
        if (found := next(due, None)) or self.all_loaded:
            return found
        found = sql.first_ready(self.run.id, self.now, [self.steps[node].id for node in self.changes])
        return self.track(found) if found else None

    def _reuse(self, step: StepRow, key: str, known: CachedResult, more: str) -> None:
        self.reused[step.node] = known
        self.wakeups = max(0, self.wakeups - 1)
        if len(self.reused) == 2:  # a run with cached results reuses all of them: load the rest in one query
            self.load()
        self._start_run()
        why = f"Nothing it depends on changed since run {known.run[:8]} of {known.at} UTC." + (f" {more}" if more else "")
        self.step_outputs[step.node] = known.outputs
        left = {"state": State.DONE, "reused": True, "why": why, "seconds": 0.0}
        self.change(step, **left, outputs=known.text, key=key, started_at=self.now, finished_at=self.now)
        self.record_event(
            say.step(step.node, **left, outputs=msgspec.to_builtins(public_outputs(known.outputs)), finished_at=self.timestamp)
        )
        self._unlock(step.node)

    def _unlock(self, node: str) -> None:
        feeds = self.plan.feeds[node]
        self.load(feeds)
        for reader in feeds:
            step = self.steps[reader]
            if step.state != State.WAITING:
                continue
            missing = step.missing - 1
            self.change(step, missing=missing, **({} if missing else {"state": State.READY}))
            self.wakeups += not missing

    def _cache_result(self, claim: Claim, outputs: Mapping[str, Output], seconds: float, peak_bytes: int | None) -> None:
        step = self.plan.steps[claim.node]
        made = {"run": self.run.id, "node": step.node, "module": step.module, "ingredients": claim.ingredients}
        took = {"seconds": seconds, "peak_bytes": peak_bytes, "input_bytes": estimates.input_bytes(step, claim.inputs)}
        sql.save_result({"scope": self.spec.scope, "key": claim.key, "outputs": outputs, "created_at": self.now, **made, **took})


@contextmanager
def open_ledger(run: str) -> Iterator[Ledger]:
    """Open a run's ledger: one transaction under the run's row lock; events are published after the commit."""
    with transaction.atomic():
        locked, now = sql.lock_run(run)
        unit = Ledger(locked, spec_of(run), now)
        yield unit
        said = unit.flush()
    if said:
        broadcast.publish(run, said)
        run_log.log_events(run, unit.spec.scope, said)
