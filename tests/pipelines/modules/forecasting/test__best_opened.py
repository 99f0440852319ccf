"""Each candidate of a search for a forecast opens as a pipeline whose Backtest gives its figure."""

import pytest

from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.ports import Table
from pipelines.graph import codec
from pipelines.modules.forecasting._best_opened import opened
from tests.pipelines.modules.forecasting_series import KEYS, weekly
from tests.support.kept_trials import Kept
from tests.support.module_runner import run, run_graph

ASKED = {**KEYS, "seconds": 3600, "trials": 4, "methods": "baseline, linear_on_lags", "horizon": 4, "windows": 3}


def test_each_candidate_gives_its_figure(monkeypatch):
    frame, kept = weekly(3, 50), Kept()
    with run_by(kept):
        found = run("forecasting.train_best_forecaster", ASKED, table=Table(frame))
    held = found["report"].metrics[0]
    monkeypatch.setattr("tests.support.module_runner.stored", lambda param, name: Table(frame))
    rows = [row for row in found["leaderboard"].frame.iter_rows(named=True) if row["Method"] != "forecasting.average_methods"]
    assert len(rows) == 4 and {row["Method"] for row in rows} == {"forecasting.baseline", "forecasting.regression_on_lags"}
    for row in rows:
        document = codec.dump(codec.load(opened(held, kept.trials, row["Name"])["pipeline"]))
        document["nodes"]["data"]["params"] = {"dataset": "it"}
        left = run_graph(document)
        name = left["method_01"]["method"].name
        metrics = next(each["metrics"] for each in left["compare"]["report"].metrics if each["name"] == name)
        assert metrics["mase"] == pytest.approx(row["Score"], rel=1e-12)
        assert (
            f"MASE {row['Score']:.6g}" in document["nodes"]["compare"]["comment"]
            and "Mean over 3 origins" in document["nodes"]["compare"]["comment"]
        )
        assert "comment" not in document["nodes"]["estimate"] and document["nodes"]["method_01"]["title"] == row["Name"]
