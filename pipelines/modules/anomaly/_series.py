"""A series in the order of time, and the scores of its points."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.anomalies import SCORE
from pipelines.modelling.numbers import need_numbers, numbers_of, tell_infinities
from pipelines.modules.anomaly._spectral_residual import scores

ALERT = "Alert"
FEWEST = 12


def timed_values(table: Table, time: str, value: str) -> pl.DataFrame:
    """Return the columns `row`, `time` and `value` of each row; what is not a finite number is missing."""
    times = table.frame[time]
    if times.dtype.is_float():
        times = numbers_of(times)
    return pl.DataFrame({"time": times, "value": numbers_of(table.frame[value])}).with_row_index("row")


def scored_series(frame: pl.DataFrame, value: str, threshold: float, window: int, frequencies: int) -> pl.DataFrame:
    """Return the rows that have a time, in its order, with score and alert.

    Raises:
        ModuleError: `too_few_rows`.
    """
    timed = frame.filter(pl.col("time").is_not_null()).sort("time", maintain_order=True)
    if lost := frame.height - timed.height:
        log(f"{counted(lost, 'row')} without a time {'has' if lost == 1 else 'have'} no score.", "warning")
    known = timed["value"].drop_nulls()
    if len(known) < FEWEST:
        words = f"“{value}” has {counted(len(known), 'value')} with a time; a series needs at least {FEWEST}."
        raise ModuleError("too_few_rows", words, port="table", column=value, param="value", remedy="Use a longer series.")
    if gaps := len(timed) - len(known):
        log(f"{counted(gaps, 'missing value')} of “{value}” {'was' if gaps == 1 else 'were'} interpolated.", "warning")
    _tell_steps(timed["time"])
    series = timed["value"].interpolate().fill_null(strategy="backward").fill_null(strategy="forward").to_numpy()
    scale = float(np.abs(series).max()) or 1.0  # the score does not depend on it, and sums stay finite
    found = pl.Series(SCORE, scores(series / scale, frequencies, window)).set(timed["value"].is_null(), None)
    scored = timed.with_columns(found, (found > threshold).fill_null(False).alias(ALERT))
    log(f"{counted(int(scored[ALERT].sum()), 'alert')} in {counted(len(known), 'value')}.")
    return scored


def check_series(table: Table, time: str, value: str) -> None:
    """Check the columns of a series.

    Raises:
        ModuleError: `unknown_column`, `not_a_number`, `not_a_time` or `duplicate_column`.
    """
    require(time, table, param="time")
    require(value, table, param="value")
    need_numbers(table.frame, [value], param="value")
    tell_infinities(table.frame, [value])
    if kind_of(table.frame.schema[time]) not in ("datetime", "number"):
        raise ModuleError(
            "not_a_time",
            f"“{time}” has {kind_of(table.frame.schema[time])} values, which are neither times nor numbers.",
            column=time,
            port="table",
            param="time",
            remedy="Select a column of dates, timestamps or numbers, or change the type with Edit Metadata.",
        )
    for column in (SCORE, ALERT):
        if column in table.frame.columns:
            raise ModuleError(
                "duplicate_column",
                f"The table has a column “{column}”, as a new one is called.",
                column=column,
                port="table",
                remedy="Rename it with Edit Metadata.",
            )


def _tell_steps(times: pl.Series) -> None:
    steps = times.to_physical().cast(pl.Float64).diff().drop_nulls()
    usual = steps.median()
    if not isinstance(usual, float) or usual <= 0:
        log("Most rows have the same time as another one, so the points are not evenly spaced.", "warning")
    elif odd := int(((steps - usual).abs() > 0.01 * usual).sum()):
        # months and years differ in length
        log(
            f"{odd:,} of {len(steps):,} steps between times differ from the usual one by more than 1\u00a0%; points are treated as evenly spaced.",
            "warning",
        )
