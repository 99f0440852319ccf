"""Whatever happens to the steps of a run, it ends rightly."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import flow
from pipelines.execution.schedule import ALLOWED, TERMINAL, State
from pipelines.graph.shape import Shape
from tests.support.databases import examples
from tests.support.graph_strategies import dags
from tests.support.ledger_driver import claim, fail, finish, lose, start, states, stop, told

pytestmark = pytest.mark.django_db


verbs = st.tuples(
    st.sampled_from(["claim", "claim", "claim", "finish", "finish", "fail", "lose", "stop", "late", "cancel"]), st.integers(0, 99)
)


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(dags(), st.lists(verbs, max_size=25))
def test_whatever_happens_every_run_ends_rightly(graph, verbs):
    it = start(graph)
    taken, old = [], []
    for verb, number in verbs:
        _do(verb, number, it, taken, old)
    for _ in range(100):
        mine = claim(it)
        taken += [mine] if mine else []
        if not taken:
            break
        finish(it, taken.pop(), len(taken))
    it.refresh_from_db()
    _has_ended_rightly(it, graph)


def _do(verb, number, it, taken, old):
    if verb == "claim":
        mine = claim(it)
        taken += [mine] if mine else []
    elif verb == "cancel" and number < 20:
        flow.cancel(it)
    elif verb == "late" and old:
        late = old[number % len(old)]
        assert not any((finish(it, late), fail(it, late), stop(it, late)))
    elif verb in ("finish", "fail", "lose", "stop") and taken:
        mine = taken.pop(number % len(taken))
        {
            "finish": lambda: finish(it, mine, number % 3),
            "fail": lambda: fail(it, mine),
            "lose": lambda: lose(it, mine),
            "stop": lambda: stop(it, mine),
        }[verb]()
        old.append(mine)


def _has_ended_rightly(it, graph):
    ends = states(it)
    failed = {node for node, state in ends.items() if state == "failed"}
    assert it.state in TERMINAL and set(ends.values()) <= TERMINAL and it.remaining == 0
    assert it.state == ("failed" if failed else "cancelled" if "cancelled" in ends.values() else "done")
    stranded = Shape.of(graph).downstream(failed) - failed
    assert {node for node, state in ends.items() if state == "skipped"} == {node for node in stranded if ends[node] != "cancelled"}
    events = flow.events(it, limit=100_000)
    assert [event["seq"] for event in events] == list(range(1, it.last_event + 1))
    for node in graph.nodes:
        way = told(it, node)
        assert way[-1] == ends[node] and sum(State(state) in TERMINAL for state in way) == 1
        assert all(State(after) in ALLOWED[State(before)] for before, after in pairwise(["ready", *way]))
    runs = [event["run"]["state"] for event in events if event["type"] == "run"]
    assert all(State(after) in ALLOWED[State(before)] for before, after in pairwise(runs)) and runs[-1] == it.state
