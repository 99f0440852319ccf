"""Voting: several learners as one, by the mean of their predictions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.combined import FAMILY
from pipelines.modelling.parts import before_combined, combined, several

TITLE, ID = "Voting", "training.voting"


@module(
    TITLE,
    icon="checks",
    columns=before_combined(TITLE, ID, FAMILY),
    aliases=("ensemble", "soft voting", "average of models", "blend", "committee"),
    libraries=FAMILY.libraries,
)
def voting(*untrained: UntrainedModel, weights: str = "") -> UntrainedModel:
    """Predict by the mean of what several models predict: of a number, or of the probability of each class.

    Each model is trained on all rows and sees the table as it does alone: trees get categories, linear models get scaled numbers and a column for
    each category. The mean is better than its models if they are about equally good and err on different rows. Classes are not decided by counting
    votes, since that gives no probabilities.

    Source: scikit-learn's VotingClassifier (soft voting) and VotingRegressor.

    When to use:
        For steadier predictions from a few models that are about equally good.

    Args:
        untrained: The untrained models, at least two: all predict a class, or all predict a number.
        weights: How much each model counts, in the order of the connections, separated by commas; if empty, all count the same.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: regression.linear_regression, regression.boosted_trees
    """
    from sklearn.ensemble import VotingClassifier, VotingRegressor

    several(untrained)
    shares = _shares(weights, len(untrained))

    def make(estimators: Sequence[tuple[str, Any]]) -> Any:
        if untrained[0].task == "regression":
            return VotingRegressor(list(estimators), weights=shares)
        return VotingClassifier(list(estimators), voting="soft", weights=shares)

    return combined(TITLE, ID, FAMILY, untrained, make, weights=weights)


def _shares(text: str, models: int) -> list[float] | None:
    if not text.strip():
        return None
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != models or not all(0 <= each < float("inf") for each in found) or not sum(found):
        raise ModuleError(
            "bad_weights",
            f"“{text[:60]}” is not a weight for each of the {models} models.",
            param="weights",
            remedy=f"Enter {models} numbers from 0 on, not all 0, separated by commas, such as {', '.join(['2', *['1'] * (models - 1)])}.",
        )
    return found
