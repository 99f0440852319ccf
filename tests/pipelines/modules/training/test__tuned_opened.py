"""Each trial of a search over settings opens as a pipeline that gives its score."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.modules.training._tuned_opened import OF_SHARE, opened
from tests.support.kept_trials import Kept
from tests.support.module_runner import only, run, run_graph

TABLE = Table(
    pl.DataFrame({"x": [at % 7 for at in range(60)], "z": [at % 5 for at in range(60)], "y": [2.0 * (at % 7) + at % 3 for at in range(60)]})
)


def tuned(untrained, **settings):
    """The entry of the report, the scores by trial, and the trials."""
    kept, inputs = Kept(), {"validation": TABLE} if settings.pop("by_table", False) else {}
    with run_by(kept):
        asked = {"label": "y", "trials": 3, "folds": 3, "metric": "R²", **settings}
        found = run("training.tune_model_hyperparameters", asked, untrained=untrained, table=TABLE, **inputs)
    frame = found["trials"].frame
    return found["report"].metrics[0], dict(zip(frame["Trial"], frame["R²"], strict=True)), kept.trials


def outputs(entry, monkeypatch):
    monkeypatch.setattr("tests.support.module_runner.stored", lambda param, name: TABLE)
    nodes = {
        id: {**node, "params": {"dataset": "it"}} if node["module"] == "data.dataset" else node
        for id, node in entry["pipeline"]["nodes"].items()
    }
    return run_graph({**entry["pipeline"], "nodes": nodes})


def test_each_trial_gives_its_score(monkeypatch):
    held, scores, trials = tuned(only("regression.linear_regression"))
    assert len(scores) == 3
    for number, score in scores.items():
        entry = opened(held, trials, f"Trial {number}")
        left = outputs(entry, monkeypatch)
        assert left["validate"]["report"].metrics[0]["metrics"]["r2"] == pytest.approx(score, rel=1e-12)
        assert entry["pipeline"]["nodes"]["validate"]["comment"] == f"In the search: {score:.6g}."
    assert outputs(held, monkeypatch)["validate"]["report"].metrics[0]["metrics"]["r2"] == pytest.approx(max(scores.values()), rel=1e-12)


def test_judged_by_a_table_it_is_evaluated_on_that_table(monkeypatch):
    held, scores, trials = tuned(only("regression.linear_regression"), by_table=True, trials=2)
    assert held["inputs"] == {"data": "table", "validation": "validation"}
    left = outputs(opened(held, trials, "trial 1"), monkeypatch)
    assert left["evaluate"]["report"].metrics[0]["metrics"]["r2"] == pytest.approx(scores[1], rel=1e-12)


def test_a_learner_made_of_learners_keeps_its_parts_and_a_share_is_said():
    parts = [only("regression.linear_regression"), only("regression.linear_regression", {"l2_weight": 0.5})]
    held, _, trials = tuned(only("training.voting", untrained=parts), validate_by="share", trials=2)
    nodes = opened(held, trials, "trial 1")["pipeline"]["nodes"]
    assert {id: node["module"] for id, node in nodes.items() if id.startswith("model")} == {
        "model": "training.voting",
        "model_1": "regression.linear_regression",
        "model_2": "regression.linear_regression",
    }
    assert nodes["model_1"]["params"] != nodes["model_2"]["params"]
    assert nodes["train"]["comment"].endswith(OF_SHARE)


def test_what_has_no_score_says_so_and_no_other_trial_is_opened():
    held, _, trials = tuned(only("regression.linear_regression"), trials=1)
    (trial,) = trials
    said = opened(held, [replace(trial, result=None)], "trial 0")["pipeline"]["nodes"]["validate"]["comment"]
    assert said == "In the search it has no score. It had not ended."
    with pytest.raises(ModuleError, match="no trial “trial 7”"):
        opened(held, trials, "trial 7")
