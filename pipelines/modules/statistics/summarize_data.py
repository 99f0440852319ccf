"""Summarize Data: one row of statistics for each column of a table."""

from __future__ import annotations

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Frame, Query
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.numbers import tell_infinities
from pipelines.modules.statistics._summary import SCHEMA, summary_of


@module(
    "Summarize Data",
    icon="list-numbers",
    aliases=("describe", "descriptive statistics", "summary", "profile", "quantiles", "Compute Elementary Statistics", "skewness"),
    libraries=("numpy",),
)
def summarize_data(table: Query, *, columns: Columns = ALL) -> Frame:
    """Compute the statistics that describe each column of a table, one row for each.

    Every column has three counts: Count (all rows), Unique Value Count (different values) and Missing Value Count. Empty cells and what is
    not a finite number are treated as missing. Numbers have 18 more statistics, of the values that are there; yes/no counts as 1 and 0, so its mean
    is the share of yes. Mean Deviation is the mean distance from the mean. Quartiles and percentiles are interpolated linearly between the
    two nearest values. Mode is the most frequent value, the smallest of several. Variance and standard deviation are those of a sample
    (n − 1). Skewness and kurtosis are corrected for the sample's size; the kurtosis of a normal distribution is 0. A statistic is missing where
    it is not defined: the variance of one value, the skewness of fewer than 3 or of equal values, the kurtosis of fewer than 4.

    Every type has a smallest and a largest value and a most frequent one with its count, written as text: dates in order of time, texts in
    order of their characters. Lists and other nested values have counts of rows and gaps only.

    Source: D. N. Joanes, C. A. Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47 (1998): G1 and G2.

    When to use:
        First, with every new table: ranges, missing values and odd columns show at once.

    Args:
        table: The table to describe.
        columns: The columns to describe.

    Returns:
        A row of statistics for each column.
    """
    chosen = columns.pick(table.head)
    frame = table.only(chosen).collect().frame
    tell_infinities(frame, chosen)
    rows = []
    for done, column in enumerate(chosen):
        progress(done, len(chosen), "columns summarized")
        rows.append(summary_of(frame[column]))
    if vast := [row["Feature"] for row in rows if row["Max"] != row["Min"] and row["Sample Variance"] is None]:
        log(f"Statistics beyond the range of numbers are missing, because values are too large: {listed(vast)}.", "warning")
    return pl.DataFrame(rows, schema=SCHEMA)
