"""Matrix factorization by alternating least squares: each user, and each item, is a small ridge regression with the other side held fixed.

A user with fewer ratings than factors is solved in as many unknowns as there are ratings (the dual form), and all users with equally many ratings
are solved in one call. The matrices are small, so more than one thread for each costs more than it brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from pipelines.catalogue.params import Range, Seed, Titles, When
from pipelines.catalogue.reporting import progress

BATCH = 2_000_000  # numbers in one array
START = 0.1  # the spread of the random numbers at the beginning
Feedback = Annotated[Literal["explicit", "implicit"], Titles(explicit="Ratings (explicit)", implicit="Counts of what users did (implicit)")]
Rows = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Coded:
    """Ratings as places of users and items, and values; sorted by both, so that the order of a table's rows does not matter."""

    users: np.ndarray
    items: np.ndarray
    values: np.ndarray
    many_users: int
    many_items: int


@dataclass(frozen=True)
class Asked:
    """How ratings are factorized.

    Args:
        feedback: What the rating column holds.
        factors: The number of factors of each user and each item.
        iterations: How often users and items are solved.
        regularization: The penalty of the squared factors.
        bias_regularization: The penalty of the squared biases; it draws a bias towards 0 like so many average ratings.
        confidence: How much more a count of 1 weighs than a pair that is not there.
        seed: The random seed of the first factors.
    """

    feedback: Feedback = "explicit"
    factors: Annotated[int, Range(1, 1000)] = 50
    iterations: Annotated[int, Range(1, 1000)] = 10
    regularization: Annotated[float, Range(0, exclusive_min=True)] = 10.0
    bias_regularization: Annotated[float, Range(0, exclusive_min=True), When("feedback", "explicit")] = 5.0
    confidence: Annotated[float, Range(0, exclusive_min=True), When("feedback", "implicit")] = 1.0
    seed: Seed = Seed(0)


@dataclass(frozen=True)
class Factors:
    """What was found; `course` is the error of the training ratings after each iteration."""

    mean: float
    biases: tuple[np.ndarray, np.ndarray]
    factors: tuple[np.ndarray, np.ndarray]
    course: tuple[float, ...]


