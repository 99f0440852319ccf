"""Fan-outs of steps in a sandbox: their items are executed in chunks as those of the worker are, with the same results, failures and limits."""

from __future__ import annotations

import pytest

from pipelines import flow
from pipelines.execution.fan import Chunk
from pipelines.execution.targets import selection
from pipelines.models import Fan, Item
from pipelines.runtime.worker import isolated
from tests.support.graph_builder import TABLE, draw
from tests.support.inside import Inside
from tests.support.ledger_driver import new_scope, run, states, step

pytestmark = pytest.mark.django_db
SANDBOX = {"target": "sandbox"}


@pytest.fixture
def inside(monkeypatch):
    """Jobs are executed in this process, as in a sandbox."""
    target = Inside()
    monkeypatch.setattr(selection, "Sandbox", lambda _: target)
    return target


def graph(module="trial.spread", execution=SANDBOX, **params):
    return draw({"source": TABLE, "step": (module, params, execution)}, "source.table step.table")


def rows(it):
    return flow.table(flow.output(it, "step", "table"), it.scope).frame.rows()


def chunks(it):
    return [chunk for name in states(it) if (chunk := Chunk.of(name))]


def test_items_are_executed_in_chunks_and_gathered_in_order(inside):
    it = run(graph(to=7, bad="n3", may_fail=1))
    assert it.state == "done", step(it, "step").error
    assert rows(it) == [(f"n{n}", *((None, "", "The item was told to fail.") if n == 3 else (n**2, str(n), None))) for n in range(7)]
    assert len(chunks(it)) == 2 and Fan.objects.get(run=it).failed == 1


def test_a_second_fan_out_gets_the_results_of_the_first(inside):
    it = run(graph(to=2, waves=2))
    assert rows(it) == [("n0", 1, "0", None), ("n1", 2, "1", None)]
    assert Fan.objects.filter(run=it).count() == 2


def test_an_empty_list_gives_an_empty_table(inside):
    it = run(graph(to=0))
    assert it.state == "done" and rows(it) == []


def test_known_items_are_not_executed_again_and_a_gap_is_filled(inside):
    scope = new_scope()
    run(graph(to=4), scope)
    it = run(graph(to=6), scope)
    assert Fan.objects.get(run=it).reused == 4 and len(rows(it)) == 6


@pytest.mark.processes
def test_an_item_that_ends_its_process_fails_alone():
    it = run(graph(to=4, deadly="n1", may_fail=1))
    assert it.state == "done", step(it, "step").error
    failed = Item.objects.get(run=it, state="failed")
    assert failed.key == "n1" and failed.error["code"] == "ended_early" and "SIGKILL" in failed.error["words"]


def test_an_item_over_a_limit_fails_alone_and_what_ended_before_it_is_kept(inside):
    inside.too_long = "n2"
    it = run(graph(to=8, may_fail=1))
    assert it.state == "done", step(it, "step").error
    assert Item.objects.get(run=it, state="failed").error["code"] == "took_too_long"
    executed = [key for order in inside.orders for key in order.fans.items or ()]
    assert executed.count("n0") == executed.count("n1") == 1


def test_few_interpreters_are_started_for_many_items(inside):
    run(graph(to=300))
    assert len(inside.orders) == 2 + 2  # the list and the end, and the chunks of one process


def test_what_a_chunk_has_no_time_for_is_cut_again(inside, monkeypatch):
    monkeypatch.setattr(isolated, "LONGEST_SECONDS", 0.0)
    it = run(graph(to=6))
    assert it.state == "done" and len(rows(it)) == 6 and Fan.objects.get(run=it).ended == 6
    assert sum(order.fans.items is not None for order in inside.orders) == 6


def test_a_search_is_asked_in_the_sandbox(inside):
    it = run(graph("trial.seek", trials=5, wave=2, at_once=2, bad="t3"))
    assert it.state == "done", step(it, "step").error
    expected = run(graph("trial.seek", execution={}, trials=5, wave=2, at_once=2, bad="t3"))
    assert rows(it) == rows(expected) and len(rows(it)) == 5


def test_a_strategy_that_fails_fails_the_step(inside):
    it = run(graph("trial.seek", trials=5, wrong_at=1))
    assert it.state == "failed" and step(it, "step").error["code"] == "told_to_fail"


def test_the_known_trials_of_a_longer_search_are_not_executed_again(inside):
    scope = new_scope()
    run(graph("trial.seek", trials=2), scope)
    it = run(graph("trial.seek", trials=3), scope)
    assert Fan.objects.get(run=it).reused == 2 and len(rows(it)) == 3
