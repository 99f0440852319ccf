"""Scheduling: states, their allowed transitions, and the final state of a run."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal


class State(StrEnum):
    """The state of a step or a run."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    FANNED = "fanned"  # a step whose items are executed; to people it is running
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


# The states of a step as people see them: one whose items are executed is running.
ShownState = Literal["waiting", "ready", "running", "done", "failed", "skipped", "cancelled"]
# The states of a run.
RunState = Literal["waiting", "running", "done", "failed", "cancelled"]
TERMINAL = frozenset({State.DONE, State.FAILED, State.SKIPPED, State.CANCELLED})

# The only table of state transitions; the database enforces it too (see the migration of triggers).
ALLOWED: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.READY, State.RUNNING, State.DONE, State.FAILED, State.SKIPPED, State.CANCELLED}),
    State.READY: frozenset({State.RUNNING, State.DONE, State.SKIPPED, State.CANCELLED, State.FAILED}),
    State.RUNNING: frozenset({State.READY, State.DONE, State.FAILED, State.CANCELLED, State.FANNED}),
    State.FANNED: frozenset({State.READY, State.RUNNING, State.FAILED, State.SKIPPED, State.CANCELLED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
    State.SKIPPED: frozenset(),
    State.CANCELLED: frozenset(),
}


def verdict(states: Mapping[State, int]) -> State | None:
    """Return the final state of a run, from the number of steps in each state; None while it is unfinished."""
    if any(count for state, count in states.items() if state not in TERMINAL):
        return None
    if states.get(State.FAILED):
        return State.FAILED
    return State.CANCELLED if states.get(State.CANCELLED) else State.DONE
