"""Neural Network Regression: a number by layers of weighted sums."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Network


@learner(
    "Neural Network Regression",
    icon="affiliate",
    task="regression",
    family=FAMILY,
    aliases=("mlp", "multilayer perceptron", "deep learning", "ann"),
)
def neural_network(*, network: Network, seed: Seed | None = Seed(0)) -> Any:
    """Predict a number with a neural network of fully connected layers.

    The weights minimize the squared error, step by step. Numbers and the label are standardized to zero mean and unit variance. A warning in the log
    says if the network is still improving at the maximum number of iterations.

    When to use:
        For smooth relations between many numbers; trees are usually better on mixed tables.

    Args:
        network: The layers, and how their weights are learned.
        seed: The random seed of the first weights and of the order of rows; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        iterations: 30
    """
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(MLPRegressor(random_state=seed, **network.for_scikit_learn), transformer=StandardScaler())
