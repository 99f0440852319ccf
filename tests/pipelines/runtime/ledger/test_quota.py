"""What a workspace may use: runs that wait for their turn, and which limit counts."""

import threading
from dataclasses import asdict

import pytest
from django.db import connection

from pipelines import flow
from pipelines.graph.run_options import RunOptions
from pipelines.models import Run
from pipelines.runtime.ledger import ledger, quota
from pipelines.runtime.ledger.quota import Limits
from tests.support.graph_builder import chain
from tests.support.ledger_driver import claim, new_scope, run_to_end, start, states

pytestmark = pytest.mark.django_db
ONE = {"runs": 1}


def test_limits_are_what_their_json_says():
    some = Limits(runs=2, store_bytes=10)
    assert some.as_json() == {"runs": 2, "store_bytes": 10}
    assert Limits.from_json({"runs": 2, "store_bytes": 10, "strange": 1}) == some


def test_the_lower_of_two_counts_and_none_is_no_limit():
    mine, most = Limits(runs=2, step_seconds=50), Limits(runs=1, step_seconds=60, store_bytes=5)
    assert mine.capped_by(most) == Limits(runs=1, step_seconds=50, store_bytes=5)
    assert set(asdict(Limits()).values()) == {None}


@pytest.mark.parametrize(
    ("of_run", "of_node", "seconds", "memory"),
    [
        ({}, {}, None, None),
        ({"step_seconds": 5, "step_memory_bytes": 7}, {}, 5, 7),
        ({}, {"timeout_seconds": 2.5, "memory_mb": 64}, 2.5, 64 * 1024**2),
        ({"step_seconds": 2, "step_memory_bytes": 1024**3}, {"timeout_seconds": 3, "memory_mb": 64}, 2, 64 * 1024**2),
    ],
)
def test_a_step_may_take_the_least_of_what_its_run_and_its_node_say(of_run, of_node, seconds, memory):
    assert Limits(**of_run).of_step(RunOptions(**of_node)) == (seconds, memory)


def test_a_run_beyond_the_limit_waits_and_starts_when_one_ends_oldest_first():
    scope = new_scope()
    first, second, third = (start(chain(2), scope, limits=ONE, force=True) for _ in range(3))
    taken = claim(first)
    assert claim(second) is None and claim(third) is None and claim(first) is None
    assert quota.next_waiting(scope) == second.id
    flow.cancel(first)
    with ledger.open_ledger(first.id) as unit:
        unit.stop(taken)
    assert claim(third) is None, "the second is older"
    assert run_to_end(second).state == "done"
    assert run_to_end(third).state == "done"
    assert quota.next_waiting(scope) is None


def test_another_scope_and_an_installation_without_limits_do_not_wait():
    first = start(chain(1), limits=ONE)
    assert claim(first)
    assert claim(start(chain(1), limits=ONE))
    assert claim(start(chain(1), first.scope))


def test_a_run_that_is_going_goes_on_whatever_waits():
    scope = new_scope()
    first = start(chain(2), scope, limits=ONE)
    start(chain(1), scope, limits=ONE)
    assert run_to_end(first).state == "done"


def test_a_run_whose_results_are_all_known_waits_as_well():
    scope = new_scope()
    run_to_end(start(chain(1), scope))
    going = start(chain(1), scope, limits=ONE, force=True)
    known = start(chain(1), scope, limits=ONE)
    assert claim(going) and claim(known) is None
    assert set(states(known).values()) == {"ready", "waiting"}


def test_a_cancelled_run_stands_in_nobodys_way():
    scope = new_scope()
    first, second = (start(chain(1), scope, limits=ONE) for _ in range(2))
    flow.cancel(first)
    assert claim(second)


def test_people_are_told_why_a_run_waits():
    scope = new_scope()
    first, second, third, fourth = (start(chain(1), scope, limits=ONE) for _ in range(4))
    assert quota.waiting_reason(first) is None
    claim(first)
    first.refresh_from_db()
    assert quota.waiting_reason(first) is None
    once = "This workspace is limited to 1 concurrent run."
    assert quota.waiting_reason(second) == f"{once} It starts automatically."
    assert quota.waiting_reason(third) == f"{once} 1 is ahead of it. It starts automatically."
    assert "2 are ahead of it" in (quota.waiting_reason(fourth) or "")


def test_a_higher_limit_reaches_those_that_wait():
    scope = new_scope()
    first, second = (start(chain(1), scope, limits=ONE) for _ in range(2))
    claim(first)
    assert claim(second) is None
    quota.update_waiting_limits(scope, Limits(runs=2))
    assert claim(second)
    assert Run.objects.get(pk=first.pk).limits == ONE


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_once_start_no_more_than_may_be():
    scope = new_scope()
    runs = [start(chain(1), scope, limits={"runs": 2}) for _ in range(8)]
    ready = threading.Barrier(len(runs))

    def take(run):
        try:
            ready.wait()
            claim(run)
        finally:
            connection.close()

    takers = [threading.Thread(target=take, args=(run,)) for run in runs]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    going = list(Run.objects.filter(scope=scope, state="running").order_by("created_at").values_list("pk", flat=True))
    assert going == [run.pk for run in runs[: len(going)]] and len(going) <= 2
