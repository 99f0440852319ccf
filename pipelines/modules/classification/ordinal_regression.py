"""Ordinal Regression: one of several classes that have an order, by a two-class model of each boundary."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.ordinal import FAMILY
from pipelines.modelling.learner import of_two_classes, untrained_of_two_classes

TITLE, ID = "Ordinal Regression", "classification.ordinal_regression"


def _before(untrained: UntrainedModel | None, *, order: str) -> UntrainedModel | None:
    return untrained_of_two_classes(TITLE, ID, FAMILY)(untrained, order=order)


@module(
    TITLE,
    icon="ladder",
    columns=_before,
    aliases=("ordered classes", "ranking", "ratings", "ordinal classification", "frank and hall", "proportional odds"),
    libraries=FAMILY.libraries,
)
def ordinal_regression(untrained: UntrainedModel, *, order: str = "") -> UntrainedModel:
    """Predict one of several classes that have an order, such as ratings, with a two-class model of each boundary between neighbours.

    For k classes, k − 1 models are trained on all rows; each predicts whether the class is above one boundary. The probability of a class is the
    difference of the probabilities to be above its lower and above its upper boundary. The models are fitted independently, so a difference can be
    below 0; it then counts as 0, and the probabilities of the row are divided by their sum. The order lets neighbouring classes share what they
    have in common, which a multiclass learner does not use. With logistic regression it is like the proportional odds model, but each boundary has
    weights of its own.

    Source: E. Frank, M. Hall, “A Simple Approach to Ordinal Classification”, European Conference on Machine Learning (2001).

    When to use:
        For classes in an order, such as ratings, where a miss by one is better than a miss by three.

    Args:
        untrained: The untrained two-class model.
        order: All classes from low to high, separated by commas. If empty, the label has to be numbers, whose order it is.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: classification.two_class_logistic_regression
        training.train_model: {"label": "num-of-cylinders"}
        order: "two, three, four, five, six, eight, twelve"
    """
    from pipelines.modelling.ordinal import OrdinalClassifier

    names = [part.strip() for part in order.split(",") if part.strip()]

    def make(estimator: Any) -> Any:
        return OrdinalClassifier(estimator, names)

    return of_two_classes(TITLE, ID, FAMILY, untrained, make, order=order)
