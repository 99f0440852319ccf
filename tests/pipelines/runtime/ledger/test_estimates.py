"""A step that would not fit its memory is refused with a sentence before it starts."""

import pytest

from pipelines.execution.output import Output
from pipelines.execution.schedule import State
from pipelines.models import Result, Step
from pipelines.runtime.ledger import estimates, ledger
from pipelines.runtime.ledger.estimates import estimate_graph
from pipelines.runtime.ledger.run_spec import spec_of
from tests.support.graph_builder import TABLE, chain, draw
from tests.support.ledger_driver import claim, finish, kept, run, start, states, step

pytestmark = pytest.mark.django_db
MB = 1024**2


def begun(limits=None, execution=None, **how):
    """A run whose source has left a table that is said to be large, and steps like `n0` that took twice as much."""
    drawing = draw(
        {"source": TABLE, "n0": ("trial.pass_on", {}, execution or {}), "n1": "trial.pass_on"}, "source.table n0.table", "n0.table n1.table"
    )
    it = start(drawing, limits=limits, **how)
    held = claim(it)
    record = kept(it).as_json() | {"bytes": 100 * MB}
    with ledger.open_ledger(it.id) as unit:
        unit.finish(held, {"table": Output.from_json(record)}, 0.1)
    Result.objects.filter(scope=it.scope).update(module="trial.pass_on", peak_bytes=200 * MB, input_bytes=100 * MB, key="like it")
    return it


def test_a_step_over_its_runs_limit_is_not_started():
    it = begun({"step_memory_bytes": 150 * MB})
    assert claim(it) is None
    assert states(it) == {"source": "done", "n0": "failed", "n1": "skipped"}
    assert step(it, "n0").error["code"] == "would_not_fit"
    assert step(it, "n0").error["words"] == "Pass On would need about 200 MB of memory, more than its limit of 150 MB. It was not started."


def test_a_nodes_own_limit_counts_too():
    assert claim(begun(execution={"memory_mb": 64})) is None


def test_a_step_that_fits_is_started_and_so_is_one_asked_for_by_name():
    assert claim(begun({"step_memory_bytes": 250 * MB})).node == "n0"
    assert claim(begun({"step_memory_bytes": 150 * MB}, forced=["n0"])).node == "n0"


def test_without_earlier_ones_there_is_nothing_to_go_by():
    it = begun({"step_memory_bytes": 150 * MB})
    Result.objects.all().delete()
    assert claim(it).node == "n0"


def test_peak_and_input_are_kept_with_the_result():
    it = start(draw({"source": TABLE}))
    held = claim(it)
    with ledger.open_ledger(it.id) as unit:
        unit.finish(held, {"table": kept(it)}, 0.1, 7)
    assert Result.objects.get(run=it.pk).peak_bytes == Step.objects.get(run=it, state=State.DONE).peak_bytes == 7
    assert estimates.memory_limit(spec_of(it.pk), spec_of(it.pk).plan.steps["source"]) > 256 * MB


def test_finishing_without_a_figure_keeps_none():
    it = start(draw({"source": TABLE}))
    finish(it, claim(it))
    assert step(it, "source").peak_bytes is None


def test_what_comes_is_foretold_from_the_data_on():
    graph = chain(2)
    it = run(graph)
    assert Result.objects.filter(scope=it.scope).update(peak_bytes=10 * MB, input_bytes=20 * MB, seconds=1.0) == 3
    Result.objects.filter(scope=it.scope, node="source").update(outputs={"table": {"bytes": 80 * MB}})
    Result.objects.filter(scope=it.scope, node="n0").update(outputs={"table": {"bytes": 40 * MB}})
    found = estimate_graph(graph, it.scope, {})
    assert (found["n0"].seconds, found["n0"].peak_bytes) == (4.0, 40 * MB), "four times as much as before arrives"
    assert found["n1"].seconds == 8.0, "and it gives on four times as much"
    assert (found["n0"].based_on, found["n0"].runs) == ("step", 1)


def test_a_node_of_another_name_goes_by_its_module():
    it = run(chain(1))
    found = estimate_graph(draw({"other": TABLE, "odd": "trial.fail"}, "other.table odd.table"), it.scope, {})
    assert found.keys() == {"other"} and found["other"].based_on == "module"
