"""Smooth and Filter Signals: moving averages and medians, low, high and band pass filters."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import NUMERIC, require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.fitted import needed
from pipelines.modelling.numbers import tell_infinities
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._cleaning import finite
from pipelines.modules.transform._placing import Output, placed
from pipelines.modules.transform._smoothing import OF_ALL_ROWS, Filter, Method, Step, smoother


@module(
    "Smooth and Filter Signals",
    icon="wave-saw-tool",
    columns=PROBE,
    aliases=(
        "Apply Filter",
        "moving average",
        "median filter",
        "low pass",
        "high pass",
        "band pass",
        "FIR Filter",
        "IIR Filter",
        "Butterworth",
        "denoise",
    ),
    libraries=("numpy", "scipy"),
    lineage=Lineage(rows="same", apart="never"),
)
def smooth_signals(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    method: Method = "mean",
    filter: Filter,
    group: Column | None = None,
    output: Output = "append",
) -> Table:
    """Smooth numeric columns along the rows, or keep only some of their frequencies.

    Rows must be in order of time, at equal intervals. Missing values stay missing. Averages, medians and exponential smoothing skip them; FIR and
    Butterworth filters interpolate them linearly, and the log reports it. Windows are shorter at both ends. Causal filters start from the steady
    state of the first value; zero-phase filters extend the ends by odd reflection. New columns are named NAME_METHOD. Source: SciPy's `firwin`
    (Hamming window) and `butter`, applied by `filtfilt` and `sosfiltfilt`, or `lfilter` and `sosfilt`.

    When to use:
        For measurements over time: to remove noise, a trend or a hum, before features are computed.

    Args:
        table: The table with signals, in order of time.
        columns: The columns to filter.
        method: The filter.
        group: A column that identifies separate signals, such as a sensor; each is filtered separately.
        output: Append the filtered columns, replace the columns, or keep only the filtered columns.

    Returns:
        The table with the filtered signals.

    Example:
        data.dataset: {"dataset": "flight_weather"}
        columns: ["pressure"]
        group: "origin"
    """
    chosen = columns.pick(table)
    needed(table, chosen, numbers=True)
    filter.check(method)
    if group is not None:
        require(group, table, param="group")
        chosen = [column for column in chosen if column != group or column in columns.named()]
    whole = tell_infinities(table.frame, chosen)
    step = smoother(method, filter)
    groups = None if group is None else table.frame[group]

    def smoothed(column: str) -> pl.Series:
        values = table.frame[column].cast(pl.Float64)
        signal = values if column in whole else finite(values)
        if method in OF_ALL_ROWS and (gaps := signal.null_count()):
            _tell_gaps(column, gaps, len(signal))
        return _by_group(signal, groups, step)

    results = parallel_map(smoothed, chosen, table.frame.height)
    made = {column: [(f"{column}_{method}", result)] for column, result in zip(chosen, results, strict=True)}
    return table.with_frame(table.frame.select(placed(table.frame.columns, made, output)))


def _tell_gaps(column: str, gaps: int, rows: int) -> None:
    if gaps == rows:
        log(f"“{column}”: there are no values to filter.", "warning")
        return
    one = gaps == 1
    log(
        f"“{column}”: {counted(gaps, 'missing value')} {'was' if one else 'were'} interpolated for the filter;"
        f" {'it stays' if one else 'they stay'} missing."
    )


def _by_group(signal: pl.Series, group: pl.Series | None, step: Step) -> pl.Series:
    if group is None or not len(signal):
        return step(signal)
    rows = pl.DataFrame({signal.name: signal, f"{signal.name} group": group}).with_row_index(f"{signal.name} row")
    parts = [
        part.with_columns(step(part[signal.name]).alias(signal.name))
        for part in rows.partition_by(f"{signal.name} group", maintain_order=True)
    ]
    return pl.concat(parts).sort(f"{signal.name} row")[signal.name]
