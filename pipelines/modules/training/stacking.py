"""Stacking: several learners as one, by a linear model of their predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.combined import FAMILY
from pipelines.modelling.parts import before_combined, combined, several

TITLE, ID = "Stacking", "training.stacking"
ALPHAS = (0.1, 1.0, 10.0)


@module(
    TITLE,
    icon="layers-linked",
    columns=before_combined(TITLE, ID, FAMILY),
    aliases=("stacked generalization", "ensemble", "super learner", "meta-learner", "blend"),
    libraries=FAMILY.libraries,
)
def stacking(*untrained: UntrainedModel, folds: Annotated[int, Range(2, 100)] = 5) -> UntrainedModel:
    """Predict by a linear model that learns how far each of several models can be trusted.

    The rows are cut into folds, in their order, for classes with their proportions. Each model is trained without a fold and predicts it; on these
    predictions a logistic regression (L2 weight 1) or, for a number, a ridge regression (L2 weight 0.1, 1 or 10, by leave-one-out) is fitted. Then
    each model is trained on all rows. With k models and five folds, that is 6 × k trainings. Each model sees the table as it does alone, encoded
    within the fold. If the rarest class has fewer rows than there are folds, there are as many folds as it has rows.

    Source: D. H. Wolpert, “Stacked Generalization”, Neural Networks 5 (1992), as in scikit-learn's StackingClassifier and StackingRegressor.

    When to use:
        For the last bit of accuracy from models of different families.

    Args:
        untrained: The untrained models, at least two: all predict a class, or all predict a number.
        folds: How many folds the rows are cut into.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: regression.linear_regression, regression.boosted_trees
    """
    from sklearn.ensemble import StackingClassifier, StackingRegressor
    from sklearn.linear_model import LogisticRegression, RidgeCV

    several(untrained)

    def make(estimators: Sequence[tuple[str, Any]]) -> Any:
        if untrained[0].task == "regression":
            return StackingRegressor(list(estimators), RidgeCV(ALPHAS), cv=folds)
        return StackingClassifier(list(estimators), LogisticRegression(), cv=folds)

    return combined(TITLE, ID, FAMILY, untrained, make, folds=folds)
