"""Looking at what was passed on."""

import pytest

from pipelines import flow
from pipelines.execution import deferred
from pipelines.models import Run
from pipelines.runtime.materialize import _start, materialize
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import run, run_to_end, states, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def it(monkeypatch):
    """A finished run whose middle was passed on."""
    monkeypatch.setattr(deferred, "LARGE", 0)
    nodes = {"source": TABLE, "keep": ("transform.filter_rows", {"condition": "formula", "formula": "a > 1"}),
             "add": ("transform.derive_column", {"name": "c", "formula": "a * 2"}), "end": ("transform.split_data", {"shuffle": False})}  # fmt: skip
    return run(draw(nodes, "source.table keep.table", "keep.table add.table", "add.table end.table"))


def silent(_):
    """No worker hears."""


def test_a_look_makes_it_and_keeps_it(it):
    assert flow.output(it, "add", "table").deferred
    before, made = step(it, "add").outputs, run_to_end(materialize(it, "add", silent))
    assert (made.state, made.document, made.to) == ("done", None, ["add"])
    assert states(made) == {"source": "done", "keep": "done", "add": "done"} and step(made, "keep").reused
    found = flow.output(it, "add", "table")
    assert not found.deferred and flow.table(found, it.scope).frame.rows() == [(2, "y", 4), (3, "z", 6)]
    assert step(it, "add").outputs == before, "a finished step stays as it is"
    assert found.content == flow.Output.from_json(before["table"]).content
    shown = {step.node: outputs for step, outputs in flow.steps(it)}
    assert shown["add"]["table"].rows == 2, "but it is shown as what is stored by now"
    assert shown["keep"]["table"].deferred


def test_the_others_in_the_query_stay_passed_on(it):
    run_to_end(materialize(it, "add", silent))
    assert flow.output(it, "keep", "table").deferred


def test_two_who_look_at_the_same_time_share_a_run(it):
    rung = []
    assert materialize(it, "add", rung.append).id == materialize(it, "add", rung.append).id
    assert len(rung) == 1 and Run.objects.count() == 2


def test_after_a_look_that_came_to_nothing_the_next_starts_again(it):
    first = materialize(it, "add", silent)
    flow.cancel(first)
    second = materialize(it, "add", silent)
    assert second.id != first.id
    assert run_to_end(second).state == "done"


def test_a_run_after_a_look_reuses_what_was_made(it):
    run_to_end(materialize(it, "add", silent))
    again = run_to_end(flow.rerun(it, enqueue=silent))
    assert all(step(again, node).reused for node in ("source", "keep", "add", "end"))
    assert not flow.output(again, "add", "table").deferred


def test_who_starts_second_finds_the_first(it):
    """Two processes may both see that there is no run yet; the database lets one of them in."""
    rung = []
    first, second = (_start("f" * 32, it, "add", rung.append) for _ in range(2))
    assert (first.id, len(rung)) == (second.id, 1)
