"""Two-Class Averaged Perceptron: one of two classes by the mean of the weights that were learned row by row."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.params import Range, Search, Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import ClassWeights


@learner("Two-Class Averaged Perceptron", icon="line", task="two_class", family=FAMILY, aliases=("perceptron", "online learning"))
def two_class_averaged_perceptron(
    *,
    iterations: Annotated[int, Range(1), Search("loguniform(1, 100)")] = 10,
    shuffle: bool = True,
    class_weights: ClassWeights,
    seed: Seed | None = Seed(0),
) -> Any:
    """Predict one of two classes with a weighted sum whose weights are learned row by row.

    Each row on the wrong side moves the weights by its features; the model uses the mean of the weights after every row. There is no learning rate:
    the weights start at 0, so it would only scale them. Probabilities are estimated with a sigmoid of the sum (Platt 1999) that is fitted to
    five-fold cross-validated sums. Numbers are standardized to zero mean and unit variance.

    Source: Y. Freund, R. Schapire, “Large Margin Classification Using the Perceptron Algorithm”, Machine Learning 37 (1999); scikit-learn's
    stochastic gradient descent with the perceptron loss and averaged weights.

    When to use:
        For wide or very large tables whose classes a weighted sum can separate.

    Args:
        iterations: The number of passes over the rows.
        shuffle: Draw the order of the rows again for each pass.
        class_weights: How rows are weighted.
        seed: The random seed of the order; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.linear_model import SGDClassifier

    steps = {"learning_rate": "constant", "eta0": 1.0, "max_iter": iterations, "tol": None, "shuffle": shuffle}
    weight = class_weights.for_scikit_learn
    return SGDClassifier("perceptron", penalty=None, average=True, class_weight=weight, random_state=seed, **steps)
