"""Log lines and counters of a run's committed events."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pipelines.events import Event
from pipelines.runtime.telemetry import counters

log = logging.getLogger("pipelines.runs")
MOST_LINES = 100


def log_events(run: str, workspace: str, said: Sequence[Event]) -> None:
    """Log and count state changes of a run and its steps; a run's whole history is found by its id."""
    level = logging.INFO if len(said) <= MOST_LINES else logging.DEBUG  # debug level for thousands at once
    for event in said:
        if event["type"] == "run" and "state" in event["run"]:
            _log(logging.INFO, run, workspace, event["run"]["state"])
        elif event["type"] == "step" and "state" in event["step"]:
            _log_step(level, run, workspace, event["node"], event["step"])


def log_lost_step(run: str, node: str, why: str) -> None:
    """Log and count a step whose worker was lost."""
    counters.add("lost")
    log.warning("step %s is lost: %s", node, why, extra={"run": run, "node": node, "state": "lost"})


def _log_step(level: int, run: str, workspace: str, node: str, step: Event) -> None:
    seconds: float | None = step.get("seconds")
    state = "reused" if step.get("reused") else str(step["state"])
    if state in ("done", "failed", "reused"):
        counters.add(state)
    if state in ("done", "failed") and seconds is not None:
        counters.add_seconds(seconds)
    _log(logging.WARNING if state == "failed" else level, run, workspace, state, node=node, seconds=seconds)


def _log(level: int, run: str, workspace: str, state: str, **more: object) -> None:
    if log.isEnabledFor(level):
        facts = {name: fact for name, fact in more.items() if fact is not None}
        words = "step %(node)s is %(state)s" if "node" in facts else "the run is %(state)s"
        facts |= {"run": run, "workspace": workspace, "state": str(state)}
        log.log(level, words, facts, extra=facts)
