"""Searches: a strategy asks for items between transactions; none is lost, doubled or asked for without what is known."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import flow
from pipelines.catalogue.fan_out import run_by
from pipelines.graph.problem import Problem
from pipelines.models import Fan, Item, Run
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.fans import Stale
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.worker import strategies
from pipelines.runtime.worker.tasks import execute
from tests.easel_modules.trial.seek import seek
from tests.support.databases import examples
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import claim, new_scope, run, run_to_end, start, states, step

pytestmark = pytest.mark.django_db


def graph(**params):
    return draw(
        {"source": TABLE, "seek": ("trial.seek", params), "after": "trial.pass_on"},
        "source.table seek.table",
        "seek.table after.table",
    )


def rows(it):
    return flow.table(flow.output(it, "seek", "table"), it.scope).frame.rows()


def expected(trials, wave=1):
    """What the search finds without an engine."""
    with run_by(None):
        return seek(pl.DataFrame(), trials=trials, wave=wave).rows()


@pytest.mark.parametrize(
    ("wave", "at_once"), [(1, 0), (4, 0), (4, 3), (5, 16)], ids=["one by one", "waves", "fewer at once", "more at once"]
)
def test_a_search_gives_what_it_gives_without_an_engine(wave, at_once):
    it = run(graph(trials=22, wave=wave, at_once=at_once))
    assert it.state == "done" and it.remaining == 0
    assert rows(it) == expected(22, wave)
    assert states(it)["seek"] == "done"


def test_a_search_without_any_trial_gives_an_empty_table():
    it = run(graph(trials=0))
    assert it.state == "done" and rows(it) == []


def test_a_trial_that_is_known_is_not_executed_again_and_a_longer_search_goes_on(tmp_path):
    scope, marks = new_scope(), tmp_path / "marks"
    run(graph(trials=10, wave=5, ledger=str(marks)), scope)
    assert len(marks.read_text().splitlines()) == 10
    it = run(graph(trials=13, wave=5, ledger=str(marks)), scope)
    assert [line.split()[0] for line in marks.read_text().splitlines()[10:]] == ["t10", "t11", "t12"]
    assert Fan.objects.get(run=it).reused == 10 and rows(it) == expected(13, 5)


def test_a_search_whose_trials_are_all_known_asks_on_after_a_moment(monkeypatch):
    scope = new_scope()
    run(graph(trials=12), scope)
    monkeypatch.setattr(strategies, "ASK_SECONDS", 0.0)
    it = run(graph(trials=12, may_fail=7), scope)
    assert it.state == "done" and rows(it) == expected(12) and Fan.objects.get(run=it).reused == 12


def test_a_failed_trial_ends_no_search_unless_too_many_fail():
    it = run(graph(trials=8, bad="t3"))
    assert it.state == "done"
    assert [row[3] for row in rows(it)].count(None) == 7
    it = run(graph(trials=8, bad="t3,t4", may_fail=1))
    assert it.state == "failed" and step(it, "seek").error["code"] == "too_many_failed_items"


@pytest.mark.parametrize("wrong_at", [0, 3], ids=["first", "later"])
def test_a_strategy_that_fails_fails_the_step(wrong_at):
    it = run(graph(trials=8, wrong_at=wrong_at))
    assert it.state == "failed" and it.remaining == 0
    error = step(it, "seek").error
    assert (error["code"], error["remedy"]) == ("told_to_fail", "Choose another number.")


def test_no_trial_starts_after_the_deadline():
    it = opened(trials=1000, budget=0.2)
    Fan.objects.filter(run=it).update(budget=1e-9)
    run_to_end(it)
    assert it.state == "done"
    assert [failure for *_, failure in rows(it)] == ["The time of the search was over before it started."]


def test_the_progress_says_how_far_the_search_is():
    it = run(graph(trials=3, budget=1000.0))
    last = [event for event in flow.events(it) if event["type"] == "progress"][-1]
    assert last["words"].startswith("3 of 3 trials · ") and last["words"].endswith(" s left") and last["done"] == last["total"] == 1.0


def opened(**params):
    """A run whose search is open, and none of its trials executed."""
    it = start(graph(**params))
    for _ in ("source", "seek"):
        end = execute(it.id, spec_of(it.id), claim(it))
        with ledger.open_ledger(it.id) as unit:
            assert unit.settle(end)
    return it


def settle(it, end):
    """Commit an end as a worker does; returns how often the strategy was asked again."""
    again = 0
    while True:
        try:
            with ledger.open_ledger(it.id) as unit:
                unit.settle(end)
            return again
        except Stale:
            again += 1
            end = strategies.with_next(it.id, spec_of(it.id), end)


def test_a_strategy_that_did_not_know_what_another_process_added_is_asked_again():
    it = opened(trials=9, wave=3, at_once=3)
    ends = [execute(it.id, spec_of(it.id), claim(it, owner=f"w.{number}")) for number in range(3)]
    assert [len(end.asked.items) for end in ends] == [0, 0, 0]  # each waits for the two others
    assert [settle(it, end) for end in ends] == [0, 0, 1]
    run_to_end(it)
    assert it.state == "done" and rows(it) == expected(9, 3)


def test_a_trial_whose_process_dies_thrice_fails_alone():
    it = opened(trials=6, wave=2, at_once=2)
    for _ in range(3):
        mine = claim(it)
        with ledger.open_ledger(it.id) as unit:
            assert unit.lose(mine, "It died.")
    run_to_end(it)
    assert it.state == "done"
    assert list(Item.objects.filter(run=it, state="failed").values_list("key", flat=True)) == ["t0"]
    assert len(rows(it)) == 6


def test_a_process_that_dies_while_the_strategy_is_asked_loses_nothing():
    it = opened(trials=5)
    for losses in range(3):
        mine = claim(it)
        end = execute(it.id, spec_of(it.id), mine)
        with ledger.open_ledger(it.id) as unit:
            assert unit.record_items(mine, end.outcome.items) or losses  # its item is committed, and the next one not asked for
        with ledger.open_ledger(it.id) as unit:
            assert unit.lose(mine, "It died.")
    it.refresh_from_db()
    assert it.state == "failed" and step(it, "seek").error["code"] == "worker_lost"


def test_a_cancelled_search_asks_for_nothing_more():
    it = opened(trials=50)
    end = execute(it.id, spec_of(it.id), claim(it))
    flow.cancel(it)
    settle(it, end)
    it.refresh_from_db()
    assert it.state == "cancelled" and it.remaining == 0 and Item.objects.filter(run=it).count() == 1


VERBS = st.tuples(
    st.sampled_from(["claim", "claim", "execute", "execute", "settle", "settle", "lose", "stop", "limit", "some", "cancel"]),
    st.integers(0, 99),
)


def do(verb, number, it, held, executed):
    """One thing that may happen to the trials of a search."""
    going = states(it)["seek"] == "fanned" and not Run.objects.get(pk=it.pk).cancelling
    if verb == "claim":
        if going and (mine := claim(it, owner=f"w.{number}")):
            held.append(mine)
    elif verb == "cancel":
        if number < 10:
            flow.cancel(it)
    elif verb == "settle":
        if executed:
            settle(it, executed.pop(number % len(executed)))
    elif held:
        mine = held[number % len(held)] if verb == "some" else held.pop(number % len(held))
        if verb == "execute" or verb == "some":
            end = execute(it.id, spec_of(it.id), mine)
        if verb == "execute":
            return executed.append(end)
        with ledger.open_ledger(it.id) as unit:
            if verb == "some":
                unit.record_items(mine, end.outcome.items)
            elif verb == "lose":
                unit.lose(mine, "It died.")
            elif verb == "stop":
                unit.stop(mine)
            else:
                unit.fail(mine, Problem("out_of_memory", "It is too large.", "seek"))
    return None


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 20), st.integers(1, 5), st.integers(1, 4), st.lists(VERBS, max_size=40))
def test_whatever_happens_to_a_search_no_trial_is_lost_or_counts_twice(trials, wave, at_once, verbs):
    it = opened(trials=trials, wave=wave, at_once=at_once)
    held, executed = [], []
    for verb, number in verbs:
        do(verb, number, it, held, executed)
        assert Fan.objects.get(run=it).chunks <= max(at_once, 1)
    for mine in [*held, *(end.claim for end in executed)]:  # their workers die
        with ledger.open_ledger(it.id) as unit:
            unit.lose(mine, "It died.")
    going = Run.objects.get(pk=it.pk)
    if not going.cancelling and going.state != "failed":
        run_to_end(it)
    it.refresh_from_db()
    assert it.remaining == 0
    if it.state == "failed":  # it died thrice while its strategy was asked, or exceeded a limit
        assert step(it, "seek").error["code"] in ("worker_lost", "out_of_memory")
        return
    if it.state == "cancelled":
        return
    (fan,) = Fan.objects.filter(run=it)
    ends = list(Item.objects.filter(run=it).order_by("ordinal").values_list("key", "state"))
    assert (fan.total, fan.ended, fan.chunks) == (trials, trials, 0)
    assert [key for key, _ in ends] == [f"t{number}" for number in range(trials)]
    assert fan.failed == [state for _, state in ends].count("failed")
    assert len(rows(it)) == trials
