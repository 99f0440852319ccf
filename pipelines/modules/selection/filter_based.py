"""Filter Based Feature Selection: the columns that go best with the label, one by one."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.reporting import log
from pipelines.modelling.numbers import tell_infinities
from pipelines.modelling.transformations.selecting import select_features
from pipelines.modules.selection._scoring import SCORES, Method, Scoring, label_of, ranked


class Selection(NamedTuple):
    """The selected columns, and how every column scored.

    Args:
        table: The label, weights and the columns with the highest scores, in the table's order.
        scores: A row for each column, the highest score first.
        transform: The same selection, for another table.
    """

    table: Table
    scores: Table
    transform: Transform


def _columns(table: Table, **_: object) -> tuple[None, Table, None]:
    return None, Table(pl.DataFrame(schema=SCORES)), None


@module(
    "Filter Based Feature Selection",
    icon="filter-star",
    columns=_columns,
    aliases=("feature scores", "mutual information", "chi-squared", "fisher score", "anova", "select k best", "feature ranking"),
    libraries=("numpy", "scipy", "scikit-learn"),
    lineage=Lineage(rows="same", label="label"),
)
def filter_based(
    table: Table,
    *,
    label: Column,
    method: Method = "pearson",
    features: Annotated[int, Range(1)] = 10,
    features_only: bool = True,
    bins: Annotated[int, Range(2, 1000), When("method", "chi_squared")] = 10,
    seed: Annotated[Seed, When("method", "mutual_information")] = Seed(0),
) -> Selection:
    """Score each column by how well it goes with the label, and keep the best.

    A label of texts, of yes/no, of categories or of two values makes classes; any other is a number. Pearson: |r|; with classes the
    correlation with the mean of each value's class (the correlation ratio η). Spearman and Kendall: |ρ| and |τ-b|, for a number or two
    classes. Mutual information: in nats, from the distances of 3 neighbours (Ross 2014), also of texts. Chi-squared: the statistic of the
    table of feature by label, also of texts; numbers with more values than bins are put in bins of equally many rows. Fisher score: the
    spread of the class means over the spread inside the classes. F: of the classes, or of a straight line to a number. Number of values: how
    many are there, a screen for sparse columns.

    Each column is scored alone, on the rows that have it and the label, so two columns that say the same both score. What is not a finite
    number is missing; yes/no counts as 1 and 0; weights are not used. A column that does not vary, or holds texts or dates that the method
    takes no number from, has no score; a note says why. Of equal scores the earlier column is kept. P-values are not corrected for the number
    of columns. Select on the training rows and apply the transform to the test rows: a selection that has seen them makes a model look too good.

    Source: B. C. Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9 (2014); R. O. Duda, P. E. Hart, D. G. Stork,
    "Pattern classification" (2001), for the Fisher score.

    When to use:
        For wide tables: to keep the columns that say most about the label, before training.

    Args:
        table: The rows to score on.
        label: The column that features are scored against.
        method: What the score measures.
        features: How many features to keep.
        features_only: Score feature columns only; off scores columns with other roles too.
        bins: How many bins numbers are put in.
        seed: Start of the small noise that tells equal numbers apart.

    Example:
        label: "price"
        features: 5
    """
    require(label, table, param="label")
    truth = label_of(table, label, method, bins)
    candidates = [
        column for column in table.frame.columns if column != label and (not features_only or table.role(column).role == "feature")
    ]
    tell_infinities(table.frame, [*candidates, label])
    scores = ranked(table, candidates, truth, Scoring(method, bins, seed))
    chosen = _best(scores, features, label)
    beside = [column for column in table.frame.columns if column == label or table.role(column).role in ("label", "weight")]
    state = {"columns": chosen, "beside": [column for column in beside if column not in chosen]}
    told = scores.with_columns(Selected=pl.col("Column").is_in(chosen)).select(*SCORES)
    return Selection(select_features(table, state), Table(told), Transform("feature_selection", state))


def _best(scores: pl.DataFrame, features: int, label: str) -> list[str]:
    chosen = scores.drop_nulls("Score").head(features)["Column"].to_list()
    if not chosen:
        words = f"No column can be scored against “{label}” by this method."
        remedy = "Select another method, or add feature columns that vary."
        raise ModuleError("no_scores", words, port="table", param="method", remedy=remedy)
    if len(chosen) < features:
        log(f"{features:,} features were requested, and {len(chosen):,} have a score.", "warning")
    return chosen
