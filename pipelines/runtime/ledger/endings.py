"""How steps end without a result in the ledger: released, retried later, failed, skipped or cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from pipelines import events as say
from pipelines.execution.schedule import State
from pipelines.graph.problem import Problem
from pipelines.runtime.ledger.fans import FanLedger
from pipelines.runtime.ledger.leases import LAST_LEASE
from pipelines.runtime.ledger.sql import StepRow


class StepEndings(FanLedger):
    """The part of a run's ledger that ends steps which have no result."""

    def _release(self, step: StepRow, **changes: Any) -> None:
        """Release a step: it is cancelled if its run is being cancelled, else ready again."""
        if self.run.cancelling:
            return self._cancel(step)
        self.change(step, state=State.READY, owner="", lease_until=None, peak_bytes=None, **changes)
        self.record_event(say.step(step.node, state=State.READY, progress=None))
        self.wakeups += 1

    def _retry_later(self, step: StepRow, problem: Problem, seconds: float, tries: int) -> None:
        later = {"state": State.READY, "tries": step.tries + 1}
        ready_at = self.now + timedelta(seconds=seconds)
        self.change(step, **later, ready_at=ready_at, owner="", lease_until=None, peak_bytes=None)
        self.record_event(
            say.log(step.node, f"{problem.words} Retrying in {seconds:g}\u00a0s (attempt {step.tries} of {tries}).", "warning")
        )
        self.record_event(say.step(step.node, **later, ready_at=ready_at.isoformat(), progress=None))
        self.next_try = min(seconds, self.next_try or seconds)

    def _fail(self, step: StepRow, problem: Problem, seconds: float | None = None) -> None:
        error = problem.as_json()
        self.change(step, state=State.FAILED, error=error, finished_at=self.now, seconds=seconds, owner="", lease_until=None)
        told = {"failed_items": sum(fan.failed for fan in self.fans_of(step) if not fan.search)} if step.fans else {}
        self.record_event(
            say.step(step.node, state=State.FAILED, error=error, seconds=seconds, finished_at=self.timestamp, progress=None, **told)
        )
        if step.fans:
            self.revoke_chunks(step.node)
        cut_off = self.plan.shape.downstream([step.node])
        self.load(sorted(cut_off))
        self._skip(cut_off, f"{step.node}, which it depends on, failed.")
        if self.spec.stop_on_failure:
            self._begin_cancel()
            self._skip(self.steps, f"The run stops on first failure, and {step.node} failed.")

    def _begin_cancel(self) -> None:
        """Mark the run as cancelling. Healthy workers stop their steps; other workers lose theirs when the shortened leases expire."""
        self.run.cancelling = True
        self.load()
        for step in list(self.steps.values()):
            if step.state == State.FANNED:
                self._cancel(step)
            elif step.state == State.RUNNING:
                self.change(step, lease_until=self.now + LAST_LEASE)

    def _skip(self, nodes: Iterable[str], why: str) -> None:
        for step in [self.steps[node] for node in sorted(nodes)]:
            if step.state in (State.WAITING, State.READY):
                self.change(step, state=State.SKIPPED, why=why, finished_at=self.now)
                self.record_event(say.step(step.node, state=State.SKIPPED, why=why))

    def _cancel(self, step: StepRow) -> None:
        self.change(step, state=State.CANCELLED, finished_at=self.now, owner="", lease_until=None)
        self.record_event(say.step(step.node, state=State.CANCELLED, finished_at=self.timestamp, progress=None))
