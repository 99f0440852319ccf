"""Train Clustering Model: a clustering learner and a table in, a trained model and the assigned rows out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title, Titles, When
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.modelling.clusters import NONE, assigned
from pipelines.modelling.families import libraries
from pipelines.modelling.features import feature_frame
from pipelines.modelling.predictions import with_scores
from pipelines.modelling.tasks import check_trainer
from pipelines.modelling.tasks.clustering import TASK
from pipelines.modules.training._clusters import cluster_blocks, labelled
from pipelines.modules.training._report import training_report
from pipelines.modules.training._unlabelled import FEATURES, before, prepare, tell_trained, train

Labels = Annotated[
    Literal["ignore", "fill", "overwrite"],
    Titles(
        ignore="Leave them as they are",
        fill="Fill missing ones from the row closest to the center",
        overwrite="Overwrite all from the row closest to the center",
    ),
]


class Clusters(NamedTuple):
    """The model and what it makes of the training rows.

    Args:
        model: The trained model.
        table: The rows with the number of their cluster and their distance to each center.
    """

    model: Model
    table: Table


def _before(untrained: UntrainedModel | None, table: Table, *, append: bool, **_: object) -> tuple[Model | None, Table | None]:
    if untrained is None:
        return None, None
    check_trainer(untrained, TASK.trainer)
    model = before(untrained)
    scores = TASK.score_columns(model, None)
    return model, None if scores is None else with_scores(model, table, scores, append)


@module(
    "Train Clustering Model",
    icon="circles",
    columns=_before,
    aliases=("fit clusters", "segmentation", "unsupervised"),
    libraries=libraries(),
    lineage=Lineage(rows="same", fits=True),
)
def train_clustering(
    untrained: UntrainedModel,
    table: Table,
    *,
    columns: Columns = FEATURES,
    append: Annotated[bool, Title("Keep input columns")] = True,
    labels: Annotated[Labels, When("append", True)] = "ignore",
) -> Clusters:
    """Find groups of similar rows in a table, and assign its rows to them.

    No label is needed. Numbers are compared as they are or scaled, as the learner says; yes/no counts as 1 and 0, a date as days since 1970. A text
    becomes a 0/1 column for each value, of more than 100 values the 99 most frequent and one for all others. A missing or infinite number
    becomes the mean of its column; a missing text is a value of its own. Not used are columns without values or with a single value, and
    texts with nearly as many values as rows, such as names; rows without a weight are assigned, but not trained on.

    Clusters are numbered by size: 0 is the largest. The table has the columns Assignments and DistancesToClusterCenter no.0, …, as Score Model
    adds them to new rows. The report shows sizes, how well the clusters are separated in the columns as the learner scales them, the rows on
    the plane of their first two principal components, and the columns that differ most in each cluster.

    When to use:
        For every learner of clusters. Score Model then assigns the rows of other tables.

    Args:
        untrained: The untrained clustering model.
        table: The rows to group.
        columns: The columns to compare; a selected column is used whatever its role is.
        append: Keep the columns of the table before the assignments. If off, the output has the assignments and labels only.
        labels: What happens to the values of a column with the role label in the output. Filled and overwritten values are those of the
            row with a label that is closest to the center of the cluster.

    Example:
        untrained: clustering.k_means
    """
    check_trainer(untrained, TASK.trainer)
    prepared = prepare(table, columns)
    trained = train(untrained, prepared)
    model = trained.model
    tell_trained(prepared)
    whole = prepared.frame.height == table.frame.height
    scores = (
        TASK.scores(model, model.estimator[-1], trained.matrix)
        if whole
        else TASK.score(model, feature_frame(table.frame, model.features), None, 0.5)
    )
    clusters = scores[0].values.fill_null(NONE).to_numpy() if whole else assigned(model.estimator[-1], trained.matrix).clusters
    report = training_report(model, prepared.frame, prepared.chosen, cluster_blocks(trained, prepared.frame, clusters))
    rows = table if labels == "ignore" or not append else labelled(table, scores, overwrite=labels == "overwrite")
    return Clusters(replace(model, report=report), with_scores(model, rows, scores, append))
