"""One-vs-All Multiclass: one of several classes by a two-class model of each against all others."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.one_against import FAMILY
from pipelines.modelling.learner import of_two_classes, untrained_of_two_classes

TITLE, ID = "One-vs-All Multiclass", "classification.one_vs_all"


@module(
    TITLE,
    icon="topology-star",
    columns=untrained_of_two_classes(TITLE, ID, FAMILY),
    aliases=("one vs rest", "ovr", "ova"),
    libraries=FAMILY.libraries,
)
def one_vs_all(untrained: UntrainedModel) -> UntrainedModel:
    """Predict one of several classes with a two-class model of each class against all others.

    The probability of a class is that of its model, divided by the sum over all models. With k classes, k models are trained on all rows.

    Source: scikit-learn's OneVsRestClassifier.

    When to use:
        To use a two-class learner for several classes; one model for each class.

    Args:
        untrained: The untrained two-class model.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: classification.two_class_logistic_regression
        training.train_model: {"label": "body-style"}
    """
    from sklearn.multiclass import OneVsRestClassifier

    return of_two_classes(TITLE, ID, FAMILY, untrained, OneVsRestClassifier)
