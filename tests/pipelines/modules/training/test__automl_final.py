"""The end of a search: what follows the training of the winner happens in the time that is left."""

import time

import polars as pl
import pytest

from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.automl.history import History
from pipelines.modules.training import _automl_explained, _automl_final
from pipelines.modules.training._automl_explained import dependences
from pipelines.modules.training._automl_final import finished
from pipelines.modules.training._automl_problem import MANY_ROWS, problem_of
from pipelines.modules.training._deadline import TimeLeft
from tests.pipelines.modules.conftest import Listener
from tests.support.kept_trials import Kept
from tests.support.module_runner import run

TABLE = Table(
    pl.DataFrame({"x": [at % 7 for at in range(40)], "z": [at % 5 for at in range(40)], "y": [2.5 * (at % 7) + at % 3 for at in range(40)]})
)


def search_of(table):
    kept = Kept()
    with run_by(kept):
        run("training.train_best_model", {"label": "y", "seconds": 3600, "trials": 2, "learners": "linear"}, table=table)
    problem = problem_of(table, "y", "automatic", "", "automatic", "label", None, 0, None)
    return problem, History.of(kept.trials), kept.trials


@pytest.fixture(scope="module")
def searched():
    return search_of(TABLE)


def test_the_seconds_that_storing_the_model_takes_are_kept(searched, monkeypatch):
    left = TimeLeft(time.monotonic() + 3600)
    monkeypatch.setattr(_automl_final, "_seconds_to_store", lambda model: 1000.0)
    final = finished(*searched, left)
    assert 2500 < left() < 2600 and final.model.report
    monkeypatch.undo()
    assert 0 < _automl_final._seconds_to_store(final.model) < 60


@pytest.mark.parametrize(("used_up", "repeats"), [(False, 3), (True, None)])
def test_only_a_search_that_took_its_time_is_explained_for_all_that_is_left(searched, monkeypatch, used_up, repeats):
    asked = []
    monkeypatch.setattr(_automl_final, "explain", lambda *of: asked.append(of[-1]) or [])
    finished(*searched, TimeLeft(time.monotonic() + 3600, used_up))
    assert asked == [repeats]


def test_a_chart_that_would_end_too_late_is_not_made_and_not_timed_by_so_many_rows(searched, monkeypatch):
    problem = searched[0]
    final = finished(*searched, TimeLeft(time.monotonic() + 3600))
    assert len(dependences(problem, final, lambda: 3600)) == 2
    asked = []
    monkeypatch.setattr(_automl_explained, "_predicted", lambda model, frame: asked.append(frame.height) or 1.0)
    assert dependences(problem, final, lambda: 10) == [] and asked == [40]
    assert len(dependences(problem, final, lambda: 15)) == 2 and asked == [40, 40, 12 * 40]


def test_a_winner_without_time_for_another_training_is_explained(monkeypatch):
    table = Table(pl.concat([TABLE.frame] * (MANY_ROWS // 40 + 1)))
    problem, history, trials = search_of(table)
    assert problem.is_split
    monkeypatch.setattr(_automl_final, "SLOWER", 1e9)  # in place of a training that takes longer than the time that is left
    monkeypatch.setattr(_automl_final, "seconds_of", lambda *_: 0.0)
    with reporting_to(listener := Listener()):
        final = finished(problem, history, trials, TimeLeft(time.monotonic() + 3600))
    assert any("trained without the kept rows" in line for line in listener.lines)
    assert any(block["title"] in _automl_explained.IMPORTANCES for block in final.model.report.blocks)
