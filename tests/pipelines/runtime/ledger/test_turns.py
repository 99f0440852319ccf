"""Turns: a woken worker serves the person, and the run, with the fewest running steps, whichever run the message named."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from pipelines.models import Item, Run
from pipelines.runtime.ledger import ledger, sql, turns
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.ledger.turns import Turn
from pipelines.runtime.worker import tasks
from pipelines.runtime.worker.tasks import execute, work
from tests.support.graph_builder import TABLE, chain, draw, fan
from tests.support.ledger_driver import claim, finish, new_scope, run, start, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_served(monkeypatch):
    monkeypatch.setattr(turns, "_served", {})


@pytest.fixture(autouse=True)
def messages(monkeypatch):
    rung = []
    monkeypatch.setattr(tasks, "enqueue", lambda run, times=1, delay=0.0: rung.append(run))
    return rung


def order(woken):
    return [turn.run for turn in turns.turns(woken.id)]


def test_of_runs_that_nobody_was_served_of_the_one_that_is_named_comes_first():
    scope = new_scope()
    assert next(turns.turns("gone")).run == "gone", "which says that it is gone"
    first, second = (start(chain(1), scope, by="Ada") for _ in range(2))
    assert order(first) == [first.id]
    Run.objects.update(state="running")
    assert order(second) == [second.id, first.id]
    assert order(first) == [first.id, second.id]


def test_of_runs_that_have_not_started_only_the_oldest_is_tried_beside_the_one_that_is_named():
    scope = new_scope()
    runs = [start(chain(1), scope, by="Ada") for _ in range(4)]
    assert order(runs[2]) == [runs[0].id, runs[2].id]


def test_of_one_persons_runs_the_one_that_waited_longest_comes_first():
    scope = new_scope()
    first, second = (start(chain(1), scope, by="Ada") for _ in range(2))
    Run.objects.update(state="running")
    Turn(second.id, (scope, "Ada")).served()
    assert order(second) == [first.id, second.id]


def test_of_one_persons_runs_the_one_with_fewer_running_steps_comes_first():
    scope = new_scope()
    wide, small = start(fan(3), scope, by="Ada"), start(chain(1), scope, by="Ada")
    finish(wide, claim(wide))
    claim(wide), claim(wide)
    Turn(small.id, (scope, "Ada")).served()
    assert order(wide) == [small.id, wide.id]


def test_many_items_hold_up_a_small_run_of_the_same_person_for_one_chunk_at_most(messages, monkeypatch):
    monkeypatch.setattr(tasks, "SHARED_SLICE_SECONDS", 0.0)
    scope = new_scope()
    items = draw({"source": TABLE, "spread": ("trial.spread", {"to": 10_000})}, "source.table spread.table")
    large = start(items, scope, by="Ada")
    for _ in range(2):  # the source and the list of the items
        mine = claim(large)
        with ledger.open_ledger(large.id) as unit:
            unit.settle(execute(large.id, spec_of(large.id), mine))
    small = start(chain(2), scope, by="Ada")
    messages += [large.id] * 16
    before = ended_items(large)
    work(messages.pop(0))
    one_chunk = ended_items(large) - before
    while set(states(small).values()) != {"done"}:
        work(messages.pop(0))
    assert one_chunk <= 1 and ended_items(large) <= 8, "at most one chunk before each of its slices"


def ended_items(it):
    return Item.objects.filter(run=it, state="done").count()


def test_whoever_has_fewer_running_steps_comes_first():
    scope = new_scope()
    busy, waiting = start(chain(1), scope, by="Ada"), start(chain(1), scope, by="Ada")
    claim(busy)
    other = start(chain(1), scope, by="Ben")
    assert order(waiting) == [other.id, waiting.id]


def test_two_workspaces_take_turns_though_one_person_works_in_both():
    mine, yours = start(chain(1), by="Ada"), start(chain(1), by="Ada")
    claim(mine)
    assert order(mine)[0] == yours.id


def test_of_equals_the_one_who_was_served_longest_ago_comes_first():
    scope = new_scope()
    ada, ben = start(chain(1), scope, by="Ada"), start(chain(1), scope, by="Ben")
    Turn(ada.id, (scope, "Ada")).served()
    assert order(ada)[0] == ben.id
    Turn(ben.id, (scope, "Ben")).served()
    assert order(ada)[0] == ada.id


def test_a_step_that_is_to_wait_before_its_next_try_has_no_turn():
    it = start(chain(1), by="Ada")
    it.steps.filter(node="source").update(ready_at=timezone.now() + timezone.timedelta(minutes=1))
    assert sql.ready_runs(it.scope, "Ada", [], 9) == []


def test_a_message_serves_another_person_and_the_run_that_it_named_later():
    scope = new_scope()
    long = [start(chain(2), scope, by="Ada") for _ in range(3)]
    claim(long[0])
    short = start(chain(1), scope, by="Ben")
    work(long[1].id)
    assert set(states(short).values()) == {"done"} and states(long[1])["source"] == "ready"
    work(short.id)
    assert set(states(long[1]).values()) == {"done"}, "the message of the run that was served earlier"
    work(long[1].id)
    assert set(states(long[2]).values()) == {"done"}


def test_a_slice_ends_early_only_where_somebody_else_has_a_run(monkeypatch):
    monkeypatch.setattr(tasks, "SHARED_SLICE_SECONDS", 0.0)
    it = start(chain(3), by="Ada")
    work(it.id)
    assert set(states(it).values()) == {"done"}
    it, other = start(chain(3), by="Ada"), start(draw({"source": TABLE}), by="Ben")
    claim(other)
    work(it.id)
    assert list(states(it).values()) == ["done", "ready", "waiting", "waiting"], "one step at least"


def test_a_database_that_is_away_is_no_reason_to_stop(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(sql, "active_users", away)
    assert [turn.run for turn in turns.turns("r")] == ["r"]
    assert not Turn("r", ("scope", "Ada")).is_shared()


def test_a_finished_run_has_no_person_whose_turn_it_is():
    it = run(chain(1), by="Ada")
    assert (it.scope, "Ada") not in sql.active_users()
    assert sql.user_of(it.id) == (it.scope, "Ada") and sql.user_of("gone") is None
