"""Set Threshold: from which probability on the positive of two classes is predicted."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.ports import DECISION_THRESHOLD, UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.thresholds import TITLES
from pipelines.modelling.parts import CLASSES
from pipelines.modelling.thresholds import AT, BEST, BEST_FOR, FALSE_NEGATIVE, FALSE_POSITIVE, FOLDS, has_threshold, plain

TITLE, ID = "Set Threshold", "training.set_threshold"
By = Annotated[Literal["best", "fixed"], Titles(best="The best one in training", fixed="A number")]
BestFor = Annotated[Literal["f1", "balanced_accuracy", "mcc", "accuracy", "cost"], Titles(**{**TITLES, "cost": "Lowest cost"})]
Cost = Annotated[float, Range(0, 1e12), When("best_for", "cost")]


def _before(untrained: UntrainedModel | None, **own: Any) -> UntrainedModel | None:
    return None if untrained is None or untrained.task not in CLASSES else _with_threshold(untrained, own)


@module(
    TITLE,
    icon="adjustments",
    columns=_before,
    aliases=("decision threshold", "cut-off", "operating point", "threshold tuning", "F1", "cost-sensitive"),
    libraries=("scikit-learn", "numpy"),
)
def set_threshold(
    untrained: UntrainedModel,
    *,
    by: By = "best",
    threshold: Annotated[float, Range(0, 1), When("by", "fixed")] = 0.5,
    best_for: Annotated[BestFor, When("by", "best")] = "f1",
    false_positive_cost: Cost = 1.0,
    false_negative_cost: Cost = 1.0,
    folds: Annotated[int, Range(2, 100), Title("Folds to find it"), When("by", "best")] = 5,
) -> UntrainedModel:
    """Give a classifier of two classes a threshold of its own: the probability from which on the positive class is predicted.

    Without one it is 0.5, which is seldom best where one class is rare or one error is worse. The best threshold is found in training: the rows are cut
    into folds with the proportions of the classes, each is predicted by a model of the others, and of all cuts between two probabilities the one
    is taken that is best for the figure; among equals, the closest to 0.5. Then the classifier is trained on all rows. If the rarer class has
    fewer rows than there are folds, there are as many folds as it has rows. Folds follow the label alone, also where rows belong together.

    Probabilities stay as they are to the last bit, and so do AUC and log loss; predicted labels change, and with them accuracy, precision, recall, F1 and
    MCC. The trained model stores its threshold, and all that scores with it uses it, unless Score Model has another one. Voting, Stacking and others
    that are made of classifiers use their probabilities only, so this module comes after them.

    Source: the rule of scikit-learn's TunedThresholdClassifierCV, on all cuts rather than 100, and on the rows of all folds together.

    When to use:
        When labels count rather than probabilities, above all with a rare class or unequal costs of errors.

    Args:
        untrained: The untrained classifier.
        by: Whether the threshold is found in training, or given.
        threshold: The probability from which on the positive class is predicted.
        best_for: The figure that the threshold is best for.
        false_positive_cost: What it costs to predict the positive class for a row of the negative class.
        false_negative_cost: What it costs to predict the negative class for a row of the positive class.
        folds: How many folds the rows are cut into.

    Returns:
        The untrained model, for Train Model.

    Example:
        untrained: classification.two_class_boosted_trees
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    if untrained.task not in CLASSES:
        raise ModuleError(
            "not_a_classifier",
            f"{untrained.name} does not predict a class, so it has no threshold.",
            port="untrained",
            remedy="Connect an untrained classifier, such as Two-Class Logistic Regression.",
        )
    if by == "best" and best_for == "cost" and not false_positive_cost + false_negative_cost:
        raise ModuleError("no_costs", "Both costs are 0.", param="false_positive_cost", remedy="Enter what one of the errors costs.")
    if has_threshold(untrained):
        log(f"The threshold of {untrained.name} is replaced by the one that is set here.", "warning")
    own = {"by": by, "threshold": threshold, "best_for": best_for, "folds": folds}
    return _with_threshold(untrained, {**own, "false_positive_cost": false_positive_cost, "false_negative_cost": false_negative_cost})


def _with_threshold(untrained: UntrainedModel, own: dict[str, Any]) -> UntrainedModel:
    """The same estimator of the same family: a threshold is a setting of the model, so that all that knows the estimator still does."""
    if own["by"] == "fixed":
        words, more = f"{AT}{own['threshold']:g}", {DECISION_THRESHOLD: own["threshold"]}
    else:
        words, more = f"{BEST}{TITLES[own['best_for']]}", {BEST_FOR: TITLES[own["best_for"]], FOLDS: own["folds"]}
        more |= (
            {FALSE_POSITIVE: own["false_positive_cost"], FALSE_NEGATIVE: own["false_negative_cost"]} if own["best_for"] == "cost" else {}
        )
    inner = plain(untrained)
    settings = {**inner.settings, **more}
    return replace(inner, name=f"{inner.name}{words}", settings=settings, module=ID, arguments=own, parts=[untrained.as_part])
