"""Unit of work: rows read, changes and events of one transaction, flushed at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count

from pipelines import events as say
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import REPORT
from pipelines.events import Event
from pipelines.execution.fan import CHUNK_MARK, node_of
from pipelines.execution.output import Output
from pipelines.execution.schedule import TERMINAL, State, verdict
from pipelines.models import Step
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.run_spec import RunSpec
from pipelines.runtime.ledger.sql import CachedResult, RunRow, StepRow


class UnitOfWork:
    """A run under its lock: its row, the loaded steps, and their changes."""

    def __init__(self, run: RunRow, spec: RunSpec, now: datetime) -> None:
        self.run, self.spec, self.plan, self.now, self.timestamp = run, spec, spec.plan, now, now.isoformat()
        self.wakeups = 0
        self.next_try: float | None = None
        self._events: list[Event] = []
        self.steps: dict[str, StepRow] = {}
        # The ready ones among them, so that a run of a thousand cached results does not scan all steps for each.
        self.ready: dict[str, StepRow] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.all_loaded = False
        self.step_outputs: dict[str, Mapping[str, Output]] = {}
        self.run_changes: set[str] = set()
        self.reused: dict[str, CachedResult] = {}

    def step(self, node: str) -> StepRow:
        """Return a step of the run, as this transaction has it."""
        if node not in self.steps:
            self.load([node])
        return self.steps[node]

    def load(self, nodes: Sequence[str] | None = None) -> None:
        """Load steps in one query; None loads all."""
        lacking = None if nodes is None else [node for node in nodes if node not in self.steps]
        if lacking is None or lacking:
            for step in sql.steps(self.run.id, lacking, but=self.steps):
                self.track(step)
        self.all_loaded = self.all_loaded or nodes is None

    def track(self, step: StepRow) -> StepRow:
        """Track a row from the database, unless this transaction already has the step."""
        if step.node not in self.steps:
            self.steps[step.node] = step
            self._track_ready(step)
        return self.steps[step.node]

    def _track_ready(self, step: StepRow) -> None:
        if step.state == State.READY:
            self.ready[step.node] = step
        else:
            self.ready.pop(step.node, None)

    def outputs(self, node: str) -> Mapping[str, Output]:
        """Return a finished step's outputs by port."""
        if node not in self.step_outputs:
            self.step_outputs[node] = sql.outputs(self.run.id, node)
        return self.step_outputs[node]

    def record_event(self, event: Event) -> None:
        """Number an event and keep it until the flush. People see the lines of a chunk at its node, and nothing else of it."""
        if CHUNK_MARK in event.get("node", ""):
            if event["type"] != "log":
                return
            event = {**event, "node": node_of(event["node"])}
        self.run.last_event += 1
        self._events.append({"seq": self.run.last_event, "at": self.timestamp, **event})

    def change(self, step: StepRow, **changes: Any) -> None:
        if changes.get("state") in TERMINAL:
            self.run.remaining -= 1
        step.update(changes)
        self._track_ready(step)
        self.changes.setdefault(step.node, {}).update(changes)

    def flush(self) -> list[Event]:
        """Write all changes; returns the events to publish."""
        self._repeat_warnings()
        sql.update_steps((self.steps[node].id, fields) for node, fields in self.changes.items())
        if self.run.remaining == 0 and self.run.state not in TERMINAL:
            self._end()
        sql.add_events(self.run.id, self.now, self._events)
        fields = ["state", "cancelling", "remaining", "last_event", *self.run_changes]
        sql.update_run(self.run.id, {name: getattr(self.run, name) for name in fields})
        return self._events

    def _repeat_warnings(self) -> None:
        """Record the warnings of reused results again: they hold for this run as well."""
        runs = sorted({known.run for known in self.reused.values()})
        said = sql.warnings(runs) if runs else {}
        for node, known in self.reused.items():
            for line in said.get((known.run, known.node), ()):
                self.record_event(say.log(node, line, "warning"))

    def _end(self) -> None:
        counts = Step.objects.filter(run_id=self.run.id).values_list("state").annotate(Count("id"))
        end = verdict({State(state): count for state, count in counts})
        assert end is not None, "no step remains, so the run has a verdict"
        self.run.state, self.run.finished_at, self.run.headline = end, self.now, self._headline()
        self.run_changes |= {"finished_at", "headline"}
        self.record_event(say.run(state=end, finished_at=self.timestamp))

    def _headline(self) -> dict[str, Any] | None:
        """Return the headline of the last report in the flow, and its place."""
        for node in reversed(self._reporting()):
            for port, output in self.outputs(node).items():
                if output.headline:
                    return {**msgspec.to_builtins(output.headline), "node": node, "port": port}
        return None

    def _reporting(self) -> list[str]:
        """Return the nodes with an output for a report, in the order of the flow."""
        modules = catalogue().modules
        having = {
            node
            for node, step in self.plan.steps.items()
            if step.module in modules and any(port.kind == REPORT for port in modules[step.module].outputs)
        }
        return [node for node in self.plan.shape.order() if node in having] if having else []
