"""Select Number of Clusters: clustering with several numbers of clusters, and how well each separates the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NamedTuple

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Title
from pipelines.catalogue.ports import Report, Table, UntrainedModel
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.families import libraries
from pipelines.modelling.tasks import check_trainer
from pipelines.modelling.tasks.clustering import TASK
from pipelines.modules.training._numbers_of_clusters import (
    NAMES,
    RESULT,
    By,
    best_of,
    check_choice,
    figures_of,
    number_report,
    with_clusters,
)
from pipelines.modules.training._unlabelled import FEATURES, prepare, train


class Selection(NamedTuple):
    """The numbers of clusters compared.

    Args:
        untrained: The learner with the best number of clusters, for Train Clustering Model.
        table: A row for each number of clusters.
        report: The same as charts.
    """

    untrained: UntrainedModel
    table: Table
    report: Report


def _before(untrained: UntrainedModel | None, table: Table, **_: object) -> tuple[UntrainedModel | None, Table, None]:
    known = None
    if untrained is not None:
        check_trainer(untrained, TASK.trainer)
        known = replace(untrained, settings={name: value for name, value in untrained.settings.items() if name != "clusters"})
    return known, Table(pl.DataFrame(schema=RESULT)), None


@module(
    "Select Number of Clusters",
    icon="numbers",
    columns=_before,
    aliases=("Sweep Clustering", "elbow", "silhouette", "number of clusters", "k selection"),
    libraries=libraries(),
)
def select_number_of_clusters(
    untrained: UntrainedModel,
    table: Table,
    *,
    columns: Columns = FEATURES,
    fewest: Annotated[int, Range(2, 1_000), Title("Fewest clusters")] = 2,
    most: Annotated[int, Range(2, 1_000), Title("Most clusters")] = 10,
    by: By = "silhouette",
) -> Selection:
    """Cluster the rows with each number of clusters in a range, and compare the results.

    Silhouette: how much closer rows are to their own cluster than to the next, from -1 to 1; higher is better. Davies-Bouldin index: how wide clusters
    are, relative to their distance; lower is better. Calinski-Harabasz index: the spread between clusters relative to that within; higher is better.
    BIC, for Gaussian mixtures only: the likelihood with a penalty for each parameter; lower is better. The sum of squared distances falls with
    each further cluster: look for the number after which it falls slowly (the elbow). They are computed in the columns as the learner scales
    them, the silhouette of at most 2,000 rows and the indices of at most 20,000, evenly spread.

    Of equally good numbers the smaller is selected. Columns are prepared as by Train Clustering Model.

    Source: P. Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987); D. Davies, D. Bouldin, "A cluster separation measure" (1979);
    T. Caliński, J. Harabasz, "A dendrite method for cluster analysis" (1974).

    When to use:
        Before clustering, when the number of groups is not known.

    Args:
        untrained: The untrained clustering model with a number of clusters, such as K-Means Clustering; the number that is set there is not used.
        table: The rows to group.
        columns: The columns to compare; a selected column is used whatever its role is.
        fewest: The smallest number of clusters to try.
        most: The largest number of clusters to try.
        by: Which figure selects the best number.

    Example:
        untrained: clustering.k_means
        in: training.train_clustering
        training.train_clustering: {"untrained": "training.select_number_of_clusters"}
        most: 5
    """
    check_trainer(untrained, TASK.trainer)
    check_choice(untrained, fewest, most, by)
    rows = prepare(table, columns)
    found: list[dict[str, float | None]] = []
    for done, count in enumerate(range(fewest, most + 1)):
        progress(done, most + 1 - fewest, "numbers of clusters")
        try:
            trained = train(with_clusters(untrained, count), rows)
        except ModuleError as wrong:
            if wrong.code != "too_few_rows" or not found:
                raise
            log(f"There are not enough different rows for {count} clusters and more.", "warning")
            break
        found.append({"Clusters": count, **dict(figures_of(trained))})
    frame = pl.DataFrame(found, schema=RESULT)
    best = best_of(frame, by)
    log(f"The best number of clusters by {NAMES[by]} is {best}.")
    return Selection(with_clusters(untrained, best), Table(frame), number_report(untrained.name, frame, by, best))
