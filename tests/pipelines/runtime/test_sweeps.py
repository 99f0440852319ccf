"""Sweeps: what the runs share is executed once, whoever executes it and whatever ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines import flow
from pipelines.models import Run, Step, Sweep
from pipelines.runtime.cancelling import cancel_rest
from pipelines.runtime.storage.garbage_collection import collect_garbage
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import NoDatasets, claim, fail, finish, lose, new_scope, run_to_end, states, step

pytestmark = pytest.mark.django_db
NUMBER = {"type": "number", "default": 0.5, "min": 0, "max": 1}


def graph():
    """A source, a step that all runs share, and one that the parameter drives."""
    nodes = {"source": TABLE, "same": "trial.pass_on", "split": ("transform.split_data", {"fraction": {"$parameter": "share"}})}
    return replace(draw(nodes, "source.table same.table", "same.table split.table"), parameters={"share": NUMBER})


def swept(values=(0.2, 0.4, 0.6), **how):
    woken = []
    sweep = flow.sweep(graph(), {"share": [*values]}, scope=new_scope(), datasets=NoDatasets(), enqueue=woken.append, **how)
    runs = list(Run.objects.filter(sweep=sweep.id).order_by("created_at"))
    assert woken == [run.id for run in runs]
    return sweep, runs


def due(run):
    """The time of its next look has come."""
    Step.objects.filter(run=run, ready_at__isnull=False).update(ready_at=timezone.now() - timedelta(seconds=1))


def executed(runs, node):
    return [step(run, node).reused for run in runs].count(False)


def test_runs_one_after_the_other_share_what_does_not_differ():
    sweep, runs = swept()
    assert [run_to_end(run).state for run in runs] == ["done"] * 3
    assert [run.parameters["share"] for run in runs] == [{"value": value, "source": "sweep"} for value in (0.2, 0.4, 0.6)]
    assert [executed(runs, node) for node in ("source", "same", "split")] == [1, 1, 3]
    assert sweep.parameters == ["share"]


def test_a_step_that_another_run_of_the_sweep_executes_is_waited_for():
    _, (first, second, third) = swept()
    taken, before = claim(first), timezone.now()
    assert claim(second) is None and claim(third) is None
    waiting = step(second, "source")
    assert waiting.state == "ready" and waiting.ready_at > before and first.id[:8] in waiting.why
    due(second)
    assert claim(second) is None, "it is still executed"
    finish(first, taken)
    due(second)
    assert claim(second).node == "same", "its result is reused, and the next step is free"
    assert claim(first) is None, "the second run executes it now"


def test_a_lost_worker_leaves_the_step_to_whoever_comes_first():
    _, (first, second, _) = swept()
    taken = claim(first)
    assert claim(second) is None
    lose(first, taken)
    due(second)
    taken = claim(second)
    assert taken.node == "source"
    assert claim(first) is None
    finish(second, taken)
    due(first)
    assert claim(first).node == "same", "the step that it lost is known now"


def test_a_step_that_failed_in_one_run_is_not_tried_in_the_others():
    _, (first, second, third) = swept()
    fail(first, claim(first))
    assert [run_to_end(run).state for run in (second, third)] == ["failed"] * 2
    assert step(second, "source").attempt == 0 and step(second, "source").error["words"] == "It went wrong."
    assert states(second)["split"] == "skipped"


def test_a_cancelled_run_holds_nobody_up():
    _, (first, second, _) = swept()
    claim(first)
    flow.cancel(first)
    Step.objects.filter(run=first, state="running").update(state="cancelled")
    assert claim(second).node == "source"


def test_other_runs_do_not_wait_for_a_sweep():
    _, (first, *_) = swept()
    assert claim(first)
    other = flow.start(graph(), scope=first.scope, datasets=NoDatasets(), enqueue=lambda _: None)
    assert claim(other).node == "source"


def test_a_wrong_value_starts_nothing():
    with pytest.raises(flow.UnsoundGraph, match="must be at most 1, not 3"):
        swept((0.2, 3))
    assert not Sweep.objects.exists() and not Run.objects.exists()


def test_cancelling_ends_all_runs_also_those_that_a_killed_process_left():
    sweep, runs = swept()
    run_to_end(runs[0])
    flow.cancel_sweep(sweep)
    assert [Run.objects.get(pk=run.pk).state for run in runs] == ["done", "cancelled", "cancelled"]
    other, left = swept()
    Sweep.objects.filter(pk=other.pk).update(cancelled_at=timezone.now())  # and killed
    cancel_rest()
    assert {Run.objects.get(pk=run.pk).state for run in left} == {"cancelled"}


def test_a_sweep_goes_with_its_last_run():
    sweep, runs = swept()
    for run in runs:
        run_to_end(run)
    collect_garbage(sweep.scope, set(), timedelta(0))
    assert not Run.objects.filter(sweep=sweep.pk).exists() and not Sweep.objects.exists()
