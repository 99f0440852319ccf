"""Groups of settings that several learners share: documented once, shown in each learner's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Search, Title, Titles, When
from pipelines.modelling.encoders import MIN_MAX, UNSCALED, Z_SCORE

MOST_LAYERS, MOST_NODES = 10, 10_000
BALANCED = "Balanced"  # the display name, as a model keeps it


@dataclass(frozen=True)
class Scaling:
    """How numbers are made comparable before distances between rows are computed.

    Args:
        scaling: How numbers are scaled: to mean 0 and standard deviation 1, to the range from 0 to 1, or not at all. A category is a 0/1 column. With
            a range from 0 to 1 categories count more than numbers; without scaling the columns with the largest numbers decide.
    """

    scaling: Annotated[Literal["z_score", "min_max", "none"], Titles(z_score=Z_SCORE, min_max=MIN_MAX, none=UNSCALED)] = "z_score"


@dataclass(frozen=True)
class Boosting:
    """How boosted trees are built.

    Args:
        leaves: The maximum number of leaves per tree.
        rows_per_leaf: The minimum number of rows per leaf.
        learning_rate: The contribution of each tree; a lower rate needs more trees. If empty, it depends on the number of rows: 0.05 up to 10,000
            rows, 0.1 up to 30,000, 0.2 above.
        trees: The number of trees; with a validation share, the maximum.
        row_share: The fraction of rows that each tree is built from, drawn again for each tree; 1 for all rows.
        column_share: The fraction of columns that each tree is built from, drawn again for each tree; 1 for all columns.
        l1_weight: The L1 regularization of leaf values, in the unit of a numeric label; 0 for none.
        l2_weight: The L2 regularization of leaf values, which acts as if each leaf had this many more rows; 0 for none.
        random_splits: Try a single random threshold of each column instead of all, as extremely randomized trees do; more trees are needed, and
            they err on other rows.
        category_means: Beside each text column use the mean of the label in its category, which in training is that of other rows.
    """

    leaves: Annotated[int, Range(2, 131_072), Search("loguniform(4, 128)")] = 20
    rows_per_leaf: Annotated[int, Range(1), Search("loguniform(1, 100)")] = 5
    learning_rate: Annotated[float | None, Range(0, 1, exclusive_min=True), Search("loguniform(0.01, 0.3)")] = None
    trees: Annotated[int, Range(1, 100_000), Search("loguniform(20, 500)")] = 100
    row_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.5, 1)")] = 0.8
    column_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.3, 1)")] = 0.5
    l1_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 10)")] = 0.0
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.001, 100)")] = 1.0
    random_splits: bool = False
    category_means: bool = False


@dataclass(frozen=True)
class ClassWeights:
    """How the rows of the classes are weighted.

    Args:
        class_weight: Balanced gives all classes the same total weight; probabilities of the rarer classes are then too high.
    """

    class_weight: Annotated[Literal["none", "balanced"], Titles(none="None", balanced=BALANCED)] = "none"

    @property
    def for_scikit_learn(self) -> str | None:
        """The value of scikit-learn's argument `class_weight`."""
        return None if self.class_weight == "none" else self.class_weight


@dataclass(frozen=True)
class EarlyStopping:
    """When boosting stops before the last tree.

    Args:
        validation_share: The fraction of rows held out for early stopping (by squared error or log loss); 0 to build all trees from all rows.
        patience: With a validation share, stop after this many consecutive trees without an improvement on the held-out rows.
    """

    validation_share: Annotated[float, Range(0, 0.9)] = 0.0
    patience: Annotated[int, Range(1)] = 20


@dataclass(frozen=True)
class Forest:
    """How the trees of a forest are built.

    Args:
        resampling: Bagging builds each tree from as many rows as there are, drawn with replacement; Replicate builds each tree from all rows.
        trees: The number of trees.
        max_depth: The maximum depth of a tree.
        rows_per_leaf: The minimum number of rows per leaf.
        column_share: The fraction of columns that a split selects from, drawn again for each split. If empty, all columns to predict a number, and
            as many as the square root of their number to predict a class.
    """

    resampling: Annotated[Literal["bagging", "replicate"], Titles(bagging="Bagging", replicate="Replicate")] = "bagging"
    trees: Annotated[int, Range(1, 10_000), Search("loguniform(50, 500)")] = 100
    max_depth: Annotated[int, Range(1, 1_000), Title("Maximum depth"), Search("loguniform(3, 64)")] = 32
    rows_per_leaf: Annotated[int, Range(1), Search("loguniform(1, 50)")] = 1
    column_share: Annotated[float | None, Range(0, 1, exclusive_min=True), Search("uniform(0.1, 1)")] = None

    @property
    def for_scikit_learn(self) -> Mapping[str, Any]:
        """The arguments of scikit-learn's forests."""
        return {
            "n_estimators": self.trees,
            "max_depth": self.max_depth,
            "min_samples_leaf": self.rows_per_leaf,
            "bootstrap": self.resampling == "bagging",
            **({} if self.column_share is None else {"max_features": self.column_share}),
        }


