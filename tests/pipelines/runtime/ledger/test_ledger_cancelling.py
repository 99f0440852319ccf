"""Cancelling: what has not started ends at once, what runs is ended by its worker, what has ended stays."""

import pytest

from pipelines import flow
from tests.support.graph_builder import chain
from tests.support.ledger_driver import (
    claim,
    finish,
    lose,
    reload,
    run,
    run_to_end,
    start,
    states,
    step,
    stop,
    told,
)

pytestmark = pytest.mark.django_db


def test_cancelling_ends_what_has_not_started():
    it = start(chain(1))
    flow.cancel(it)
    assert states(it) == {"source": "cancelled", "n0": "cancelled"}
    assert reload(it).state == "cancelled"


def test_cancelling_leaves_what_runs_to_its_worker():
    it = start(chain(1))
    taken = claim(it)
    flow.cancel(it)
    assert states(it) == {"source": "running", "n0": "cancelled"}
    assert reload(it).state == "running"
    assert stop(it, taken)
    assert (states(it)["source"], reload(it).state) == ("cancelled", "cancelled")


def test_a_step_that_ends_before_the_stop_counts_and_nothing_follows():
    it = start(chain(1))
    taken = claim(it)
    flow.cancel(it)
    assert finish(it, taken)
    assert (states(it), reload(it).state) == ({"source": "done", "n0": "cancelled"}, "cancelled")


def test_a_lost_step_of_a_cancelled_run_is_cancelled():
    it = start(chain(1))
    taken = claim(it)
    flow.cancel(it)
    lose(it, taken)
    assert reload(it).state == "cancelled"


def test_cancelling_what_has_ended_changes_nothing():
    it = run(chain(1))
    last = it.last_event
    flow.cancel(it)
    assert (reload(it).state, it.last_event, it.cancelling) == ("done", last, False)


def test_a_stop_that_was_not_meant_for_it_gives_the_step_back():
    it = start(chain(1))
    assert stop(it, claim(it))
    assert told(it, "source") == ["running", "ready"]
    assert run_to_end(it).state == "done"
    assert step(it, "source").attempt == 2


# Terminal states are final
