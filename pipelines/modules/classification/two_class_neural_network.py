"""Two-Class Neural Network: one of two classes by layers of weighted sums."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.params import Seed
from pipelines.modelling.families.scikit_learn import FAMILY
from pipelines.modelling.learner import learner
from pipelines.modelling.settings import Network


@learner(
    "Two-Class Neural Network",
    icon="brain",
    task="two_class",
    family=FAMILY,
    aliases=("mlp", "multilayer perceptron", "deep learning", "ann"),
)
def two_class_neural_network(*, network: Network, seed: Seed | None = Seed(0)) -> Any:
    """Predict one of two classes with a neural network of fully connected layers.

    The weights minimize the log loss, step by step. The last layer has one node (sigmoid). Numbers are standardized to zero mean and unit variance. A warning in the
    log says if the network is still improving at the maximum number of iterations.

    When to use:
        For two classes with a smooth border between them and enough rows.

    Args:
        network: The layers, and how their weights are learned.
        seed: The random seed of the first weights and of the order of rows; if empty, a new one each time the step is executed.

    Returns:
        The untrained model, for Train Model.

    Example:
        iterations: 30
        data.dataset: {"dataset": "credit_risk"}
        training.train_model: {"label": "Status", "positive_class": "bad"}
    """
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(random_state=seed, **network.for_scikit_learn)