def factorize(ratings: Coded, asked: Asked) -> Factors:
    """Return the factors of ratings or of counts."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        return explicit(ratings, asked) if asked.feedback == "explicit" else implicit(ratings, asked)


def explicit(ratings: Coded, asked: Asked) -> Factors:
    """Factorize ratings with a bias for each user and each item; the course is the root mean squared error.

    Ratings are standardized first, so that the penalties do not depend on their scale.
    """
    mean = float(ratings.values.mean())
    spread = float(ratings.values.std()) or 1.0
    z = (ratings.values - mean) / spread
    sides = (ratings.users, ratings.items)
    many = (ratings.many_users, ratings.many_items)
    scale = np.append(np.full(asked.factors, asked.regularization**-0.5), asked.bias_regularization**-0.5)
    found = [np.zeros((count, asked.factors + 1)) for count in many]  # the last column is the bias
    found[0][:, :-1] = np.random.Generator(np.random.PCG64(asked.seed)).normal(0, START, (many[0], asked.factors))
    groups = [list(grouped(side, asked.factors + 1)) for side in sides]
    course = []
    for iteration in range(asked.iterations):
        progress(iteration, asked.iterations, "iterations")
        for own, other in ((1, 0), (0, 1)):

            def rows(at: np.ndarray, other: int = other) -> tuple[np.ndarray, np.ndarray]:
                fixed = found[other][sides[other][at]]
                target = z[at] - fixed[..., -1]
                fixed[..., -1] = 1
                return fixed * scale, target

            for places, at in groups[own]:
                found[own][places] = ridge(rows, at, asked.factors + 1) * scale
        course.append(spread * float(np.sqrt(np.mean((z - fitted(found, sides)) ** 2))))
    biases = (found[0][:, -1] * spread, found[1][:, -1] * spread)
    factors = (found[0][:, :-1] * spread**0.5, found[1][:, :-1] * spread**0.5)
    return Factors(mean, biases, factors, tuple(course))


def fitted(found: list[np.ndarray], sides: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the predictions for the training ratings, standardized."""
    predicted = np.empty(len(sides[0]))
    step = max(1, BATCH // found[0].shape[1])
    for start in range(0, len(predicted), step):
        part = slice(start, start + step)
        user, item = found[0][sides[0][part]], found[1][sides[1][part]]
        predicted[part] = np.einsum("ij,ij->i", user[:, :-1], item[:, :-1]) + user[:, -1] + item[:, -1]
    return predicted


def implicit(ratings: Coded, asked: Asked) -> Factors:
    """Factorize what users did: a preference of 1 for every pair that is there and 0 for every other one, of different confidence.

    The course is the weighted squared error of all pairs with the penalties.
    """
    from scipy.linalg import solve_triangular

    sides, extra = (ratings.users, ratings.items), asked.confidence * ratings.values
    many = (ratings.many_users, ratings.many_items)
    found = [np.zeros((count, asked.factors)) for count in many]
    found[0] = np.random.Generator(np.random.PCG64(asked.seed)).normal(0, START, (many[0], asked.factors))
    groups = [list(grouped(side, asked.factors)) for side in sides]
    penalty, course = asked.regularization * np.eye(asked.factors), []
    for iteration in range(asked.iterations):
        progress(iteration, asked.iterations, "iterations")
        for own, other in ((1, 0), (0, 1)):
            # All pairs together are one small matrix; in the coordinates that make it the identity, the pairs that are there are a ridge regression.
            lower = np.linalg.cholesky(found[other].T @ found[other] + penalty)
            white = solve_triangular(lower, found[other].T, lower=True).T

            def rows(at: np.ndarray, other: int = other, white: np.ndarray = white) -> tuple[np.ndarray, np.ndarray]:
                root = np.sqrt(extra[at])
                return white[sides[other][at]] * root[..., None], (1 + extra[at]) / root

            for places, at in groups[own]:
                found[own][places] = solve_triangular(lower.T, ridge(rows, at, asked.factors).T).T
        course.append(_implicit_error(found, sides, extra, asked.regularization))
    biases = (np.zeros(many[0]), np.zeros(many[1]))
    return Factors(0.0, biases, (found[0], found[1]), tuple(course))


def _implicit_error(found: list[np.ndarray], sides: Any, extra: np.ndarray, regularization: float) -> float:
    grams = [side.T @ side for side in found]
    zero = np.zeros((len(found[0]), 1)), np.zeros((len(found[1]), 1))
    predicted = fitted([np.hstack(pair) for pair in zip(found, zero, strict=True)], sides)
    known = np.sum((1 + extra) * (1 - predicted) ** 2 - predicted**2)
    return float(np.sum(grams[0] * grams[1]) + known + regularization * (np.trace(grams[0]) + np.trace(grams[1])))


def grouped(own: np.ndarray, width: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield places with equally many ratings, and where their ratings are: a row for each place."""
    order, counts = np.argsort(own, kind="stable"), np.bincount(own)
    starts = np.cumsum(counts) - counts
    for count in np.unique(counts[counts > 0]).tolist():
        places = np.flatnonzero(counts == count)
        step = max(1, BATCH // (count * width))
        for start in range(0, len(places), step):
            some = places[start : start + step]
            yield some, order[starts[some][:, None] + np.arange(count)]


def ridge(rows: Rows, at: np.ndarray, width: int) -> np.ndarray:
    """Return the coefficients w of each regression that minimize |A w - y|² + |w|²; `rows` gives A and y of some ratings."""
    many, count = at.shape
    if count < width:
        a, y = rows(at)
        gram = a @ a.transpose(0, 2, 1) + np.eye(count)
        return _column(a.transpose(0, 2, 1) @ np.linalg.solve(gram, y[..., None]))
    gram, right = np.tile(np.eye(width), (many, 1, 1)), np.zeros((many, width, 1))
    step = max(1, BATCH // (many * width))
    for start in range(0, count, step):
        a, y = rows(at[:, start : start + step])
        gram += a.transpose(0, 2, 1) @ a
        right += a.transpose(0, 2, 1) @ y[..., None]
    return _column(np.linalg.solve(gram, right))


def _column(found: Any) -> np.ndarray:
    column: np.ndarray = found[..., 0]
    return column
