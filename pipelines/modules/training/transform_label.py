"""Transform Label: a regression on the logarithm of the label."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Titles, When
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.log_label import FAMILY
from pipelines.modelling.parts import before_combined, combined

TITLE, ID = "Transform Label", "training.transform_label"
Predicts = Annotated[Literal["mean", "median"], Titles(mean="Mean (smearing)", median="Median")]


@module(
    TITLE,
    icon="math-function-y",
    columns=before_combined(TITLE, ID, FAMILY),
    aliases=("logarithm", "log1p", "log transform", "target transformation", "skewed label", "smearing", "transformed target regressor"),
    libraries=FAMILY.libraries,
)
def transform_label(
    untrained: UntrainedModel, *, predicts: Predicts = "mean", folds: Annotated[int, Range(0, 100), When("predicts", "mean")] = 5
) -> UntrainedModel:
    """Train a regression on the logarithm of the label, log(label + 1), and predict on the scale of the label.

    For labels from 0 on with a long tail of large values, such as prices, incomes and durations: what multiplies the label is then added up, errors
    count by their proportion, and a few large values no longer outweigh all others. Scores, metrics and reports are on the scale of the label.

    What is predicted from the logarithm is the median of the label, which suits mean absolute error and errors in percent. The mean, which suits root
    mean squared error and totals, is larger: the median + 1 is multiplied by the smearing factor, the mean of exp(residual), and 1 is subtracted. It assumes
    that the residuals of the logarithm are spread equally for all rows. The log and the report of Train Model tell the factor.

    Source: N. Duan, “Smearing Estimate: A Nonparametric Retransformation Method”, JASA 78 (1983); scikit-learn's TransformedTargetRegressor.

    When to use:
        When the label is 0 or more with a skew above 1, and errors grow with its value.

    Args:
        untrained: The untrained model of a number.
        predicts: The mean or the median of the label.
        folds: For the mean, how many folds the rows are cut into, so that the residuals are those of rows that the learner was not trained on; 0 for the
            residuals of the training rows, which takes no further training and is too small a factor for forests, neighbors and deep trees.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: regression.linear_regression
        data.dataset: {"dataset": "automobile_price"}
        training.train_model: {"label": "price"}
    """
    from sklearn.compose import TransformedTargetRegressor

    if untrained.task != "regression":
        raise ModuleError(
            "not_a_regressor",
            f"{untrained.name} does not predict a number.",
            port="untrained",
            remedy="Connect an untrained regression model, such as Linear Regression.",
        )

    def make(estimators: Any) -> Any:
        return TransformedTargetRegressor(estimators[0][1])

    return combined(TITLE, ID, FAMILY, [untrained], make, predicts=predicts, folds=folds)
