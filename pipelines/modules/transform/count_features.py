"""Count Features: how often each category comes, and the log-odds of a class in it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pipelines.catalogue.columns import TEXT, require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Range, Seed, Title
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._counting import columns_of
from pipelines.modules.transform._indicating import categories_of
from pipelines.modules.transform._out_of_fold import Dealt, deal, positives
from pipelines.modules.transform._placing import Output, placed


class Counted(NamedTuple):
    """The table with counts and how to look them up.

    Args:
        table: The table with counts and out-of-fold log-odds.
        transform: The counts and log-odds of all rows, for Apply Transformation.
    """

    table: Table
    transform: Transform


@module(
    "Count Features",
    icon="tallymarks",
    columns=PROBE,
    aliases=(
        "Learning with Counts",
        "Build Counting Transform",
        "target encoding",
        "mean encoding",
        "frequency encoding",
        "weight of evidence",
    ),
    libraries=("numpy",),
    lineage=Lineage(rows="same", label="label"),
)
def count_features(
    table: Table,
    *,
    columns: Columns = TEXT,
    label: Column,
    positive: Annotated[str, Title("Positive class")] = "",
    prior: Annotated[float, Title("Prior weight"), Range(0, 1e9, exclusive_min=True)] = 10.0,
    folds: Annotated[int, Range(2, 1000)] = 5,
    seed: Seed = Seed(0),
    output: Output = "append",
) -> Counted:
    """Add the row count of each category (NAME_count) and the log-odds of the positive class in it (NAME_log_odds).

    Two numbers replace a column with any number of categories, where indicator columns would need one each. The log-odds of a rare category are
    shrunk towards those of all rows: ln((k + prior × p) / (n − k + prior × (1 − p))), with k of its n rows positive, and p the fraction
    of all rows, (K + ½) / (N + 1). Missing values are a category. A new category has count 0 and the log-odds of p.

    To prevent label leakage, rows are assigned to stratified folds at random, and the log-odds of a row in this table are computed from the other
    folds; the transform uses all rows. Rows without a label are not counted.
    Source: D. Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explorations 3 (2001).

    When to use:
        For a category with hundreds of values, such as a postcode, which as indicator columns would be too wide.

    Args:
        table: The training rows.
        columns: The categorical columns; the label is skipped.
        label: The label column.
        positive: The class to compute the log-odds of, against all others. If empty, the second of two classes in sort order.
        prior: The number of rows that the fraction of all rows counts for in each category.
        folds: The number of folds.
        seed: The random seed of the folds.
        output: Append the new columns, replace the columns, or keep only the new columns.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        label: "Status"
        positive: "bad"
        columns: ["Job", "Home"]
    """
    truth = positives(table.frame[require(label, table, param="label")], positive)
    dealt, made, fitted = Dealt(truth, deal(truth, folds, seed)), {}, {}
    for column in (column for column in columns.pick(table) if column != label):
        fitted[column], found = dealt.counts(categories_of(table, column), prior)
        made[column] = columns_of(column, found)
    state = {"columns": fitted, "rows": truth.count(), "positive": int(truth.sum()), "prior": prior, "output": output}
    return Counted(
        table.with_frame(table.frame.select(placed(table.frame.columns, made, output, new_names=True))), Transform("count_features", state)
    )
