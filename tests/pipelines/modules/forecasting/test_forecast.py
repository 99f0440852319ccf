"""Forecast."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.forecaster import KIND
from pipelines.kinds.untrained_forecaster import KIND as UNTRAINED
from pipelines.modelling.forecasting import charts
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.forecasting_series import car_forecaster, forecasts, method, on_lags, refused, trained, weekly
from tests.support.module_runner import only, run

EXAMPLE = Example({}, {"forecaster": lambda: [car_forecaster()]})


@pytest.mark.parametrize(
    "made", [method, lambda: on_lags(windows="4"), lambda: on_lags(strategy="direct")], ids=["naive", "recursive", "direct"]
)
def test_no_value_after_the_origin_changes_a_forecast(made):
    frame = weekly(3)
    later = pl.when(pl.col("week") > pl.date(2024, 3, 1)).then(pl.col("y") * 1000).otherwise("y")
    known = frame.filter(pl.col("week") <= pl.date(2024, 3, 1))
    board = {"time": "week", "value": "y", "series": ["key"], "horizon": 5, "windows": 2}
    before = run("forecasting.backtest", board, table=frame, methods=made())["table"].frame
    after = run("forecasting.backtest", board, table=frame.with_columns(y=later), methods=made())["table"].frame
    early = pl.col("Origin") <= known["week"].max()
    assert before.filter(early)["Forecast"].equals(after.filter(early)["Forecast"]) and before.filter(early).height > 0


def test_a_series_that_ends_earlier_is_forecast_from_its_own_end():
    frame = weekly(2).filter((pl.col("key") == "s00000") | (pl.col("week") < pl.date(2024, 1, 1)))
    first = forecasts(frame, method(), horizon=2).filter(pl.col("Step") == 1)
    assert first["week"].to_list() == [datetime(2024, 5, 9).date(), datetime(2024, 1, 4).date()]


def test_days_of_a_zone_are_those_of_the_wall_clock():
    days = pl.datetime_range(datetime(2024, 3, 1), datetime(2024, 3, 30), "1d", time_zone="Europe/Berlin", eager=True)
    frame = pl.DataFrame({"week": days, "key": "a", "y": np.arange(30.0)})
    found = forecasts(frame, method(), horizon=3)["week"]
    assert found.dtype == frame["week"].dtype and [each.hour for each in found] == [0, 0, 0] and found[1].day == 1


@pytest.mark.parametrize("every", ["1h", "1mo", "1q"])
def test_other_frequencies_go_on(every):
    times = pl.datetime_range(datetime(2020, 1, 31), datetime(2029, 12, 31) if every != "1h" else datetime(2020, 2, 3), every, eager=True)
    frame = pl.DataFrame({"week": times, "key": "a", "y": np.arange(float(len(times)))})
    found = forecasts(frame, method(method="drift"), horizon=2, intervals=False)
    assert found["Forecast"].to_list() == pytest.approx([len(times), len(times) + 1]) and found["week"][0] > times[-1]


@pytest.mark.parametrize("made", [method, on_lags], ids=["naive", "lags"])
def test_a_stored_forecaster_forecasts_the_same(made, tmp_path):
    forecaster = trained(weekly(3), made())
    KIND.write(forecaster, tmp_path / "one")
    KIND.check(tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(back, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert only("forecasting.forecast", {}, forecaster=back).frame.equals(only("forecasting.forecast", {}, forecaster=forecaster).frame)
    UNTRAINED.write(made(), tmp_path / "method")
    UNTRAINED.check(tmp_path / "method")
    assert UNTRAINED.read(tmp_path / "method").settings.keys() == made().settings.keys()


def test_the_report_has_a_thousand_series_and_of_very_many_some(monkeypatch):
    def shown(size):
        return run("forecasting.forecast", {}, forecaster=trained(weekly(size, 60), method()))["report"].blocks[0]

    block = shown(1000)
    assert (block["total"], len(block["series"]), block["chosen"]) == (1000, 1000, "")
    monkeypatch.setattr(charts, "MOST_NUMBERS", 1)
    block = shown(60)
    assert (block["total"], len(block["series"]), block["chosen"]) == (60, 24, "12 with the largest errors and 12 at random")


def test_it_refuses_what_it_was_not_trained_for():
    frame = weekly(2).with_columns(offer=1.0)
    with refused("horizon_too_long", param="horizon"):
        only("forecasting.forecast", {"horizon": 14}, forecaster=trained(frame, method()))
    with refused("missing_known_ahead", port="known_ahead"):
        forecasts(frame, on_lags(), known_ahead=["offer"])
    with refused("wrong_levels", param="levels"):
        only("forecasting.forecast", {"levels": "a"}, forecaster=trained(frame, method()))
