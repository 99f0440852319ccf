"""The pipeline that a report holds runs on the data of its run, and gives the figures of the search."""

import numpy as np
import polars as pl
import pytest

from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import save_table
from tests.support.ledger_driver import new_scope, run

pytestmark = pytest.mark.django_db(transaction=True)


class Rows:
    """One dataset: numbers and a label that depends on them."""

    def __init__(self, scope, rows):
        draw = np.random.default_rng(3)
        x, z = draw.normal(size=rows), draw.normal(size=rows)
        label = np.where(x + 0.5 * z + draw.normal(size=rows) > 0, "yes", "no")
        frame = pl.DataFrame({"row_id": np.arange(rows), "x": x, "z": z, "bought": label})
        self.record = flow.Dataset(save_table(Table(frame), flow.store(scope)), scope)

    def find(self, name, version):
        return self.record if name == "shop" else None


def searched(rows):
    """A run of a search on rows that a module prepares, with its evaluation; and the datasets."""
    scope = new_scope()
    settings = {"label": "bought", "seconds": 3600, "trials": 3, "learners": "linear, boosted_trees, nearest_neighbors"}
    document = {
        "nodes": {
            "data": {"module": "data.dataset", "params": {"dataset": "shop"}},
            "columns": {"module": "transform.select_columns", "params": {"columns": [{"include": "all"}]}},
            "best": {"module": "training.train_best_model", "params": settings},
            "evaluate": {"module": "evaluation.evaluate_model"},
        },
        "edges": [["data.table", "columns.table"], ["columns.table", "best.table"], ["best.predictions", "evaluate.scored"]],
    }
    datasets = Rows(scope, rows)
    done = run(flow.read(document), scope, datasets=datasets)
    assert done.state == "done"
    return done, datasets


def report(run, node, port="report"):
    return flow.report(flow.output(run, node, port), run.scope)


def metrics(run, node):
    return report(run, node)["metrics"][0]["metrics"]


@pytest.mark.parametrize("rows", [400, 6_000])
def test_the_opened_pipeline_gives_the_figures_of_leaderboard_and_estimate(rows):
    done, datasets = searched(rows)
    held = flow.held_pipeline(report(done, "best"))
    graph = flow.reopened(done, "best", held)
    assert graph.nodes["data"].params == {"dataset": "shop"} and "best" not in graph.nodes
    assert not [problem for problem in flow.check(graph, datasets, done.scope).problems if problem.severity == "error"]
    opened = run(graph, done.scope, datasets=datasets)
    assert opened.state == "done", [step.error for step, _ in flow.steps(opened) if step.error]
    figures = held["metrics"]
    assert metrics(opened, "validate")["auc"] == pytest.approx(figures["mean_over_folds"], rel=1e-5)
    if rows > 5_000:
        assert metrics(opened, "evaluate")["auc"] == pytest.approx(figures["kept_rows"], rel=1e-12)
        assert metrics(done, "evaluate")["auc"] == pytest.approx(figures["kept_rows"], rel=1e-12)
    else:  # the predictions of all folds together are judged at once
        assert metrics(done, "evaluate")["auc"] == pytest.approx(figures["mean_over_folds"], abs=0.02)
    board = flow.table(flow.output(done, "best", "leaderboard"), done.scope).frame
    assert board["Score"][0] == pytest.approx(figures["mean_over_folds"], rel=1e-12)
    assert done.graph["nodes"].keys() == {"data", "columns", "best", "evaluate"}


def test_datasets_of_a_run_are_told_by_digest():
    done, datasets = searched(60)
    assert flow.datasets_of(done) == {"data": {"dataset": datasets.record.output.digest}}
    assert flow.held_pipeline(report(done, "evaluate")) is None
