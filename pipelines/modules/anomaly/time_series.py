"""Time Series Anomaly Detection: points of a series that its own course does not lead to expect."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Title
from pipelines.catalogue.ports import Report, Table
from pipelines.modelling.anomalies import SCORE
from pipelines.modules.anomaly._series import ALERT, check_series, scored_series, timed_values
from pipelines.modules.anomaly._series_report import series_report


class Alerts(NamedTuple):
    """The series and its alerts.

    Args:
        table: The rows with their score, and whether they are an alert.
        report: The series with its alerts, and the scores.
    """

    table: Table
    report: Report


def _columns(table: Table, **_: object) -> tuple[Table, None]:
    frame = table.frame.with_columns(pl.Series(SCORE, [], dtype=pl.Float64), pl.Series(ALERT, [], dtype=pl.Boolean))
    return table.with_frame(frame), None


@module(
    "Time Series Anomaly Detection",
    icon="activity",
    columns=_columns,
    aliases=("spectral residual", "alerts", "spikes", "monitoring", "sr-cnn", "change point", "signal"),
    libraries=("numpy",),
)
def time_series(
    table: Table,
    *,
    time: Column,
    value: Column,
    threshold: Annotated[float, Range(0, exclusive_min=True)] = 3.0,
    window: Annotated[int, Range(2), Title("Points of the local average")] = 21,
    frequencies: Annotated[int, Range(1), Title("Frequencies of the average")] = 3,
) -> Alerts:
    """Find points of a series that stand out from its trend and its cycles, such as spikes and dips.

    It needs neither a label nor training. The spectrum of the series is computed, its log amplitude is averaged over neighboring frequencies, and what is left
    of the series without that average stands out. The score of a point is how many times this exceeds its average over the point and those before
    it, less one. The whole series is used, so a score also depends on later points. A level that changes for good is an alert where it changes, not
    after.

    Rows are read in the order of time, at the same time in the order of the table; the output keeps the table's order. The points should be evenly spaced: the
    log says if they are not. A missing or infinite value is interpolated for the others, and has neither score nor alert; so has a row without a
    time. For one series of several in a table, filter its rows first.

    Source: H. Ren, B. Xu, Y. Wang and others, "Time-series anomaly detection service at Microsoft", KDD (2019), spectral residual: five points are
    added at the end, by the mean slope to the last five points. Averages end at a point, as in the authors' program.

    When to use:
        For one series at even intervals, such as visits by the hour, without labels and without training.

    Args:
        table: The table with the series.
        time: When each value was measured: a date, a timestamp or a number.
        value: The column of values.
        threshold: A point is an alert if its score is above this. A smaller one gives more alerts.
        window: Over how many points, the point itself among them, the local average is computed.
        frequencies: Over how many neighboring frequencies the spectrum is averaged.

    Example:
        table: transform.edit_metadata
        transform.edit_metadata: {"table": {"transform.filter_rows": {"column": "origin", "condition": "equal", "value": "JFK", "table": {"data.dataset": {"dataset": "flight_weather"}}}}, "columns": ["time_hour"], "type": "datetime", "datetime_format": "%Y-%m-%dT%H:%M:%SZ", "categorical": "unchanged"}
        time: "time_hour"
        value: "pressure"
    """
    check_series(table, time, value)
    frame = timed_values(table, time, value)
    scored = scored_series(frame, value, threshold, window, frequencies)
    columns = frame.select("row").join(scored.select("row", SCORE, ALERT), on="row", how="left", maintain_order="left")
    result = table.frame.with_columns(columns[SCORE], columns[ALERT].fill_null(False))
    return Alerts(table.with_frame(result), series_report(scored, time, value, threshold))
