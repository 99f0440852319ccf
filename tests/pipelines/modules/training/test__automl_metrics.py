"""The metrics of a search: which there are for which task, and what becomes of predictions without a value."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.modelling.automl.judge import DEFAULTS
from pipelines.modelling.task import offered
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._automl_metrics import AUTOMATIC, HEADINGS, OFFERED, metric_of
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import run

BEST = "training.train_best_model"
QUICK = {"label": "y", "seconds": 3600, "trials": 2}


def amounts(rows=120):
    """Amounts that grow fast: a line through them is negative at one end."""
    dice = np.random.default_rng(0)
    x = dice.uniform(0, 4, rows)
    return Table(pl.DataFrame({"x": x, "y": np.exp(1.5 * x) * dice.uniform(0.8, 1.2, rows)}))


def test_each_task_has_its_metrics_and_no_other():
    for id, default in DEFAULTS.items():
        task = label_tasks()[id]
        assert metric_of(task, AUTOMATIC).key == default
        assert [metric_of(task, metric.key).key for metric in offered(task)] == [metric.key for metric in offered(task)]
    assert set(HEADINGS) == set(OFFERED) and HEADINGS["accuracy"] == "Two or more classes" and HEADINGS["spearman"] == "Numbers"
    with pytest.raises(ModuleError, match="F1, macro is not a metric of this task") as refused:
        metric_of(label_tasks()["two_class"], "f1_macro")
    assert "Balanced accuracy" in refused.value.remedy


@pytest.mark.parametrize("other", [None, "validation"])
def test_a_label_that_never_has_the_metric_is_refused_before_the_search(other):
    wrong = amounts().with_frame(amounts().frame.with_columns(y=pl.when(pl.int_range(pl.len()) < 2).then(0.0).otherwise("y")))
    tables = {"table": wrong} if other is None else {"table": amounts(), other: wrong}
    found = refuses(BEST, {**QUICK, "metric": "mean_absolute_percentage_error"}, "metric_of_other_labels", **tables)
    assert "“y” is 0 in 2 rows" in found.words and "Filter Rows" in found.remedy
    by_group = amounts().with_frame(wrong.frame.with_columns(g=pl.lit("a")))
    settings = {"label": "y", "groups": ["g"], "metric": "mean_absolute_percentage_error"}
    refuses("training.train_best_model_by_group", settings, "metric_of_other_labels", table=by_group)


def test_a_candidate_whose_predictions_have_no_value_fails_and_the_search_goes_on():
    settings = {**QUICK, "learners": "linear, nearest_neighbors", "metric": "poisson_deviance", "trials": 3}
    found = run(BEST, settings, table=amounts())
    states = set(found["leaderboard"].frame.select("Name", "State").iter_rows())
    assert states >= {
        ("Linear 1", "failed: no_score"),
        ("Linear 2", "done"),
        ("Nearest neighbors 3", "done"),
    }  # the second is on the logarithm
    expected = next(block for block in found["report"].blocks if block["title"] == "What to expect")["rows"][0]
    assert expected[0] == "Poisson deviance" and expected[1] > 0


def test_a_metric_that_the_baseline_has_no_value_of_ends_with_a_report():
    found = run(BEST, {**QUICK, "learners": "linear", "metric": "spearman", "trials": 1}, table=amounts())["report"]
    assert found.metrics[0]["search"]["baseline"] is None and found.metrics[0]["metrics"]["spearman"] > 0.9
