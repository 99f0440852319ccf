"""Further figures of candidates are means over the folds; they take no time that is not there."""

import polars as pl
import pytest

from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.modelling.automl.history import History
from pipelines.modules.training._automl_others import other_figures
from pipelines.modules.training._automl_problem import problem_of
from tests.support.kept_trials import Kept
from tests.support.module_runner import run

TABLE = Table(pl.DataFrame({"x": [at % 7 for at in range(40)], "y": [2.5 * (at % 7) + at % 3 for at in range(40)]}))


@pytest.fixture(scope="module")
def searched():
    kept = Kept()
    with run_by(kept):
        run("training.train_best_model", {"label": "y", "seconds": 3600, "trials": 2, "learners": "linear"}, table=TABLE)
    problem = problem_of(TABLE, "y", "automatic", "", "automatic", "label", None, 0, None)
    return problem, History.of(kept.trials), kept.trials


def test_they_are_those_of_the_task_but_the_one_that_counts(searched):
    found = other_figures(*searched, lambda: 3600)
    assert found.keys() == {0, 1} and all({"mean_absolute_error", "r2"} <= each.keys() for each in found.values())
    assert not any("root_mean_squared_error" in each for each in found.values())


def test_without_time_there_are_none(searched):
    assert other_figures(*searched, lambda: 0) == {}
