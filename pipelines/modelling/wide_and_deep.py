"""The prediction of a trained wide-and-deep network, in NumPy: a model is used where nothing but its arrays is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

PAIRS = 16_384  # pairs in one block
ROWS = 256  # pairs whose layers are computed together, always as many
LEAK = 0.01
# They may overwrite their argument.
ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda x: np.maximum(x, 0, out=x),
    "sigmoid": lambda x: 0.5 * (1 + np.tanh(x / 2)),
    "tanh": lambda x: np.tanh(x, out=x),
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
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):
            return self._of_pairs(users, items)

    def _of_pairs(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        found = np.empty(len(users))
        by_user, by_item = self._first_layer()
        for start in range(0, len(users), PAIRS):
            user, item = users[start : start + PAIRS], items[start : start + PAIRS]
            wide = self.users.weights[user] + self.items.weights[item]
            found[start : start + PAIRS] = self._output(by_user[user] + by_item[item]) + wide + self._of_buckets(user, item)
        return found

    def of_all_items(self, users: np.ndarray) -> np.ndarray:
        """Return the output of every item but the unknown one for the users at these places, a row for each."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"):  # the matrices are small: more threads take longer
            return self._of_all_items(users)

    def _of_all_items(self, users: np.ndarray) -> np.ndarray:
        many = len(self.items.weights) - 1
        found = np.empty((len(users), many))
        by_user, by_item = self._first_layer()
        rows = max(1, PAIRS // max(1, many))
        for top in range(0, len(users), rows):
            user = users[top : top + rows]
            for left in range(0, many, PAIRS):
                item = np.arange(left, min(left + PAIRS, many))
                hidden = by_user[user][:, None] + by_item[item]
                pairs = self._of_buckets(np.repeat(user, len(item)), np.tile(item, len(user)))
                deep = (self._output(hidden.reshape(-1, hidden.shape[-1])) + pairs).reshape(len(user), -1)
                found[top : top + rows, item] = deep + self.users.weights[user][:, None] + self.items.weights[item]
        return found

    def _first_layer(self) -> tuple[np.ndarray, np.ndarray]:
        """The first layer is a sum over its inputs, so each user's and each item's part is computed once and not for every pair."""
        matrix, offset = self.layers[0]
        width = self.users.inputs.shape[1]
        return self.users.inputs @ matrix[:width], self.items.inputs @ matrix[width:] + offset

    def _output(self, hidden: np.ndarray) -> np.ndarray:
        """What the layers after the first make of its sums.

        BLAS adds products in an order that depends on the number of rows. So all matrices have the same number of rows, and a pair alone gets the bits
        that it gets among others.
        """
        found = np.empty(len(hidden))
        for start in range(0, len(hidden), ROWS):
            some = hidden[start : start + ROWS]
            block = np.zeros((ROWS, hidden.shape[1]), hidden.dtype)
            block[: len(some)] = some
            for matrix, offset in self.layers[1:]:
                block = ACTIVATIONS[self.activation](block) @ matrix
                block += offset
            found[start : start + ROWS] = block[: len(some), 0]
        return found

    def _of_buckets(self, users: np.ndarray, items: np.ndarray) -> np.ndarray | float:
        """The weights of pairs; those with somebody who was not in training have none."""
        if not len(self.crossed):
            return 0.0
        known = (users >= 0) & (users < self.users.trained) & (items >= 0) & (items < self.items.trained)
        found = np.zeros(len(users))
        found[known] = self.crossed[bucket(users[known], items[known], len(self.crossed))]
        return found
