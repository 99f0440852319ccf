"""One-Class Support Vector Machine: rows outside of a boundary around most rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.params import Range, Titles, When
from pipelines.modelling.families.anomaly import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Scaling

Kernel = Annotated[
    Literal["rbf", "linear", "poly", "sigmoid"], Titles(rbf="Gaussian", linear="Linear", poly="Polynomial", sigmoid="Sigmoid")
]


@learner(
    "One-Class Support Vector Machine",
    icon="lasso",
    task="anomaly",
    family=FAMILY,
    aliases=("one-class svm", "ocsvm", "novelty", "outliers", "support vector"),
)
def one_class_svm(
    *,
    nu: Annotated[float, Range(0, 1, exclusive_min=True)] = 0.1,
    kernel: Kernel = "rbf",
    width: Annotated[float | None, Range(0, exclusive_min=True), When("kernel", "rbf", "poly", "sigmoid")] = None,
    degree: Annotated[int, Range(1, 10), When("kernel", "poly")] = 3,
    tolerance: Annotated[float, Range(0, exclusive_min=True)] = 1e-3,
    scaling: Scaling,
) -> Any:
    """Find rows outside of a boundary that encloses most training rows.

    It learns from normal rows, so a table with few or no anomalies is best. The score is larger the further a row is outside. Time grows with the
    square of the number of rows: beyond about 50,000 rows use Isolation Forest. Row weights count.

    A missing number is replaced with the mean; texts become 0/1 columns, one of them for missing texts; a date becomes days.

    Source: B. Schölkopf, J. Platt, J. Shawe-Taylor, A. Smola, R. Williamson, "Estimating the support of a high-dimensional distribution", Neural
    Computation 13 (2001); scikit-learn's OneClassSVM.

    When to use:
        For smooth boundaries around a few thousand rows that are nearly all usual.

    Args:
        nu: About this fraction of the training rows lies outside; a larger one gives a tighter and smoother boundary.
        kernel: How rows are compared. Gaussian allows any shape of boundary.
        width: The kernel coefficient gamma: a larger one gives a tighter boundary. If empty, 1 / (columns × variance of the scaled values).
        degree: The degree of the polynomial.
        tolerance: When the optimization ends.
        scaling: How numbers are scaled.

    Returns:
        The untrained model, for Train Anomaly Detection Model.

    Example:
        in: scoring.score_model
        scoring.score_model: {"model": "training.train_anomaly_detection", "table": "data.dataset"}
        training.train_anomaly_detection: {"untrained": "anomaly.one_class_svm"}
    """
    from sklearn.svm import OneClassSVM

    return OneClassSVM(kernel=kernel, nu=nu, gamma="scale" if width is None else width, degree=degree, tol=tolerance)