def layer_sizes(text: str, param: str) -> tuple[int, ...]:
    """Return the numbers of nodes in a text such as 100, 50.

    Raises:
        ModuleError: `bad_layers`.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= MOST_NODES for part in parts) or len(parts) > MOST_LAYERS:
        raise ModuleError(
            "bad_layers",
            f"“{text}” is not a list of numbers of nodes.",
            param=param,
            remedy=f"Enter 1 to {MOST_LAYERS} whole numbers from 1 to {MOST_NODES:,}, separated by commas, such as 100, 50.",
        )
    return tuple(int(part) for part in parts)


@dataclass(frozen=True)
class Network:
    """The layers of a neural network, and how its weights are learned.

    Args:
        hidden_nodes: The number of nodes of the hidden layer; of several layers their numbers, separated by commas, such as 100, 50.
        activation: The function of a hidden node.
        optimizer: Adam adapts the step of each weight; gradient descent uses the same learning rate for all.
        learning_rate: The size of a step. If empty, 0.001 with Adam and 0.1 with gradient descent.
        momentum: The fraction of the previous step that is added to each step.
        iterations: The maximum number of passes over the rows. Training stops earlier after ten passes that improve the loss by less than 0.0001.
        batch_rows: The number of rows per step, at most all rows.
        l2_weight: The L2 regularization strength; 0 for none.
        shuffle: Draw the order of the rows again for each pass.
    """

    hidden_nodes: Annotated[str, Search("50; 100; 200; 100, 50")] = "100"
    activation: Annotated[
        Literal["relu", "tanh", "logistic"],
        Titles(relu="Rectified linear", tanh="Hyperbolic tangent", logistic="Sigmoid"),
        Search("relu; tanh"),
    ] = "relu"
    optimizer: Annotated[Literal["adam", "sgd"], Titles(adam="Adam", sgd="Stochastic gradient descent")] = "adam"
    learning_rate: Annotated[float | None, Range(0, 2, exclusive_min=True), Search("loguniform(0.0001, 0.1)")] = None
    momentum: Annotated[float, Range(0, 1), When("optimizer", "sgd")] = 0.0
    iterations: Annotated[int, Range(1, 100_000), Search("loguniform(20, 300)")] = 100
    batch_rows: Annotated[int, Range(1), Title("Rows per step")] = 200
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.00001, 0.1)")] = 0.0001
    shuffle: bool = True

    @property
    def layers(self) -> tuple[int, ...]:
        """The number of nodes of each hidden layer.

        Raises:
            ModuleError: `bad_layers`.
        """
        return layer_sizes(self.hidden_nodes, "hidden_nodes")

    @property
    def for_scikit_learn(self) -> Mapping[str, Any]:
        """The arguments of scikit-learn's networks."""
        return {
            "hidden_layer_sizes": self.layers,
            "activation": self.activation,
            "solver": self.optimizer,
            "learning_rate_init": self.learning_rate or {"adam": 0.001, "sgd": 0.1}[self.optimizer],
            "momentum": self.momentum,
            "max_iter": self.iterations,
            "batch_size": self.batch_rows,
            "alpha": self.l2_weight,
            "shuffle": self.shuffle,
        }


@dataclass(frozen=True)
class Neighbors:
    """Which rows are neighbors, and how they count.

    Args:
        neighbors: The number of nearest rows that a prediction is made from.
        weighting: Uniform counts all neighbors alike; By distance weights each by 1 / its distance.
        distance: Euclidean is the root of the sum of squared differences; Manhattan is the sum of absolute differences.
    """

    neighbors: Annotated[int, Range(1, 100_000), Search("loguniform(1, 100)")] = 5
    weighting: Annotated[Literal["uniform", "distance"], Titles(uniform="Uniform", distance="By distance"), Search("uniform; distance")] = (
        "uniform"
    )
    distance: Annotated[
        Literal["euclidean", "manhattan"], Titles(euclidean="Euclidean", manhattan="Manhattan"), Search("euclidean; manhattan")
    ] = "euclidean"

    @property
    def for_scikit_learn(self) -> Mapping[str, Any]:
        """The arguments of scikit-learn's learners by neighbors."""
        return {"n_neighbors": self.neighbors, "weights": self.weighting, "metric": self.distance}


@dataclass(frozen=True)
class HistogramBoosting:
    """How boosted trees over binned columns are built.

    Args:
        leaves: The maximum number of leaves per tree.
        rows_per_leaf: The minimum number of rows per leaf.
        learning_rate: The contribution of each tree; a lower rate needs more trees.
        trees: The number of trees, for each class of several; with a validation share, the maximum.
        column_share: The fraction of columns that a split selects from, drawn again for each split; 1 for all columns.
        l2_weight: The L2 regularization of leaf values; 0 for none.
    """

    leaves: Annotated[int, Range(2, 131_072), Search("loguniform(4, 128)")] = 31
    rows_per_leaf: Annotated[int, Range(1), Search("loguniform(1, 100)")] = 5
    learning_rate: Annotated[float, Range(0, 1, exclusive_min=True), Search("loguniform(0.01, 0.3)")] = 0.1
    trees: Annotated[int, Range(1, 100_000), Search("loguniform(20, 500)")] = 100
    column_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.3, 1)")] = 1.0
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.001, 100)")] = 1.0

    def for_scikit_learn(self, stopping: EarlyStopping) -> Mapping[str, Any]:
        """The arguments of scikit-learn's histogram boosting."""
        return {
            "max_leaf_nodes": self.leaves,
            "min_samples_leaf": self.rows_per_leaf,
            "learning_rate": self.learning_rate,
            "max_iter": self.trees,
            "max_features": self.column_share,
            "l2_regularization": self.l2_weight,
            "early_stopping": stopping.validation_share > 0,
            "validation_fraction": stopping.validation_share or None,
            "n_iter_no_change": stopping.patience,
        }
