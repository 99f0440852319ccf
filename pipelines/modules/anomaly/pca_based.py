"""PCA-Based Anomaly Detection: rows that the main directions of the table do not explain."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Seed, Titles
from pipelines.modelling.anomalies import ABSOLUTE, RELATIVE
from pipelines.modelling.families.anomaly import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling


@learner(
    "PCA-Based Anomaly Detection",
    icon="axis-y",
    task="anomaly",
    family=FAMILY,
    aliases=("principal components", "reconstruction error", "outliers", "fraud"),
)
def pca_based(
    *,
    components: Annotated[int, Range(1)] = 2,
    oversampling: Annotated[int, Range(0)] = 2,
    center: bool = True,
    error: Annotated[Literal["relative", "absolute"], Titles(relative=RELATIVE, absolute=ABSOLUTE)] = "relative",
    scaling: Scaling,
    seed: Seed | None = Seed(0),
) -> Any:
    """Find rows whose columns do not go together as they do in other rows.

    A few principal components describe how the columns go together. The score of a row is the error that is left when it is described by these
    components only. The relative error is divided by the distance of the row from the mean, so that it is between 0 and 1: it finds unusual
    combinations, though a row near the mean can have a large one. The absolute error also counts how far a row is from all others.

    A missing number is replaced with the mean; texts become 0/1 columns, one of them for missing texts; a date becomes days. Row weights are not
    used.

    Source: N. Halko, P.-G. Martinsson, J. Tropp, "Finding structure with randomness", SIAM Review 53 (2011), for the components. The relative error is
    that of ML.NET's RandomizedPcaTrainer.

    When to use:
        When usual rows follow linear relations between columns, such as readings of one machine.

    Args:
        components: The number of components, fewer than the columns.
        oversampling: How many further random directions are drawn to find the components: more are more accurate.
        center: Subtract the mean of each column first. If off, the components also describe where the mean is.
        error: What the score of a row is.
        scaling: How numbers are scaled.
        seed: Start of the random directions; the same seed gives the same model. If empty, each run draws one.

    Returns:
        The untrained model, for Train Anomaly Detection Model.

    Example:
        in: scoring.score_model
        scoring.score_model: {"model": "training.train_anomaly_detection", "table": "data.dataset"}
        training.train_anomaly_detection: {"untrained": "anomaly.pca_based"}
    """
    from sklearn.decomposition import PCA, TruncatedSVD

    if center:
        return PCA(components, svd_solver="randomized", n_oversamples=oversampling, random_state=seed)
    return TruncatedSVD(components, n_oversamples=oversampling, random_state=seed)
