"""Test Normality: whether columns can be samples of a normal distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import polars as pl

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import progress
from pipelines.modelling.evaluation.charts import Block
from pipelines.modelling.evaluation.charts import table as table_block
from pipelines.modelling.numbers import MEASURED, chosen_numbers, numbers_of
from pipelines.modules.statistics._normality import RESULT, quantile_chart, rows_of

MOST_CHARTS = 6
MOST_LISTED = 300


class Normality(NamedTuple):
    """What the tests found.

    Args:
        table: A row for each column and test.
        report: The same, and the values of the first columns against those of a normal distribution.
    """

    table: Table
    report: Report


def _columns(table: Table, **_: object) -> tuple[Table, None]:
    return Table(pl.DataFrame(schema=RESULT)), None


@module(
    "Test Normality",
    icon="chart-histogram",
    columns=_columns,
    aliases=(
        "shapiro-wilk",
        "anderson-darling",
        "d'agostino",
        "normal distribution",
        "q-q plot",
        "gaussian",
    ),
    libraries=("numpy", "scipy"),
)
def normality_test(
    table: Table, *, columns: Columns = MEASURED, level: Annotated[float, Range(0, 1, exclusive_min=True, exclusive_max=True)] = 0.05
) -> Normality:
    """Test each column for departures from a normal distribution, by three tests.

    Shapiro-Wilk has the most power on small samples; its p-value is accurate for 3 to 5,000 values, so beyond that it is not computed.
    D'Agostino-Pearson K² looks at skewness and kurtosis; it needs 20 values. Anderson-Darling weighs the tails; it needs 8 values, and its
    p-value is the approximation by D'Agostino and Stephens for an estimated mean and deviation. The note says where a test does not apply.

    On many rows every test finds departures that do not matter: look at the chart, whose dots lie on the line if the column is normal. On few
    rows no test finds much. What is missing or not a finite number is ignored; yes/no counts as 1 and 0. A column that does not vary has no
    result.

    Source: P. Royston, "Algorithm AS R94", Applied Statistics 44 (1995); R. B. D'Agostino, M. A. Stephens, "Goodness-of-fit techniques" (1986),
    table 4.9.

    When to use:
        Before methods that assume a normal distribution, such as a t-test with few rows.

    Args:
        table: The table with the columns.
        columns: The columns to test: numbers, or yes/no.
        level: Below this p-value a column counts as not normal.

    Example:
        columns: ["price", "length", "height"]
    """
    chosen = chosen_numbers(table, columns)
    rows: list[Sequence[Any]] = []
    charts: list[Block] = []
    for done, column in enumerate(chosen):
        progress(done, len(chosen), "columns tested")
        values = numbers_of(table.frame[column]).drop_nulls().sort()
        rows += rows_of(values, level)
        if len(charts) < MOST_CHARTS and len(values) > 1 and values[0] != values[-1]:
            charts.append(quantile_chart(values))
    frame = pl.DataFrame(rows, schema=RESULT, orient="row")
    listed = table_block("Tests of normality", list(RESULT), [list(row) for row in rows[:MOST_LISTED]])
    return Normality(Table(frame), Report("Normality", [listed, *charts]))
