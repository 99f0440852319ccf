"""How a run ends, and which state may follow which."""

import pytest

from pipelines.execution.schedule import ALLOWED, TERMINAL, State, verdict

S = State


def test_what_has_ended_stays():
    assert {state for state, after in ALLOWED.items() if not after} == TERMINAL
    assert set(ALLOWED) == set(State)
    assert not any(state in after for state, after in ALLOWED.items())


@pytest.mark.parametrize(
    ("states", "end"),
    [
        ({S.DONE: 3}, S.DONE),
        ({S.DONE: 3, S.FAILED: 1, S.SKIPPED: 2, S.CANCELLED: 1}, S.FAILED),
        ({S.DONE: 3, S.CANCELLED: 1}, S.CANCELLED),
        ({S.DONE: 3, S.RUNNING: 1}, None),
        ({S.FAILED: 1, S.READY: 1}, None),
        ({S.DONE: 1, S.WAITING: 0}, S.DONE),
    ],
)
def test_a_run_ends_as_its_steps_did(states, end):
    assert verdict(states) == end
