"""Signals and windows over rows in order, beside Polars and SciPy."""

from __future__ import annotations

import polars as pl

from tests.bench.module_baselines.case import beside
from tests.bench.module_baselines.tables import flights
from tests.bench.module_baselines.transform import DELAYS


@beside("transform.smooth_signals", {"columns": DELAYS, "output": "only"}, table=flights)
def smooth_signals(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(
        pl.when(pl.col(name).is_not_null()).then(pl.col(name).rolling_mean(5, min_samples=1, center=True)).alias(f"{name}_mean")
        for name in DELAYS
    )


@beside(
    "transform.smooth_signals", {"columns": ["distance"], "method": "butterworth", "output": "only"}, variant="butterworth", table=flights
)
def butterworth(table: pl.DataFrame) -> pl.DataFrame:
    from scipy.signal import butter, sosfiltfilt  # noqa: PLC0415

    sections = butter(4, 0.1, fs=1, output="sos")
    return pl.DataFrame({"distance_butterworth": sosfiltfilt(sections, table["distance"].to_numpy())})


@beside("transform.window", {"columns": DELAYS, "function": "rolling_mean"}, variant="rolling mean", table=flights)
def rolling_mean(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(name).rolling_mean(3, min_samples=1).alias(f"{name}_rolling_mean_3") for name in DELAYS)


@beside("transform.window", {"columns": DELAYS, "group_by": ["carrier"]}, variant="lag by group", table=flights)
def lag(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(name).shift(1).over("carrier").alias(f"{name}_lag_1") for name in DELAYS)


@beside(
    "transform.window", {"columns": ["distance"], "function": "total", "order_by": ["time_hour"]}, variant="total in order", table=flights
)
def total(table: pl.DataFrame) -> pl.DataFrame:
    placed = table.select("time_hour", "distance").with_row_index().sort("time_hour", nulls_last=True, maintain_order=True)
    sums = placed.with_columns(pl.col("distance").cum_sum()).sort("index")["distance"]
    return table.with_columns(sums.alias("distance_total"))
