"""Fan-outs: items in chunks, each committed once, reused by content, and never lost."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import flow
from pipelines.execution.fan import Chunk, ItemEnd
from pipelines.execution.step import Outcome
from pipelines.graph.problem import Problem
from pipelines.models import Fan, Item, Run
from pipelines.runtime.ledger import items, ledger
from pipelines.runtime.ledger.fans import PROGRESS_EVERY
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.worker import chunks, patience
from pipelines.runtime.worker.tasks import execute
from tests.support.databases import examples
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import claim, finish, new_scope, run, run_to_end, start, states, step

pytestmark = pytest.mark.django_db


def spread(**params):
    return draw(
        {"source": TABLE, "spread": ("trial.spread", params), "after": "trial.pass_on"},
        "source.table spread.table",
        "spread.table after.table",
    )


def rows(it):
    return flow.table(flow.output(it, "spread", "table"), it.scope).frame.rows()


def test_items_are_executed_and_gathered_in_order():
    it = run(spread(to=40))
    assert it.state == "done"
    assert rows(it) == [(f"n{n}", n**2, str(n), None) for n in range(40)]
    assert it.remaining == 0 and set(states(it).values()) == {"done"}


def test_no_item_at_all_gives_an_empty_table():
    it = run(spread(to=0))
    assert it.state == "done" and rows(it) == []


def test_chunks_grow_with_fast_items():
    it = run(spread(to=2000))
    sizes = [chunk.last - chunk.first for name in states(it) if (chunk := Chunk.of(name))]
    assert it.state == "done" and sum(sizes) == 2000
    assert max(sizes) > 30 and len(sizes) < 250


def test_people_see_the_progress_of_the_fan_and_nothing_of_its_chunks():
    it = run(spread(to=300))
    assert {event["node"] for event in flow.events(it) if "node" in event} == {"source", "spread", "after"}
    assert [one.node for one, _ in flow.steps(it)] == ["source", "spread", "after"]
    last = [event for event in flow.events(it) if event["type"] == "progress"][-1]
    assert (last["done"], last["total"], last["words"]) == (300, 300, "300 of 300 numbers")


def test_progress_is_told_at_most_four_times_a_second_however_many_items_end():
    it = run(spread(to=3000))
    at = [datetime.fromisoformat(event["at"]) for event in flow.events(it, limit=100_000) if event["type"] == "progress"]
    assert len(at) >= 2
    assert all(later - earlier >= PROGRESS_EVERY for earlier, later in pairwise(at[:-1])), "the last tells the end"


def test_to_people_a_step_whose_items_are_executed_is_running():
    it = opened(to=3)
    assert states(it)["spread"] == "fanned"
    assert {one.node: one.shown_state for one, _ in flow.steps(it)} == {"source": "done", "spread": "running", "after": "waiting"}


def test_one_bad_item_fails_the_step_unless_it_may():
    it = run(spread(to=20, bad="n3"))
    assert it.state == "failed"
    error = step(it, "spread").error
    assert error["code"] == "too_many_failed_items" and "n3: The item was told to fail." in error["words"]
    assert error["remedy"] == "Choose another number."
    assert states(it)["after"] == "skipped"


def test_failures_that_may_be_leave_a_gap():
    it = run(spread(to=1000, bad="n3,n500", may_fail=2))
    assert it.state == "done"
    assert [row[0] for row in rows(it) if row[3]] == ["n3", "n500"]
    assert sum(row[1] is not None for row in rows(it)) == 998


def test_an_item_is_reused_by_its_content_wherever_it_stands(tmp_path):
    scope, marks = new_scope(), tmp_path / "marks"
    run(spread(to=50, ledger=str(marks)), scope)
    assert len(marks.read_text().splitlines()) == 50
    it = run(spread(to=53, ledger=str(marks)), scope)
    assert [line.split()[0] for line in marks.read_text().splitlines()[50:]] == ["n50", "n51", "n52"]
    assert Fan.objects.get(run=it).reused == 50 and rows(it)[49] == ("n49", 49**2, "49", None)


def test_a_value_that_does_not_last_is_not_kept_for_other_runs():
    scope, now = new_scope(), timezone.now()
    ends = [("whole", ItemEnd("a", 1, None, 0.1)), ("early", ItemEnd("b", 2, None, 0.1, lasting=False))]
    items.keep_values(scope, now, ends)
    assert items.known_values(scope, ["whole", "early"]).keys() == {"whole"}


def test_a_step_with_failed_items_executes_only_those_again(tmp_path):
    scope, marks = new_scope(), tmp_path / "marks"
    run(spread(to=20, bad="n7", may_fail=1, ledger=str(marks)), scope)
    again = run(spread(to=20, bad="n7", may_fail=1, ledger=str(marks)), scope)
    assert again.state == "done" and not step(again, "spread").reused
    assert [line.split()[0] for line in marks.read_text().splitlines()[20:]] == ["n7"]


def test_a_whole_step_is_reused_like_any_other(tmp_path):
    scope = new_scope()
    run(spread(to=5), scope)
    again = run(spread(to=5), scope)
    assert step(again, "spread").reused and not Item.objects.filter(run=again).exists()


def test_a_forced_run_executes_every_item(tmp_path):
    scope, marks = new_scope(), tmp_path / "marks"
    run(spread(to=5, ledger=str(marks)), scope)
    run(spread(to=5, ledger=str(marks)), scope, force=True)
    assert len(marks.read_text().splitlines()) == 10


def test_fan_outs_may_follow_each_other():
    it = run(spread(to=3, waves=3))
    assert it.state == "done" and [row[1] for row in rows(it)] == [20, 21, 24]
    assert step(it, "spread").fans == 3 and Item.objects.filter(run=it).count() == 9


def opened(**params):
    """A run whose fan-out is open, and none of its items executed."""
    it = start(spread(**params))
    for node in ("source", "spread"):
        mine = claim(it)
        assert mine.node == node
        end = execute(it.id, spec_of(it.id), mine)
        with ledger.open_ledger(it.id) as unit:
            assert unit.settle(end)
    return it


def test_a_cancelled_fan_ends_with_its_chunks():
    it = opened(to=100)
    mine = claim(it)
    flow.cancel(it)
    with ledger.open_ledger(it.id) as unit:
        assert unit.stop(mine)
    it.refresh_from_db()
    assert it.state == "cancelled" and it.remaining == 0
    assert set(states(it).values()) <= {"done", "cancelled"}


def test_a_fan_that_is_cancelled_while_its_items_are_listed_opens_none():
    it = start(spread(to=5))
    finish(it, claim(it))
    mine = claim(it)
    end = execute(it.id, spec_of(it.id), mine)
    flow.cancel(it)
    with ledger.open_ledger(it.id) as unit:
        assert unit.settle(end)
    it.refresh_from_db()
    assert it.state == "cancelled" and not Item.objects.filter(run=it).exists()


def test_a_chunk_that_ends_early_while_its_run_is_cancelled_leaves_nothing_ready():
    it = opened(to=64)
    while len(claimed := [mine for mine in [claim(it)] if mine]) and (chunk := Chunk.of(claimed[0].node)).last - chunk.first < 2:
        with ledger.open_ledger(it.id) as unit:
            unit.end_chunk(claimed[0], Outcome(items=[end_of(f"n{chunk.first}")]), 0.1)
    flow.cancel(it)
    with ledger.open_ledger(it.id) as unit:
        assert unit.end_chunk(claimed[0], Outcome(items=[end_of(f"n{chunk.first}")]), 0.1)
    it.refresh_from_db()
    assert it.state == "cancelled" and it.remaining == 0


def test_a_chunk_whose_process_dies_is_halved_until_the_guilty_item_stands_alone():
    it = opened(to=64, may_fail=1)
    deaths = 0
    while states(it)["spread"] == "fanned":
        mine = claim(it)
        chunk = Chunk.of(mine.node)
        if chunk.first <= 40 < chunk.last:
            deaths += 1
            with ledger.open_ledger(it.id) as unit:
                unit.lose(mine, "It died.")
        else:
            keys = [f"n{n}" for n in range(chunk.first, chunk.last)]
            with ledger.open_ledger(it.id) as unit:
                assert unit.end_chunk(mine, Outcome(items=[ItemEnd(key, {"square": 0}, None, 0.001) for key in keys]), 0.1)
    assert deaths >= 3
    assert list(Item.objects.filter(run=it, state="failed").values_list("key", flat=True)) == ["n40"]
    run_to_end(it)
    assert it.state == "done"


def test_a_database_that_is_away_for_a_while_fails_no_item(monkeypatch):
    it = opened(to=5)
    real, faults = items.waiting, [OperationalError("gone"), OperationalError("gone")]

    def waiting(*place):
        if len(place) == 5 and faults:
            raise faults.pop()
        return real(*place)

    monkeypatch.setattr(chunks.items, "waiting", waiting)
    monkeypatch.setattr(patience, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(patience.connection, "close", lambda: None)
    run_to_end(it)
    assert it.state == "done" and not faults


def test_a_late_writer_changes_nothing():
    it = opened(to=8)
    mine = claim(it)
    with ledger.open_ledger(it.id) as unit:
        unit.stop(mine)
    with ledger.open_ledger(it.id) as unit:
        assert not unit.end_chunk(mine, Outcome(items=[ItemEnd("n0", {"square": 99}, None, 0.1)]), 0.1)
        assert not unit.record_items(mine, [ItemEnd("n0", {"square": 99}, None, 0.1)])
    run_to_end(it)
    assert rows(it)[0] == ("n0", 0, "0", None)


VERBS = st.tuples(
    st.sampled_from(["claim", "claim", "claim", "end", "end", "some", "lose", "stop", "limit", "late", "cancel"]), st.integers(0, 99)
)


def end_of(key):
    return ItemEnd(key, {"square": int(key[1:]) ** 2}, None, 0.001)


def do(verb, number, it, held, old):
    """One thing that may happen to the chunks of a fan-out."""
    going = states(it)["spread"] == "fanned" and not Run.objects.get(pk=it.pk).cancelling  # as workers ask
    if verb == "claim" and going and (mine := claim(it, owner=f"w.{number}")):
        return held.append(mine)
    if verb == "late" and old:
        mine = old[number % len(old)]
        with ledger.open_ledger(it.id) as unit:
            assert not unit.end_chunk(mine, Outcome(items=[ItemEnd("n0", {"square": -1}, None, 0.1)]), 0.1)
        return None
    if verb == "cancel" and number < 20:  # now and then
        flow.cancel(it)
    if verb in ("claim", "late", "cancel") or not held:
        return None
    mine = held[number % len(held)] if verb == "some" else held.pop(number % len(held))
    chunk = Chunk.of(mine.node)
    left = [key for _, key, _ in items.waiting(it.id, chunk.node, chunk.fan, chunk.first, chunk.last)]
    with ledger.open_ledger(it.id) as unit:
        match verb:
            case "end":
                assert unit.end_chunk(mine, Outcome(items=[end_of(key) for key in left[: 1 + number % len(left)]]), 0.1)
            case "some" if len(left) > 1:
                assert unit.record_items(mine, [end_of(left[0])])
            case "lose":
                assert unit.lose(mine, "It died.")
            case "stop":
                assert unit.stop(mine)
            case "limit":
                assert unit.fail(mine, Problem("out_of_memory", "It is too large.", "spread"))
    if verb != "some":
        old.append(mine)
    return None


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 40), st.lists(VERBS, max_size=40))
def test_whatever_happens_to_chunks_no_item_is_lost_or_counts_twice(to, verbs):
    it = opened(to=to, may_fail=40)
    held, old = [], []
    for verb, number in verbs:
        do(verb, number, it, held, old)
    for mine in held:  # their workers die
        with ledger.open_ledger(it.id) as unit:
            unit.lose(mine, "It died.")
    cancelled = Run.objects.get(pk=it.pk).cancelling
    run_to_end(it)
    assert it.state == ("cancelled" if cancelled else "done") and it.remaining == 0
    if cancelled:
        return
    (fan,) = Fan.objects.filter(run=it)
    ends = dict(Item.objects.filter(run=it).values_list("key", "state"))
    assert (fan.ended, fan.chunks, set(ends.values()) <= {"done", "failed"}) == (to, 0, True)
    assert fan.failed == list(ends.values()).count("failed")
    for key, square, _, failure in rows(it):
        assert (failure is not None) == (ends[key] == "failed") and square in (None, int(key[1:]) ** 2)


def validation(**more):
    """A cross-validation of a scaled table, in three folds that see the table before it."""
    text = "a,y\n" + "\n".join(f"{at * 7 % 11},{at % 5}" for at in range(30))
    nodes = {
        "source": ("data.enter_data", {"text": text}),
        "scale": ("transform.normalize", {"columns": ["a"]}),
        "learner": "regression.linear_regression",
        "validate": ("training.cross_validate", {"label": "y", "folds": 3}),
    }
    wires = ("source.table scale.table", "scale.table validate.table", "learner.model validate.untrained")
    return draw({**nodes, **more}, *wires)


def test_folds_are_fitted_on_the_table_at_the_start_of_their_path():
    scope = new_scope()
    it = run(validation(), scope)
    assert it.state == "done" and set(Fan.objects.filter(run=it).values_list("noun", flat=True)) == {"folds"}
    assert spec_of(it.id).step("validate").needs == {"source", "learner"}
    report = flow.value(flow.output(it, "validate", "report"), scope)
    (block,) = [block for block in report.blocks if block.get("title") == "What prepares the table"]
    assert block["rows"] == [["Normalize Data", "fitted on the training rows, then applied to the others"]]
    again = run(validation(unused="data.random_data"), scope)
    assert step(again, "validate").reused
    other = run(validation(scale=("transform.normalize", {"columns": ["a"], "method": "minmax"})), scope)
    assert not step(other, "validate").reused
    assert flow.explain(other, step(other, "validate")).words == "What prepares the table changed."
