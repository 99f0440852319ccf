"""Two-Class Bayes Point Machine: one of two classes by the mean of many perceptrons."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search, Seed
from pipelines.modelling.families.bayes_point import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner(
    "Two-Class Bayes Point Machine",
    icon="focus-centered",
    task="two_class",
    family=FAMILY,
    aliases=("bpm", "bayesian linear classifier", "perceptron committee"),
)
def two_class_bayes_point_machine(
    *,
    perceptrons: Annotated[int, Range(1, 10_000), Search("loguniform(5, 100)")] = 30,
    iterations: Annotated[int, Range(1), Search("loguniform(1, 50)")] = 10,
    intercept: bool = True,
    class_weights: ClassWeights,
    seed: Seed | None = Seed(0),
) -> Any:
    """Predict one of two classes with a linear boundary in the middle of those that separate the rows.

    Many boundaries may separate the same rows; the Bayes point is the centre of all of them, and errs least on average. It is approximated by
    perceptrons that see the rows in different orders: their weights, each vector scaled to length 1, are averaged. If no boundary separates the
    rows, the perceptrons end on different ones after the last pass, and their mean is steadier than each. Probabilities are estimated with a
    sigmoid of the sum (Platt 1999) that is fitted to five-fold cross-validated sums. Numbers are standardized to zero mean and unit variance.

    Source: R. Herbrich, T. Graepel, “Large Scale Bayes Point Machines”, Advances in Neural Information Processing Systems 13 (2001). The reference
    engine approximates the Bayes point by expectation propagation, so its figures differ.

    When to use:
        For two classes that a weighted sum can separate, without strengths to tune.

    Args:
        perceptrons: The number of perceptrons.
        iterations: The number of passes of each over the rows.
        intercept: Fit a constant. Without it the boundary goes through the point where all standardized features are 0.
        class_weights: How rows are weighted.
        seed: The random seed of the orders; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from pipelines.modelling.bayes_point import BayesPointMachine

    return BayesPointMachine(perceptrons, iterations, intercept, class_weights.for_scikit_learn, seed)
