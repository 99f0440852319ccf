"""Reconcile Forecasts."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.forecasting_series import method, refused
from tests.support.module_runner import dataset, only, run

HOW = ["bottom_up", "top_down", "ols", "structural", "variance", "shrinkage"]
KEYS = {"time": "week", "value": "quantity", "series": ["store", "brand"]}
ASKED = {"series": ["store", "brand"], "time": "week", "forecast": "Forecast"}


def history():
    table = dataset("orange_juice").frame.filter(pl.col("store") < 4)
    return only("forecasting.prepare_time_series", {**KEYS, "totals": True, "end": "common", "fill": "last"}, table=table)


def base():
    naive = method(method="window_mean")
    forecaster = only("forecasting.train_forecasting", {**KEYS, "horizon": 4}, table=history(), method=naive)
    noise = pl.Series(np.random.default_rng(0).normal(0, 50, 4 * 13))
    return only("forecasting.forecast", {}, forecaster=forecaster).frame.with_columns(pl.col("Forecast") + noise)


def past():
    found = run("forecasting.backtest", {**KEYS, "horizon": 4, "windows": 5}, table=history(), methods=method())["table"].frame
    return found.filter(pl.col("Method") == "Mean")


EXAMPLE = Example({**ASKED, "series": ["make", "brand"]}, {"table": lambda: [Table(base().rename({"store": "make"}))]})


@pytest.mark.parametrize("how", HOW)
def test_forecasts_add_up(how):
    found = only("forecasting.reconcile_forecasts", {**ASKED, "method": how, "non_negative": how == "ols"}, table=base(), past=past()).frame
    lowest = found.filter((pl.col("store") != "All") & (pl.col("brand") != "All"))
    for column in ("store", "brand"):
        sums = (
            lowest.group_by("store", "week").agg(pl.col("Reconciled").sum())
            if column == "store"
            else lowest.group_by("week").agg(pl.col("Reconciled").sum())
        )
        whole = found.filter((pl.col("brand") == "All") & ((pl.col("store") != "All") if column == "store" else (pl.col("store") == "All")))
        joined = whole.join(sums, on=["store", "week"] if column == "store" else ["week"])
        np.testing.assert_allclose(joined["Reconciled"], joined["Reconciled_right"], rtol=1e-9, atol=1e-9)


def test_it_needs_a_hierarchy_and_errors():
    with refused("no_hierarchy", param="series"):
        only("forecasting.reconcile_forecasts", ASKED, table=base().filter(pl.col("brand") != "All", pl.col("store") != "All"))
    with refused("no_past", port="past"):
        only("forecasting.reconcile_forecasts", {**ASKED, "method": "variance"}, table=base())
