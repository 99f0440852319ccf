"""What is stranded, how a run ends, and what may follow what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.execution.schedule import ALLOWED, TERMINAL, State, stranded, verdict
from pipelines.graph.shape import Shape
from tests.pipelines.drawing import chain
from tests.pipelines.graphs import dags

S = State


@given(dags(), st.data())
def test_stranded_is_all_that_needs_the_failed_step(graph, data):
    failed = data.draw(st.sampled_from(sorted(graph.nodes)))
    found = stranded(compile(graph, catalogue(), {}), failed)
    assert len(found) == len(set(found))
    assert set(found) == Shape.of(graph).downstream([failed])


def test_a_long_chain_is_stranded_without_a_deep_stack():
    assert len(stranded(compile(chain(3000), catalogue(), {}), "source")) == 3000


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
