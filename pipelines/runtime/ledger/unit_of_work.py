"""A page of the ledger: what one transaction sees of a run, what it changes and says, all written down at its close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from pipelines import events as say
from pipelines.events import Event
from pipelines.execution.output import Output
from pipelines.execution.schedule import TERMINAL, State, verdict
from pipelines.models import Run, Step
from pipelines.runtime.ledger import sql
from pipelines.runtime.ledger.run_spec import Terms
from pipelines.runtime.ledger.sql import Held


class Page:
    """A run under its lock: its facts, the steps that were fetched, and what has changed since."""

    def __init__(self, run: Run, terms: Terms, now: datetime) -> None:
        self.run, self.terms, self.plan, self.now, self.moment = run, terms, terms.plan, now, now.isoformat()
        self.surplus = 0
        self.next_try: float | None = None
        self._said: list[Event] = []
        self.steps: dict[str, Held] = {}
        # Those of them that are, so that a run of a thousand known results need not look through all for each.
        self.ready: dict[str, Held] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.whole = False
        self.left: dict[str, Mapping[str, Output]] = {}
        self.moments: set[str] = set()

    def step(self, node: str) -> Held:
        """A step of the run, as this transaction has it."""
        if node not in self.steps:
            self.load([node])
        return self.steps[node]

    def load(self, nodes: Sequence[str] | None = None) -> None:
        """Fetch steps in one query; all of them for None."""
        lacking = None if nodes is None else [node for node in nodes if node not in self.steps]
        if lacking is None or lacking:
            for step in sql.steps(self.run.id, lacking, but=self.steps):
                self.hold(step)
        self.whole = self.whole or nodes is None

    def hold(self, step: Held) -> Held:
        """Take in a step as the database has it, unless this transaction has it already."""
        if step.node not in self.steps:
            self.steps[step.node] = step
            self._note_ready(step)
        return self.steps[step.node]

    def _note_ready(self, step: Held) -> None:
        if step.state == State.READY:
            self.ready[step.node] = step
        else:
            self.ready.pop(step.node, None)

    def outputs(self, node: str) -> Mapping[str, Output]:
        """What a finished step left at its ports."""
        if node not in self.left:
            self.left[node] = sql.outputs(self.run.id, node)
        return self.left[node]

    def say(self, event: Event) -> None:
        """Number an event and keep it for the end of the transaction."""
        self.run.last_event += 1
        self._said.append({"seq": self.run.last_event, "at": self.moment, **event})

    def change(self, step: Held, **changes: Any) -> None:
        if changes.get("state") in TERMINAL:
            self.run.remaining -= 1
        step.learn(changes)
        self._note_ready(step)
        self.changes.setdefault(step.node, {}).update(changes)

    def close(self) -> list[Event]:
        """Write everything down; returns the events for those who watch."""
        sql.update_steps((self.steps[node].id, fields) for node, fields in self.changes.items())
        if self.run.remaining == 0 and self.run.state not in TERMINAL:
            self._end()
        sql.add_events(self.run.id, self.now, self._said)
        fields = ["state", "cancelling", "remaining", "last_event", *self.moments]
        sql.update_run(self.run.id, {name: getattr(self.run, name) for name in fields})
        return self._said

    def _end(self) -> None:
        counts = Step.objects.filter(run_id=self.run.id).values_list("state").annotate(Count("id"))
        end = verdict({State(state): count for state, count in counts})
        assert end is not None, "no step remains, so the run has a verdict"
        self.run.state, self.run.finished_at = end, self.now
        self.moments.add("finished_at")
        self.say(say.run(state=end, finished_at=self.moment))
