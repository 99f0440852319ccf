"""Train Lag Models by Series."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LinearRegression

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import only, run

EXAMPLE = Example({"label": "price", "time": "seen", "groups": ["drive-wheels"], "lags": 2, "horizon": 3, "may_fail_share": 100})
TRAIN, SCORE = "training.train_lag_models", "scoring.score_model_by_group"
WEEKS, AHEAD = 60, 6


def rows(count=30, seed=0):
    random = np.random.default_rng(seed)
    values = 500 + random.normal(size=(count, WEEKS)).cumsum(axis=1) * 5 + 40 * np.sin(np.arange(WEEKS))
    weeks = [date(2024, 1, 1) + timedelta(7 * week) for week in range(WEEKS)]
    return pl.DataFrame({"store": np.repeat(np.arange(count), WEEKS), "week": weeks * count, "sales": values.ravel()})


def train(frame, **settings):
    return run(TRAIN, {"label": "sales", "time": "week", "groups": ["store"], "lags": 4, "horizon": AHEAD, **settings}, table=frame)


def loop(values, back, ahead):
    """A regression on earlier values, and its forecasts."""
    most, known = max(back), values.tolist()
    x = np.column_stack([values[most - lag : len(values) - lag] for lag in back])
    model = LinearRegression().fit(x, values[most:])
    for _ in range(ahead):
        known.append(float(model.predict([[known[-lag] for lag in back]])[0]))
    return np.array(known[-ahead:])


@pytest.mark.parametrize("season", [0, 12])
def test_forecasts_are_those_of_a_loop_over_series(season):
    frame, back = rows(), [1, 2, 3, 4, *([season] if season else [])]
    shuffled = frame[np.random.default_rng(1).permutation(frame.height)]
    found = train(shuffled, season=season)
    ahead = [date(2024, 1, 1) + timedelta(7 * (WEEKS + week)) for week in range(AHEAD)]
    future = pl.DataFrame({"store": np.repeat(np.arange(30), AHEAD), "week": ahead * 30})
    scored = only(SCORE, models=found["models"], table=future).frame["Scored Labels"].to_numpy().reshape(30, AHEAD)
    table = found["table"].frame.sort("store")
    for place, values in enumerate(frame["sales"].to_numpy().reshape(30, WEEKS)):
        np.testing.assert_allclose(scored[place], loop(values, back, AHEAD), rtol=1e-9)
        errors = np.abs(loop(values[:-AHEAD], back, AHEAD) - values[-AHEAD:])
        assert table["WAPE"][place] == pytest.approx(errors.sum() / values[-AHEAD:].sum(), rel=1e-8)
        naive = values[-AHEAD - (season or 1) :][: (season or 1)]
        wanted = np.abs(np.resize(naive, AHEAD) - values[-AHEAD:]).sum() / values[-AHEAD:].sum()
        assert table["Naive forecast: WAPE"][place] == pytest.approx(wanted, rel=1e-12)


def test_rows_before_are_used_where_they_are_known():
    frame = rows(3)
    models = train(frame)["models"]
    last = frame.filter(pl.col("week").rank("dense") > WEEKS - AHEAD)
    gap = frame.with_columns(sales=pl.when(pl.col("week").rank("dense") <= WEEKS - AHEAD).then("sales"))
    scored = only(SCORE, models=models, table=gap).frame
    coefficients = models.facts["coefficients"][0].to_list()
    values = frame["sales"].to_list()[: WEEKS - AHEAD]
    first = coefficients[0] + sum(slope * values[-lag] for lag, slope in enumerate(coefficients[1:], 1))
    assert scored["Scored Labels"][WEEKS - AHEAD] == pytest.approx(first, rel=1e-12)
    assert scored["Scored Labels"][:4].null_count() == 4, "there is nothing before them"
    assert only(SCORE, models=models, table=last).frame["Scored Labels"].null_count() == 3 * 4, "history that training knows is not guessed"


def test_series_without_a_model_and_without_rows():
    frame = rows(2)
    models = train(frame.filter(pl.col("store") == 0))["models"]
    scored = only(SCORE, models=models, table=frame).frame
    assert scored["Scored By"].to_list() == ["own model"] * WEEKS + ["no model"] * WEEKS
    assert only(SCORE, models=models, table=frame.clear()).frame.height == 0
    assert train(frame.clear())["table"].frame.height == 0
    with pytest.raises(ModuleError) as caught:
        only(SCORE, models=models, table=frame.drop("week"))
    assert caught.value.code == "missing_columns"


def test_fifty_poisoned_series_have_fifty_coded_outcomes_and_leave_the_others_as_they_are():
    frame, store, week = rows(300), pl.col("store"), pl.col("week").rank("dense")
    poisoned = frame.with_columns(
        sales=pl.when((store < 10) & (week == 9)).then(float("inf")).when(store.is_between(10, 19)).then(None).otherwise("sales"),
        week=pl.when(store.is_between(20, 29) & (week == 5)).then(pl.col("week") - pl.duration(weeks=1)).otherwise("week"),
    ).filter(~store.is_between(30, 49) | (week < 7))
    found, clean = train(poisoned, may_fail_share=20)["table"].frame, train(frame)["table"].frame
    codes = found["Outcome"].to_list()
    assert codes[:50] == ["label_not_finite"] * 10 + ["no_values"] * 10 + ["duplicate_times"] * 10 + ["too_few_rows"] * 20
    assert found[50:].equals(clean[50:])
    with pytest.raises(ModuleError) as caught:
        train(poisoned)
    assert caught.value.code == "too_many_failed_items" and "Series that may fail (%)" in str(caught.value.remedy)


def test_oddities_are_remarked():
    frame, store, week = rows(5), pl.col("store"), pl.col("week").rank("dense")
    odd = frame.with_columns(
        sales=pl.when(store == 0)
        .then(3.0)
        .when((store == 1) & (week == 30))
        .then(None)
        .when(store == 2)
        .then(week.cast(pl.Float64))
        .otherwise("sales")
    ).filter(~((store == 3) & week.is_between(20, 22)), ~((store == 4) & (week > 12)))
    remarks = train(odd)["table"].frame["Remarks"].to_list()
    assert remarks == ["constant_label", "missing_values", "no_unique_solution", "clock_gap", "too_few_rows_to_judge"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"week": pl.lit("soon")}, "not_a_time"), ({"sales": pl.lit("many")}, "label_not_a_number")],
)
def test_columns_of_other_types_are_refused(change, code):
    with pytest.raises(ModuleError) as caught:
        train(rows(2).with_columns(**change))
    assert caught.value.code == code


def test_a_column_that_is_a_label_and_a_series_is_refused():
    with pytest.raises(ModuleError) as caught:
        train(rows(2), groups=["week"])
    assert caught.value.code == "label_is_a_group"


def test_the_report_shows_the_worst_series_with_the_forecasts_that_judge_them():
    frame = rows()
    found = train(frame)
    block = next(block for block in found["models"].report.blocks if block["type"] == "forecast")
    table = found["table"].frame
    worst = table.sort("WAPE", descending=True)["store"].head(12).to_list()
    assert [int(series["name"]) for series in block["series"]][:12] == worst and len(block["series"]) == 24 and block["total"] == 30
    series = block["series"][0]
    values = frame.filter(pl.col("store") == worst[0])["sales"].to_numpy()
    assert series["forecast"] == pytest.approx(loop(values[:-AHEAD], [1, 2, 3, 4], AHEAD), rel=1e-5)
    assert series["values"] == pytest.approx(values, rel=1e-5) and series["start"] == WEEKS - AHEAD
    assert (series["times"][0], series["bands"]) == ("2024-01-01", [])
    assert not [block for block in train(frame, horizon=0)["models"].report.blocks if block["type"] == "forecast"]
