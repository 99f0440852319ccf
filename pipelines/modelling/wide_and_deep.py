"""The prediction of a trained wide-and-deep network, in NumPy: a model is used where nothing but its arrays is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

PAIRS = 16_384  # pairs in one block
LEAK = 0.01
ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 0.5 * (1 + np.tanh(x / 2)),
    "tanh": np.tanh,
    "linear": lambda x: x,
    "leaky_relu": lambda x: np.maximum(x, LEAK * x),
}


def bucket(users: np.ndarray, items: np.ndarray, buckets: int) -> np.ndarray:
    """Return the bucket of each pair of places: the last steps of the hash SplitMix64."""
    mixed = users.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + items.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: np.ndarray = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(buckets)).astype(np.int64)
    return found


@dataclass(frozen=True, eq=False)
class Side:
    """What is known of users, or of items: a row for each, and a last one for an unknown one.

    `weights` are of the wide part, `inputs` go into the deep part: the embedding, then the features. The first `trained` rows were in training.
    """

    weights: np.ndarray
    inputs: np.ndarray
    trained: int

    def joined_by(self, features: np.ndarray) -> Side:
        """Return a side with further rows before the last: unknown ones of which the features are known."""
        new = np.repeat(self.inputs[-1:], len(features), axis=0)
        new[:, new.shape[1] - features.shape[1] :] = features
        weights = np.concatenate([self.weights[:-1], np.repeat(self.weights[-1:], len(features) + 1)])
        return Side(weights, np.concatenate([self.inputs[:-1], new, self.inputs[-1:]]), self.trained)


@dataclass(frozen=True, eq=False)
class Network:
    """The sum of weights of user, item and pair, and of the output of the layers.

    `crossed` are weights of pairs by bucket, none if empty. A layer is a matrix (inputs by nodes) and an offset for each node.
    """

    users: Side
    items: Side
    crossed: np.ndarray
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    activation: str

    def of_pairs(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return the output for each pair of places; -1 is the place of an unknown one."""
        found = np.empty(len(users))
        by_user, by_item = self._first_layer()
        for start in range(0, len(users), PAIRS):
            some = slice(start, start + PAIRS)
            found[some] = self._of_block(users[some], items[some], by_user, by_item)
        return found

    def of_all_items(self, users: np.ndarray) -> np.ndarray:
        """Return the output of every item but the unknown one for the users at these places, a row for each."""
        many = len(self.items.weights) - 1
        found = np.empty(len(users) * many)
        by_user, by_item = self._first_layer()
        for start in range(0, len(found), PAIRS):
            row, item = np.divmod(np.arange(start, min(start + PAIRS, len(found))), many)
            found[start : start + PAIRS] = self._of_block(users[row], item, by_user, by_item)
        return found.reshape(len(users), many)

    def _first_layer(self) -> tuple[np.ndarray, np.ndarray]:
        """The first layer is a sum over its inputs, so each user's and each item's part is computed once and not for every pair."""
        matrix, offset = self.layers[0]
        width = self.users.inputs.shape[1]
        return self.users.inputs @ matrix[:width], self.items.inputs @ matrix[width:] + offset

    def _of_block(self, users: np.ndarray, items: np.ndarray, by_user: np.ndarray, by_item: np.ndarray) -> np.ndarray:
        hidden = by_user[users] + by_item[items]
        for matrix, offset in self.layers[1:]:
            hidden = ACTIVATIONS[self.activation](hidden) @ matrix + offset
        found: np.ndarray = hidden[:, 0].astype(np.float64) + self.users.weights[users] + self.items.weights[items]
        if len(self.crossed):
            known = (users >= 0) & (users < self.users.trained) & (items >= 0) & (items < self.items.trained)
            found[known] += self.crossed[bucket(users[known], items[known], len(self.crossed))]
        return found
