"""The end of a search: what follows the training of the winner happens in the time that is left."""

import time

import polars as pl
import pytest

from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.modelling.automl.history import History
from pipelines.modules.training import _automl_explained, _automl_final
from pipelines.modules.training._automl_explained import dependences
from pipelines.modules.training._automl_final import finished
from pipelines.modules.training._automl_problem import problem_of
from pipelines.modules.training._deadline import TimeLeft
from tests.support.kept_trials import Kept
from tests.support.module_runner import run

TABLE = Table(
    pl.DataFrame({"x": [at % 7 for at in range(40)], "z": [at % 5 for at in range(40)], "y": [2.5 * (at % 7) + at % 3 for at in range(40)]})
)


@pytest.fixture(scope="module")
def searched():
    kept = Kept()
    with run_by(kept):
        run("training.train_best_model", {"label": "y", "seconds": 3600, "trials": 2, "learners": "linear"}, table=TABLE)
    problem = problem_of(TABLE, "y", "automatic", "", "automatic", "label", None, 0, None)
    return problem, History.of(kept.trials), kept.trials


def test_the_seconds_that_storing_the_model_takes_are_kept(searched, monkeypatch):
    left = TimeLeft(time.monotonic() + 3600)
    monkeypatch.setattr(_automl_final, "_seconds_to_store", lambda model: 1000.0)
    final = finished(*searched, left)
    assert 2500 < left() < 2600 and final.model.report
    monkeypatch.undo()
    assert 0 < _automl_final._seconds_to_store(final.model) < 60


def test_a_chart_that_would_end_too_late_is_not_made_and_not_timed_by_so_many_rows(searched, monkeypatch):
    problem = searched[0]
    final = finished(*searched, TimeLeft(time.monotonic() + 3600))
    assert len(dependences(problem, final, lambda: 3600)) == 2
    asked = []
    monkeypatch.setattr(_automl_explained, "_predicted", lambda model, frame: asked.append(frame.height) or 1.0)
    assert dependences(problem, final, lambda: 10) == [] and asked == [40]
    assert len(dependences(problem, final, lambda: 15)) == 2 and asked == [40, 40, 12 * 40]
