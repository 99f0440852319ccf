"""Wide and deep: the settings, and training with PyTorch. Draws come from a generator of its own, in one thread, so that a seed gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Seed, Title, Titles
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.settings import layer_sizes
from pipelines.modelling.wide_and_deep import Network, bucket
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._features import Features

PATIENCE = 3
BETWEEN = 25  # steps between two reports of progress
Optimizer = Annotated[
    Literal["adagrad", "adam", "rmsprop", "sgd", "adadelta"],
    Titles(adagrad="Adagrad", adam="Adam", rmsprop="RMSProp", sgd="Stochastic gradient descent", adadelta="Adadelta"),
]
Activation = Annotated[
    Literal["relu", "sigmoid", "tanh", "linear", "leaky_relu"],
    Titles(relu="ReLU", sigmoid="Sigmoid", tanh="Tanh", linear="Linear", leaky_relu="Leaky ReLU"),
]
Rate = Annotated[float, Range(0, 2, exclusive_min=True)]


@dataclass(frozen=True)
class Asked:
    """How the network is built and trained.

    Args:
        epochs: How often all ratings are learned, at most.
        batch: The number of ratings in one step. Larger ones are faster, and need more epochs or a higher learning rate.
        held_out: The share of the ratings, drawn at random, on which the error is measured after each epoch, to keep the best one; 0 for none.
        wide_optimizer: How the weights of the wide part are changed.
        wide_rate: The learning rate of the wide part.
        crossed: The number of buckets for pairs of user and item; 0 leaves pairs out of the wide part.
        deep_optimizer: How the embeddings and layers of the deep part are changed.
        deep_rate: The learning rate of the deep part.
        user_size: The length of the embedding of a user.
        item_size: The length of the embedding of an item.
        category_size: The length of the embedding of a category of a text feature.
        hidden: The number of nodes of each hidden layer, separated by commas, such as 256, 128.
        activation: The function of a hidden node.
        dropout: The probability that the output of a hidden node is dropped in a training step.
        batch_norm: Standardize the inputs of each hidden layer's activations within a batch.
        seed: The random seed of the first weights, the order of the ratings and the dropout.
    """

    epochs: Annotated[int, Range(1, 10_000)] = 15
    batch: Annotated[int, Title("Batch size"), Range(1, 1_000_000)] = 128
    held_out: Annotated[float, Title("Held-out share"), Range(0, 0.5)] = 0.1
    wide_optimizer: Optimizer = "adagrad"
    wide_rate: Annotated[Rate, Title("Learning rate of the wide part")] = 0.2
    crossed: Annotated[int, Title("Crossed feature dimension"), Range(0, 100_000_000)] = 0
    deep_optimizer: Optimizer = "adagrad"
    deep_rate: Annotated[Rate, Title("Learning rate of the deep part")] = 0.2
    user_size: Annotated[int, Title("User embedding dimension"), Range(1, 4096)] = 16
    item_size: Annotated[int, Title("Item embedding dimension"), Range(1, 4096)] = 16
    category_size: Annotated[int, Title("Categorical embedding dimension"), Range(1, 4096)] = 4
    hidden: Annotated[str, Title("Hidden units")] = "64, 32"
    activation: Activation = "relu"
    dropout: Annotated[float, Range(0, 0.95)] = 0.2
    batch_norm: Annotated[bool, Title("Batch normalization")] = True
    seed: Seed = Seed(0)


@dataclass(frozen=True)
class Trained:
    """What was found; `course` has the error of each epoch in training and on held-out ratings (None without), `best` the place of the kept one."""

    network: Network
    embeddings: tuple[dict[str, np.ndarray], dict[str, np.ndarray]]
    course: tuple[tuple[float, float | None], ...]
    best: int


def train_network(ratings: Coded, features: tuple[Features, Features], mean: float, spread: float, asked: Asked) -> Trained:
    """Return the network that minimizes the squared error of the ratings.

    Raises:
        ModuleError: `diverged` or `bad_layers`.
    """
    import torch

    from pipelines.modules.recommendation._torch_network import Learning, optimizer

    sizes = layer_sizes(asked.hidden, "hidden")
    with one_thread():
        dice = torch.Generator().manual_seed(asked.seed)
        cross = bucket(ratings.users, ratings.items, asked.crossed) if asked.crossed else np.zeros(len(ratings.users), np.int64)
        pairs = torch.tensor(np.stack([ratings.users, ratings.items, cross]))
        wanted = torch.tensor((ratings.values - mean) / spread, dtype=torch.float32)
        net = Learning(ratings, features, sizes, asked, dice)
        optimizers = [
            optimizer(asked.wide_optimizer, net.wide, asked.wide_rate),
            optimizer(asked.deep_optimizer, net.deep, asked.deep_rate),
        ]
        order = torch.randperm(len(wanted), generator=dice)
        held, known = order.tensor_split([int(len(wanted) * asked.held_out)])
        course: list[tuple[float, float | None]] = []
        best, kept = 0, net.state()
        for epoch in range(asked.epochs):
            batches = known[torch.randperm(len(known), generator=dice)].tensor_split(-(-len(known) // asked.batch))
            error = _epoch(net, optimizers, pairs, wanted, batches, epoch, asked.epochs, course)
            course.append((spread * error**0.5, spread * net.error(pairs[:, held], wanted[held]) ** 0.5 if len(held) else None))
            if not len(held) or epoch == 0 or course[-1][1] < course[best][1]:  # type: ignore[operator]
                best, kept = epoch, net.state()
            if epoch - best >= PATIENCE:
                break
        net.load(kept)
        _tell(course, best)
        return Trained(net.network(asked.activation), net.embeddings(), tuple(course), best)


def _epoch(net: Any, optimizers: Any, pairs: Any, wanted: Any, batches: Any, epoch: int, epochs: int, course: Any) -> float:
    """Learn all batches once; returns the mean squared error, each of a batch before it was learned."""
    total, last = 0.0, f", error {course[-1][1] or course[-1][0]:.4g}" if course else ""
    for place, batch in enumerate(batches):
        if place % BETWEEN == 0:
            progress(epoch * len(batches) + place, epochs * len(batches), f"epoch {epoch + 1:,} of {epochs:,}{last}")
        total += net.step(optimizers, pairs[:, batch], wanted[batch], place) * len(batch)
    if not np.isfinite(total):
        raise ModuleError(
            "diverged",
            f"The weights grew beyond all numbers in epoch {epoch + 1:,}.",
            param="deep_rate",
            remedy="Lower the learning rates, or select Adam.",
        )
    return total / sum(map(len, batches))


def _tell(course: list[tuple[float, float | None]], best: int) -> None:
    trained, held = course[best]
    if held is not None:
        log(f"The error of the held-out ratings is lowest after epoch {best + 1:,} of {len(course):,}: {held:.4g}. This one is kept.")
    else:
        log(f"The error of the training ratings in the last of {len(course):,} epochs is {trained:.4g}.")


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch in one thread: the matrices are small, and sums do not depend on the number of processors."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
