"""Count Features: how often each category comes, and the log-odds of a class in it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pipelines.catalogue.columns import TEXT, kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Column, Columns, Range, Seed
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._counting import columns_of
from pipelines.modules.transform._indicating import as_texts
from pipelines.modules.transform._out_of_fold import counts, deal, positives
from pipelines.modules.transform._placing import Output, placed


class Counted(NamedTuple):
    """The table with counts and how to look them up.

    Args:
        table: The table with the counts, and log-odds of other rows than one's own.
        transform: The counts and log-odds of all rows, for another table.
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
)
def count_features(
    table: Table,
    *,
    columns: Columns = TEXT,
    label: Column,
    positive: str = "",
    prior: Annotated[float, Range(0, 1e9, exclusive_min=True)] = 10.0,
    folds: Annotated[int, Range(2, 1000)] = 5,
    seed: Seed = Seed(0),
    output: Output = "append",
) -> Counted:
    """Add for each category how many rows it has (NAME_count), and the log-odds of a class of the label in it (NAME_log_odds).

    Two numbers stand for a column of any number of categories, where indicator columns would be as many as there are categories. The log-odds of
    a rare category are drawn to those of all rows: ln((k + prior × p) / (n − k + prior × (1 − p))), with k of its n rows in the class, and p the
    share of all rows, (K + ½) / (N + 1). Missing values are a category; one that was not counted has 0 rows and the log-odds of p.

    A row must not see its own label. So the rows are dealt to folds, in equal shares of both classes, and the log-odds in this table come from
    the other folds; those in the transform come from all rows. Rows without label are not counted, and get the log-odds of all others.
    Source: D. Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explorations 3 (2001).

    Args:
        table: The training rows.
        columns: The columns with categories; the label is left out.
        label: The column with the classes.
        positive: The class whose log-odds are taken, against all others; empty for the later of two classes.
        prior: How many rows the share of all rows counts for in each category.
        folds: How many folds the rows are dealt to.
        seed: Start of the random draw; the same seed gives the same folds.
        output: Whether the numbers come after the other columns, or take the place of their columns.
    """
    truth = positives(table.frame[require(label, table, param="label")], positive)
    fold = deal(truth, folds, seed)
    made, fitted = {}, {}
    for column in (column for column in columns.pick(table) if column != label):
        if kind_of(table.frame[column].dtype) == "other":
            raise ModuleError(
                "wrong_type",
                f"'{column}' holds lists or objects, which are no categories.",
                column=column,
                param="columns",
                port="table",
                remedy="Choose other columns.",
            )
        fitted[column], found = counts(as_texts(table.frame[column]), truth, fold, prior)
        made[column] = columns_of(column, found)
    state = {"columns": fitted, "rows": truth.count(), "positive": int(truth.sum()), "prior": prior, "output": output}
    return Counted(
        table.with_frame(table.frame.select(placed(table.frame.columns, made, output, new_names=True))), Transform("count_features", state)
    )
