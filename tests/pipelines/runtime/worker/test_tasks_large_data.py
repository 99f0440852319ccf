"""Steps over large data, which are passed on as queries."""

import polars as pl
import pytest

from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.execution import deferred
from pipelines.execution.codecs import save_table
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import new_scope, run, states, step

pytestmark = pytest.mark.django_db


LARGE = {"source": TABLE, "keep": ("transform.filter_rows", {"condition": "formula", "formula": "a > 1"}),
         "add": ("transform.derive_column", {"name": "c", "formula": "a * 2"}), "end": ("transform.split_data", {"shuffle": False})}  # fmt: skip
LINE = ("source.table keep.table", "keep.table add.table", "add.table end.table")


@pytest.fixture
def all_is_large(monkeypatch):
    monkeypatch.setattr(deferred, "LARGE", 0)


def records(it, node="add"):
    return step(it, node).outputs["table"]


def test_steps_over_large_data_are_passed_on_and_computed_by_who_reads_them(all_is_large):
    it = run(draw(LARGE, *LINE))
    assert it.state == "done"
    assert [records(it, node)["deferred"] for node in ("source", "keep", "add")] == [False, True, True]
    assert [column["name"] for column in records(it)["columns"]] == ["a", "b", "c"] and records(it)["rows"] is None
    assert flow.table(flow.output(it, "end", "second"), it.scope).frame.rows() == [(3, "z", 6)]


def test_what_is_small_is_kept_at_once():
    assert not any(record["deferred"] for record in step(run(draw(LARGE, *LINE)), "keep").outputs.values())


def test_passed_on_results_are_reused(all_is_large):
    first = run(draw(LARGE, *LINE))
    again = run(draw(LARGE, *LINE), first.scope)
    assert all(step(again, node).reused for node in LARGE)
    more = run(draw({**LARGE, "end": ("transform.split_data", {"fraction": 1})}, *LINE), first.scope)
    assert [step(more, node).reused for node in LARGE] == [True, True, True, False] and more.state == "done"


def test_what_is_asked_for_by_name_is_made_though_its_passed_on_result_is_known(all_is_large):
    first = run(draw(LARGE, *LINE))
    asked = run(draw(LARGE, *LINE), first.scope, to=["add", "end"])
    assert (step(asked, "keep").reused, step(asked, "add").reused, step(asked, "end").reused) == (True, False, True)
    assert records(asked)["digest"] and flow.table(flow.output(asked, "add", "table"), asked.scope).frame.rows() == [
        (2, "y", 4),
        (3, "z", 6),
    ]
    assert records(asked)["key"] == records(first)["key"]


class Letters:
    """An installation with a dataset, whose values nobody knows before the run."""

    def __init__(self, scope):
        self.scope = scope

    def find(self, name, version):
        return flow.Dataset(save_table(Table(pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})), flow.store(self.scope)), self.scope)


def run_on_letters(nodes):
    scope = new_scope()
    return run(draw({**LARGE, "source": ("data.dataset", {"dataset": "letters"}), **nodes}, *LINE), scope, datasets=Letters(scope))


def test_a_step_that_fails_in_a_query_of_many_is_named(all_is_large):
    faulty = {"keep": ("transform.derive_column", {"name": "d", "formula": "cast(b as int)"})}
    it = run_on_letters(faulty)
    assert states(it) == {"source": "done", "keep": "done", "add": "done", "end": "failed"}
    error = step(it, "end").error
    assert (error["code"], error["node"]) == ("query_failed", "keep")
    assert error["words"].startswith("keep, which is computed together with this step: ") and error["remedy"]


def test_a_reader_at_fault_is_not_excused_by_those_behind_it(all_is_large):
    it = run_on_letters({"end": ("transform.derive_column", {"name": "d", "formula": "cast(b as int)"})})
    assert step(it, "end").error["node"] == "end"
