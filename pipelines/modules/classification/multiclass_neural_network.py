"""Multiclass Neural Network: one of several classes by layers of weighted sums."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Network


@learner(
    "Multiclass Neural Network",
    icon="topology-complex",
    task="multi_class",
    family=FAMILY,
    aliases=("mlp", "multilayer perceptron", "deep learning", "ann"),
)
def multiclass_neural_network(*, network: Network, seed: Seed | None = Seed(0)) -> Any:
    """Predict one of several classes with a neural network of fully connected layers.

    The weights minimize the log loss, step by step. The last layer has a node for each class (softmax). Numbers are standardized to zero mean and unit variance. A warning in the
    log says if the network is still improving at the maximum number of iterations.

    When to use:
        For three or more classes with smooth borders between them and enough rows.

    Args:
        network: The layers, and how their weights are learned.
        seed: The random seed of the first weights and of the order of rows; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        iterations: 30
        training.train_model: {"label": "body-style"}
    """
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(random_state=seed, **network.for_scikit_learn)
