"""The prediction of a network: the same as a loop over pairs in plain Python."""

import math

import numpy as np
import pytest

from pipelines.modelling import wide_and_deep
from pipelines.modelling.wide_and_deep import Network, Side, bucket

FUNCTIONS = {
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "linear": lambda x: x,
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
}


def drawn(activation="relu", crossed=6):
    dice = np.random.default_rng(1)
    shapes = [(9, 6), (6, 4), (4, 1)]
    layers = tuple((dice.normal(size=shape).astype(np.float32), dice.normal(size=shape[1]).astype(np.float32)) for shape in shapes)
    users, items = (
        Side(dice.normal(size=n).astype(np.float32), dice.normal(size=(n, w)).astype(np.float32), n - 1) for n, w in ((8, 4), (11, 5))
    )
    return Network(users, items, dice.normal(size=crossed).astype(np.float32), layers, activation)


def one_by_one(net, user, item):
    row = [float(x) for x in (*net.users.inputs[user], *net.items.inputs[item])]
    for place, (matrix, offset) in enumerate(net.layers):
        row = row if place == 0 else [FUNCTIONS[net.activation](x) for x in row]
        row = [sum(x * float(matrix[at, node]) for at, x in enumerate(row)) + float(offset[node]) for node in range(len(offset))]
    crossed = (
        net.crossed[bucket(np.array([user]), np.array([item]), len(net.crossed))[0]] if len(net.crossed) and min(user, item) >= 0 else 0
    )
    return row[0] + float(net.users.weights[user]) + float(net.items.weights[item]) + float(crossed)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_an_output_is_the_sum_of_wide_and_deep(activation, monkeypatch):
    monkeypatch.setattr(wide_and_deep, "PAIRS", 7)  # several blocks
    net = drawn(activation)
    users, items = np.repeat(np.arange(-1, 7), 11), np.tile(np.arange(-1, 10), 8)
    truth = np.array([one_by_one(net, u, i) for u, i in zip(users, items, strict=True)])
    assert np.allclose(net.of_pairs(users, items), truth, rtol=0, atol=1e-5)
    every = net.of_all_items(np.arange(-1, 7))
    assert every.shape == (8, 10) and np.allclose(every, truth.reshape(8, 11)[:, 1:], rtol=0, atol=1e-5)


def test_without_buckets_pairs_have_no_weight():
    with_pairs, without = drawn(), drawn(crossed=0)
    assert np.isclose(without.of_pairs(np.array([2]), np.array([3]))[0], one_by_one(without, 2, 3), atol=1e-5)
    assert not np.allclose(with_pairs.of_pairs(np.arange(7), np.arange(7)), without.of_pairs(np.arange(7), np.arange(7)))


def test_buckets_are_even():
    """Of 100,000 pairs in 1,000 buckets each has about 100, as a chi-squared test says."""
    users, items = np.divmod(np.arange(100_000), 400)
    counts = np.bincount(bucket(users, items, 1000), minlength=1000)
    assert abs(((counts - 100) ** 2 / 100).sum() - 999) < 4 * (2 * 999) ** 0.5
    assert bucket(np.array([1, 2]), np.array([2, 1]), 10**8).tolist()[0] != bucket(np.array([2]), np.array([1]), 10**8)[0]


def test_who_joins_is_unknown_but_for_the_features():
    net = drawn()
    side = net.items.joined_by(np.array([[7.0, 8.0]], np.float32))
    assert len(side.weights) == len(side.inputs) == 12 and side.trained == 10
    assert side.inputs[10].tolist() == [*net.items.inputs[-1, :3], 7, 8] and side.weights[10] == net.items.weights[-1]
    assert np.array_equal(side.inputs[-1], net.items.inputs[-1]) and np.array_equal(side.inputs[:10], net.items.inputs[:10])
