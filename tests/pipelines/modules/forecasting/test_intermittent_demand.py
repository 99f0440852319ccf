"""Intermittent Demand."""

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, trained

RARE = [0, 0, 3, 0, 5, 0, 0, 0, 2, 0, 4, 0]


def demands(*series):
    weeks = np.datetime64("2024-01-04") + 7 * np.arange(len(series[0]))
    keys = [name for name in "abcdef"[: len(series)] for _ in weeks]
    return pl.DataFrame({"key": keys, "week": np.tile(weeks, len(series)), "y": [each for one in series for each in one]})


def smoothed(values, factor=0.1):
    level = values[0]
    for value in values[1:]:
        level += factor * (value - level)
    return level


def test_forecasts_are_those_of_the_definition():
    size, gap = smoothed([3, 5, 2, 4]), smoothed([3, 2, 4, 2])
    share = smoothed([float(each > 0) for each in RARE])
    wanted = {"croston": size / gap, "sba": 0.95 * size / gap, "tsb": size * share}
    for name, value in wanted.items():
        found = forecasts(demands(RARE), method("intermittent_demand", method=name), horizon=2, intervals=False)
        assert found["Forecast"].to_list() == pytest.approx([value] * 2, rel=1e-12)


@pytest.mark.parametrize("name", ["croston", "sba", "tsb"])
def test_series_without_demand_with_gaps_and_below_0_have_a_forecast(name, notes):
    series = (
        [0.0] * 12,
        [None if place == 3 else each for place, each in enumerate(RARE)],
        [-1 if place == 1 else each for place, each in enumerate(RARE)],
    )
    found = forecasts(demands(*series), method("intermittent_demand", method=name), horizon=1, intervals=False)["Forecast"].to_list()
    assert found[0] == 0 and found[1] > 0 and found[2] > 0
    assert "1 series with values below 0, which count as no demand" in " ".join(
        notes
    ) and "1 series with gaps, which count for nothing" in " ".join(notes)


def test_training_says_how_many_series_are_intermittent(notes):
    lumpy = [0, 0, 1, 0, 90, 0, 0, 2, 0, 0, 1, 0]
    trained(demands(RARE, lumpy, list(range(1, 13))), method(), horizon=1)
    assert "Of 3 series, 1 intermittent and 1 lumpy" in " ".join(notes)
