"""Train Best Forecasting Model: keeps its limits, judges honestly, and its winner as a pipeline gives the same figures."""

import time

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import next_item, run_by
from pipelines.catalogue.ports import Table
from pipelines.graph import codec
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.forecasting_series import KEYS, OF_CARS, weekly
from tests.support.module_runner import run, run_graph

BEST = "forecasting.train_best_forecaster"
QUICK = {"seconds": 3600, "trials": 3, "methods": "baseline, linear_on_lags"}
ASKED = {**KEYS, **QUICK, "horizon": 4, "windows": 3}
EXAMPLE = Example({**OF_CARS, **QUICK, "horizon": 3, "windows": 2})


def search(frame, **settings):
    return run(BEST, {**ASKED, **settings}, table=Table(frame))


def told(found):
    return found["report"].metrics[0]


def reopened(found, frame, monkeypatch):
    """The outputs of the winner's pipeline, on the same table."""
    document = told(found)["pipeline"]
    assert codec.dump(codec.load(document)) == document
    monkeypatch.setattr("tests.support.module_runner.stored", lambda param, name: Table(frame))
    document = {**document, "nodes": {**document["nodes"], "data": {"module": "data.dataset", "params": {"dataset": "it"}}}}
    return run_graph(document)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"metric": "wape", "trials": 6},
        {"methods": "baseline", "trials": 4},
        {"methods": "boosted_trees_on_lags", "trials": 1, "horizon": 2},
    ],
)
def test_the_reopened_pipeline_gives_the_figures_of_the_leaderboard_and_of_the_estimate(settings, monkeypatch):
    frame = weekly(5, 70)
    found = search(frame, **settings)
    key, entry = settings.get("metric", "mase"), told(found)
    assert found["leaderboard"].frame["Score"][0] == entry["search"]["score"]["value"] == entry["metrics"]["mean_over_origins"]
    left = reopened(found, frame, monkeypatch)
    winner = found["forecaster"].method.name

    def figure(node):
        return next(each["metrics"][key] for each in left[node]["report"].metrics if each["name"] == winner)

    assert figure("compare") == pytest.approx(entry["metrics"]["mean_over_origins"], rel=1e-9)
    assert figure("estimate") == pytest.approx(entry["metrics"][key], rel=1e-9)
    horizon = settings.get("horizon", 4)
    assert left["train"]["forecaster"].forecast(horizon, {}) == pytest.approx(found["forecaster"].forecast(horizon, {}), rel=1e-9)
    assert left["forecast"]["table"].frame.height == 5 * horizon


def test_methods_that_err_on_different_sides_are_averaged_by_weights(monkeypatch):
    t, draw = np.arange(60), np.random.default_rng(3)
    frame = pl.concat(
        [
            pl.DataFrame({"key": f"s{place}", "week": np.datetime64("2022-01-06") + 7 * t, "y": 100 + t * slope + draw.normal(0, 3, 60)})
            for place, slope in enumerate((0.5, -0.5, 0.2, 0.8))
        ]
    )
    found = search(frame, methods="baseline", trials=5)
    weights = told(found)["search"]["weights"]
    assert len(weights) > 1 and found["leaderboard"].frame["Name"][0] == f"Blend of {len(weights)}"
    assert sum(found["leaderboard"].frame["Weight in the blend"][1:]) == sum(each["weight"] for each in weights)
    scores = found["leaderboard"].frame["Score"].drop_nulls().to_list()
    assert scores == sorted(scores)
    assert "weights" in reopened(found, frame, monkeypatch)["blend"]["method"].settings


def test_the_search_never_sees_the_periods_of_the_estimate():
    frame, horizon = weekly(4, 60), 4
    last = pl.col("week") > pl.col("week").max() - pl.duration(weeks=horizon)
    other = frame.with_columns(y=pl.when(last).then(pl.col("y") * 10).otherwise("y"))
    one, two = search(frame), search(other)
    assert told(one)["search"]["is_honest"] and one["leaderboard"].frame["Score"].equals(two["leaderboard"].frame["Score"])
    assert told(one)["metrics"]["mase"] != told(two)["metrics"]["mase"]


