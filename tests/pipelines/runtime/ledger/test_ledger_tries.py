"""Steps that failed for a while are tried again."""

import pytest
from django.utils import timezone

from pipelines import flow
from pipelines.graph.problem import Problem
from pipelines.models import Step
from pipelines.runtime.ledger import ledger
from tests.support.graph_builder import TABLE, chain, draw
from tests.support.ledger_driver import claim, fail, finish, reload, start, states, step, told

pytestmark = pytest.mark.django_db


def trying(**execution):
    return draw(
        {"source": TABLE, "n0": ("trial.pass_on", {}, execution), "n1": "trial.pass_on"}, "source.table n0.table", "n0.table n1.table"
    )


def test_a_transient_failure_is_tried_again_later_and_not_before():
    it = start(trying(retries=1, backoff_seconds=60))
    finish(it, claim(it))
    assert fail(it, claim(it), transient=True)
    waiting = step(it, "n0")
    assert (waiting.state, waiting.tries, waiting.error) == ("ready", 1, None)
    assert 59 < (waiting.ready_at - timezone.now()).total_seconds() <= 60
    assert claim(it) is None, "it is not yet time"
    Step.objects.filter(pk=waiting.pk).update(ready_at=timezone.now())
    assert finish(it, claim(it), 1) and finish(it, claim(it))
    assert reload(it).state == "done"
    assert told(it, "n0") == ["running", "ready", "running", "done"]


def test_the_last_try_fails_the_step():
    it = start(trying(retries=1, backoff_seconds=0.1))
    finish(it, claim(it))
    fail(it, claim(it), transient=True)
    Step.objects.filter(node="n0").update(ready_at=None)
    fail(it, claim(it), transient=True)
    assert (reload(it).state, states(it)) == ("failed", {"source": "done", "n0": "failed", "n1": "skipped"})


@pytest.mark.parametrize(("execution", "transient"), [({}, True), ({"retries": 3}, False)])
def test_only_what_is_transient_and_may_be_is_tried_again(execution, transient):
    it = start(trying(**execution))
    finish(it, claim(it))
    fail(it, claim(it), transient=transient)
    assert step(it, "n0").state == "failed"


def test_a_run_that_is_being_cancelled_tries_nothing_again():
    it = start(trying(retries=3))
    finish(it, claim(it))
    held = claim(it)
    flow.cancel(it)
    fail(it, held, transient=True)
    assert states(it) == {"source": "done", "n0": "failed", "n1": "cancelled"}


def test_an_outage_of_the_store_is_tried_again_unasked():
    it = start(chain(0))
    for tries in range(1, 5):
        taken = claim(it)
        with ledger.open_ledger(it.id) as unit:
            unit.fail(taken, Problem("store_away", "It did not answer."), transient=True)
        assert (step(it, "source").state, step(it, "source").tries) == (("ready", tries) if tries < 4 else ("failed", 3))
        Step.objects.filter(run=it).update(ready_at=None)
