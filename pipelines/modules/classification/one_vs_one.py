"""One-vs-One Multiclass: one of several classes by a two-class model of each pair."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.one_against import FAMILY
from pipelines.modelling.learner import of_two_classes, untrained_of_two_classes

TITLE, ID = "One-vs-One Multiclass", "classification.one_vs_one"


@module(
    TITLE,
    icon="topology-ring",
    columns=untrained_of_two_classes(TITLE, ID, FAMILY),
    aliases=("ovo", "all pairs", "pairwise"),
    libraries=FAMILY.libraries,
)
def one_vs_one(untrained: UntrainedModel) -> UntrainedModel:
    """Predict one of several classes with a two-class model of each pair of classes.

    Each model is trained on the rows of its two classes and votes for one of them; equal votes are decided by the sum of the models' confidences.
    With k classes there are k × (k − 1) / 2 models. The votes are not probabilities: these are estimated with a sigmoid of the votes of each class
    (Platt 1999) that is fitted to cross-validated votes, so training takes about six times as long. The predicted class is the most likely one.

    Source: scikit-learn's OneVsOneClassifier.

    When to use:
        To use a two-class learner for several classes; one model for each pair, which suits learners that slow down with many rows.

    Args:
        untrained: The untrained two-class model.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: classification.two_class_logistic_regression
        training.train_model: {"label": "drive-wheels"}
    """
    from sklearn.multiclass import OneVsOneClassifier

    return of_two_classes(TITLE, ID, FAMILY, untrained, OneVsOneClassifier)