def test_a_short_history_says_that_the_estimate_is_flattered(notes):
    found = search(weekly(3, 9))
    assert not told(found)["search"]["is_honest"] and "chose the winner" in told(found)["search"]["estimate"]["of"]
    assert "estimate" not in told(found)["pipeline"]["nodes"] and any("too short to keep" in line for line in notes)


def test_it_ends_for_each_of_its_reasons():
    frame = weekly(3, 50)
    ended = [
        told(search(frame, **settings))["search"]["ended"]
        for settings in ({}, {"target_score": 1e9}, {"trials": None, "patience": 2}, {"trials": None, "methods": "baseline"})
    ]
    assert ended == [
        "3 candidates were tried.",
        "The score that suffices was reached.",
        "2 candidates brought no gain.",
        "All methods were tried.",
    ]


def test_it_keeps_its_time():
    started = time.monotonic()
    found = search(weekly(40, 60), seconds=3, trials=None, patience=None, methods="baseline, linear_on_lags, boosted_trees_on_lags")
    assert told(found)["search"]["ended"] == "The time was over."
    assert time.monotonic() - started < 20, "of three seconds, on a busy machine"


def test_guardrails_name_what_may_spoil_forecasts():
    frame = weekly(4, 60).with_columns(price=pl.col("y") * 2)
    frame = frame.with_columns(
        y=pl.when(pl.col("key") == "s00000").then(7.0).when(pl.col("week") == pl.date(2022, 6, 2)).then(None).otherwise("y")
    )
    frame = frame.with_columns(y=pl.when((pl.col("key") == "s00001") & (pl.col("week") == pl.date(2022, 7, 7))).then(1e7).otherwise("y"))
    frame = frame.filter((pl.col("key") != "s00002") | (pl.col("week") > pl.date(2023, 1, 19)))
    found = {each["id"]: each for each in told(search(frame, known_ahead=["price"]))["search"]["guardrails"]}
    said = {id for id, each in found.items() if each["state"] != "passed"}
    assert said >= {"gaps", "constant_series", "far_values", "short_series"}
    assert found["constant_series"]["state"] == "done" and found["frequency"]["words"] == "The series are weekly."
    leaking = weekly(4, 60).with_columns(price=pl.col("y") * 2)
    leak = next(each for each in told(search(leaking, known_ahead=["price"]))["search"]["guardrails"] if each["id"] == "leak")
    assert (leak["state"], leak["columns"]) == ("alerted", ["price"])
    clean = told(search(weekly(4, 60)))["search"]["guardrails"]
    assert {each["state"] for each in clean} == {"passed"}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"methods": "prophet"}, "unknown_method_name"),
        ({"without": "linear_on_lags, baseline"}, "no_method"),
        ({"horizon": 60}, "too_short"),
    ],
)
def test_what_cannot_be_searched_is_said(settings, code):
    with pytest.raises(ModuleError) as caught:
        search(weekly(3, 50), **settings)
    assert caught.value.code == code and caught.value.remedy


class Asked(Exception):
    """The content of the first trial that a search asks for."""


class Asking:
    """Executes no trial: says what is asked for first."""

    opened = None

    def run(self, fan):
        raise Asked(next_item(fan, [], None).content)


def first_trial(**settings):
    frame = weekly(2, 50).with_columns(other=pl.col("y") + 1)
    with run_by(Asking()), pytest.raises(Asked) as caught:
        search(frame, **settings)
    return caught.value.args[0]


@pytest.mark.parametrize(
    "other", [{"value": "other"}, {"metric": "wape"}, {"horizon": 3}, {"windows": 2}, {"seed": 7}, {"known_ahead": ["other"]}]
)
def test_a_trial_is_known_only_to_searches_that_ask_the_same(other):
    assert first_trial(**other) != first_trial() == first_trial(seconds=60, trials=9, patience=3, target_score=0.1)
