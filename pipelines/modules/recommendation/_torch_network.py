"""The network while it learns, in PyTorch; only training imports this file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pipelines.modelling.wide_and_deep import LEAK, Network, Side
from pipelines.modules.recommendation._factorizing import Coded
from pipelines.modules.recommendation._features import Features

TINY = 1e-5  # added to variances
ACCUMULATED = 0.1  # what Adagrad starts from, so that the first steps are not too large
SPREAD = 0.1  # of the first embeddings
BLOCK = 65_536  # pairs predicted at once
ACTIVATIONS = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "linear": lambda x: x,
    "leaky_relu": lambda x: functional.leaky_relu(x, LEAK),
}


def optimizer(name: str, params: Sequence[Tensor], rate: float) -> Any:
    """Return an optimizer of a setting's name."""
    if name == "adagrad":
        return torch.optim.Adagrad(params, rate, initial_accumulator_value=ACCUMULATED)
    made = {
        "adam": torch.optim.Adam,
        "rmsprop": torch.optim.RMSprop,
        "sgd": torch.optim.SGD,
        "adadelta": torch.optim.Adadelta,
    }
    return made[name](params, rate)


class Learning:
    """The weights, and what one step does with them."""

    def __init__(
        self, ratings: Coded, features: tuple[Features, Features], sizes: Sequence[int], asked: Any, dice: torch.Generator
    ) -> None:
        self.asked, self.dice = asked, dice
        self.numbers = [torch.tensor(side.numbers) for side in features]
        self.codes = [{name: torch.tensor(codes) for name, codes in side.codes.items()} for side in features]
        many, lengths = (ratings.many_users, ratings.many_items), (asked.user_size, asked.item_size)
        self.weights = [_zeros(count) for count in many]
        self.crossed, self.bias = _zeros(asked.crossed), _zeros(1)
        self.ids = [self._drawn(count, length) for count, length in zip(many, lengths, strict=True)]
        self.tables = [
            {name: self._drawn(len(values) + 1, asked.category_size) for name, values in side.coding.categories.items()}
            for side in features
        ]
        width = sum(lengths) + sum(len(held) * asked.category_size for held in self.tables) + sum(one.shape[1] for one in self.numbers)
        shapes = list(zip([width, *sizes], [*sizes, 1], strict=True))
        self.matrices = [self._glorot(*shape) for shape in shapes]
        self.offsets = [_zeros(nodes) for _, nodes in shapes[:-1]]
        self.scales = [torch.ones(nodes).requires_grad_() for nodes in sizes] if asked.batch_norm else []
        self.means = [torch.zeros(nodes) for nodes in sizes]
        self.variances = [torch.ones(nodes) for nodes in sizes]

    @property
    def wide(self) -> list[Tensor]:
        """The weights of the wide part."""
        return [*self.weights, self.bias, *([self.crossed] if len(self.crossed) else [])]

    @property
    def deep(self) -> list[Tensor]:
        """The embeddings and layers."""
        tables = [table for held in self.tables for table in held.values()]
        return [*self.ids, *tables, *self.matrices, *self.offsets, *self.scales]

    def step(self, optimizers: Sequence[Any], pairs: Tensor, wanted: Tensor, place: int) -> float:
        """Learn a batch; `place` is its number in the epoch. Returns the mean squared error before."""
        for each in optimizers:
            each.zero_grad()
        loss = functional.mse_loss(self.output(pairs, place), wanted)
        loss.backward()
        for each in optimizers:
            each.step()
        return float(loss.detach())

    def output(self, pairs: Tensor, place: int | None = None) -> Tensor:
        """Return the outputs for pairs of places, and their buckets; with `place` as in training."""
        users, items, crossed = pairs
        parts = [self._inputs(0, users), self._inputs(1, items)]
        hidden = torch.cat(parts, 1)
        for layer, (matrix, offset) in enumerate(zip(self.matrices[:-1], self.offsets, strict=True)):
            hidden = self._standardized(layer, hidden @ matrix, place) + offset
            hidden = ACTIVATIONS[self.asked.activation](hidden)
            if place is not None and self.asked.dropout:
                kept = torch.empty_like(hidden).bernoulli_(1 - self.asked.dropout, generator=self.dice)
                hidden = hidden * kept / (1 - self.asked.dropout)
        found: Tensor = (hidden @ self.matrices[-1])[:, 0] + self.weights[0][users] + self.weights[1][items] + self.bias
        return found + self.crossed[crossed] if len(self.crossed) else found

    def error(self, pairs: Tensor, wanted: Tensor) -> float:
        """Return the mean squared error of pairs that are not learned."""
        with torch.no_grad():
            outputs = torch.cat([self.output(some) for some in pairs.split(BLOCK, 1)])
            return float(functional.mse_loss(outputs, wanted))

    def state(self) -> list[Tensor]:
        """Return a copy of everything that changes."""
        return [each.detach().clone() for each in self._all()]

    def load(self, state: Sequence[Tensor]) -> None:
        """Take back a copy."""
        with torch.no_grad():
            for each, value in zip(self._all(), state, strict=True):
                each.copy_(value)

    def embeddings(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Return the embeddings of categories, of users and of items."""
        users, items = ({name: _array(table) for name, table in held.items()} for held in self.tables)
        return users, items

    def network(self, activation: str) -> Network:
        """Return what is left after training: the standardization becomes part of matrices and offsets, the bias of the last offset."""
        layers = []
        for layer, (matrix, offset) in enumerate(zip(self.matrices[:-1], self.offsets, strict=True)):
            if self.scales:
                factor = self.scales[layer] / (self.variances[layer] + TINY).sqrt()
                layers.append((_array(matrix * factor), _array(offset - self.means[layer] * factor)))
            else:
                layers.append((_array(matrix), _array(offset)))
        layers.append((_array(self.matrices[-1]), _array(self.bias)))
        return Network(self._side(0), self._side(1), _array(self.crossed), tuple(layers), activation)

    def _side(self, side: int) -> Side:
        """The rows of all that are known, and the mean of these for an unknown one, whose features are missing."""
        weights, count = _array(self.weights[side]), len(self.weights[side])
        inputs = _array(self._inputs(side, torch.arange(count)))
        blank = [_array(self.ids[side]).mean(0), *(_array(table)[-1] for table in self.tables[side].values())]
        last = np.concatenate([*blank, np.zeros(self.numbers[side].shape[1], np.float32)])
        return Side(np.append(weights, weights.mean()).astype(np.float32), np.vstack([inputs, last]).astype(np.float32), count)

    def _inputs(self, side: int, places: Tensor) -> Tensor:
        tables = [table[self.codes[side][name][places]] for name, table in self.tables[side].items()]
        return torch.cat([self.ids[side][places], *tables, self.numbers[side][places]], 1)

    def _standardized(self, layer: int, sums: Tensor, place: int | None) -> Tensor:
        """Means and variances to predict with are those of the batches of the epoch, all alike."""
        if not self.scales:
            return sums
        learning = place is not None and len(sums) > 1
        share = 1 / ((place or 0) + 1)
        return functional.batch_norm(
            sums, self.means[layer], self.variances[layer], self.scales[layer], None, learning, share if learning else 0.0, TINY
        )

    def _all(self) -> list[Tensor]:
        return [*self.wide, *self.deep, *self.means, *self.variances]

    def _drawn(self, rows: int, length: int) -> Tensor:
        return (torch.randn(rows, length, generator=self.dice) * SPREAD).requires_grad_()

    def _glorot(self, inputs: int, nodes: int) -> Tensor:
        return ((torch.rand(inputs, nodes, generator=self.dice) * 2 - 1) * (6 / (inputs + nodes)) ** 0.5).requires_grad_()


def _zeros(count: int) -> Tensor:
    return torch.zeros(count).requires_grad_()


def _array(values: Tensor) -> np.ndarray:
    found: np.ndarray = values.detach().numpy().copy()
    return found
