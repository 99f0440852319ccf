"""The settings of a training, and the learning rate at each of its steps."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pipelines.catalogue.params import Range, Seed, Title, Titles, When

if TYPE_CHECKING:
    from torch.optim import Optimizer

Optimization = Annotated[Literal["adam", "adamw", "sgd"], Titles(adam="Adam", adamw="AdamW", sgd="Gradient descent with momentum")]
Schedule = Annotated[
    Literal["constant", "linear", "cosine", "step"],
    Title("Learning rate over time"),
    Titles(constant="Constant", linear="Linear to zero", cosine="Half a cosine to zero", step="In steps"),
]


@dataclass(frozen=True)
class Asked:
    """How a network is trained.

    Args:
        epochs: How often all training images are learned, at most.
        batch_size: How many images one update of the weights is computed from.
        learning_rate: How large an update is. Too large, the loss does not fall; too small, it falls slowly. Weights of another training need
            a tenth or less.
        optimizer: How updates are computed. Gradient descent needs a learning rate that is about ten times as large.
        momentum: How much of the last updates each one keeps.
        weight_decay: How much larger weights are drawn towards zero; 0.0001 to 0.01 helps against overfitting.
        schedule: How the learning rate changes after the warm-up.
        step_epochs: After how many epochs the learning rate is reduced.
        step_factor: What it is then multiplied by.
        warmup_epochs: During how many epochs the learning rate rises from zero.
        patience: Stop after so many epochs without a smaller validation loss; if empty, all epochs are trained. Needs validation images.
        seed: The random seed of first weights, the order of images and random operations.
        threads: How many processors compute at most. Another number may change the last digits.
    """

    epochs: Annotated[int, Range(1, 10_000)] = 5
    batch_size: Annotated[int, Range(2, 4096)] = 16
    learning_rate: Annotated[float, Range(0, 10, exclusive_min=True)] = 0.001
    optimizer: Optimization = "adam"
    momentum: Annotated[float, Range(0, 1, exclusive_max=True), When("optimizer", "sgd")] = 0.9
    weight_decay: Annotated[float, Range(0, 1)] = 0.0
    schedule: Schedule = "cosine"
    step_epochs: Annotated[int, Range(1, 10_000), When("schedule", "step")] = 10
    step_factor: Annotated[float, Range(0, 1, exclusive_min=True), When("schedule", "step")] = 0.1
    warmup_epochs: Annotated[int, Range(0, 10_000), Title("Warm-up epochs")] = 0
    patience: Annotated[int, Range(1, 10_000)] | None = 3
    seed: Seed = Seed(0)
    threads: Annotated[int, Range(1, 64)] = 2


def rate_at(asked: Asked, step: int, steps: int) -> float:
    """Return the learning rate of an update, of which there are so many in an epoch; the first is 0."""
    warm = asked.warmup_epochs * steps
    if step < warm:
        return asked.learning_rate * (step + 1) / warm
    done = (step - warm) / max(1, asked.epochs * steps - warm)
    match asked.schedule:
        case "linear":
            return asked.learning_rate * (1 - done)
        case "cosine":
            return asked.learning_rate * (1 + math.cos(math.pi * done)) / 2
        case "step":
            return float(asked.learning_rate * asked.step_factor ** ((step - warm) // (asked.step_epochs * steps)))
    return asked.learning_rate


def optimizer_of(asked: Asked, weights: Iterable[Any]) -> Optimizer:
    """Return torch's optimizer."""
    from torch import optim

    match asked.optimizer:
        case "adam":
            return optim.Adam(weights, asked.learning_rate, weight_decay=asked.weight_decay)
        case "adamw":
            return optim.AdamW(weights, asked.learning_rate, weight_decay=asked.weight_decay)
    return optim.SGD(weights, asked.learning_rate, asked.momentum, weight_decay=asked.weight_decay)
