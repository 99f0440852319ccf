"""Prediction problems of scikit-learn: features that tell of a label, with as much noise as asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log

Kind = Literal["columns", "classification", "regression", "blobs", "moons", "circles"]
What = Annotated[
    Kind,
    Titles(
        columns="Columns of distributions",
        classification="Classification problem",
        regression="Regression problem",
        blobs="Clusters",
        moons="Two moons",
        circles="Two circles",
    ),
]
LABEL = "Label"
DRAWN = 2**32  # seeds of scikit-learn are 32 bits
LINEAR = ("classification", "regression")
PLANE = ("moons", "circles")  # problems of two classes in two features


@dataclass(frozen=True)
class Problem:
    """The settings of a prediction problem.

    Args:
        features: The number of features.
        informative: The number of features that tell of the label.
        redundant: The number of features that combine informative ones at random.
        classes: The number of classes or clusters.
        rarest: The share of the last class; the others share the rest equally. 0 makes all classes equal.
        separation: How far apart the classes are; larger is easier.
        flipped: The share of rows whose class is drawn at random.
        noise: The standard deviation of the noise, of each cluster, or of the places in the plane (about 0.1 suits moons and circles).
    """

    features: Annotated[int, Range(1, 1000), When("kind", *LINEAR, "blobs")] = 10
    informative: Annotated[int, Title("Informative features"), Range(1, 1000), When("kind", *LINEAR)] = 5
    redundant: Annotated[int, Title("Redundant features"), Range(0, 1000), When("kind", "classification")] = 2
    classes: Annotated[int, Range(2, 100), When("kind", "classification", "blobs")] = 2
    rarest: Annotated[float, Title("Share of the rarest class"), Range(0, 1), When("kind", "classification")] = 0.0
    separation: Annotated[float, Range(0), When("kind", "classification")] = 1.0
    flipped: Annotated[float, Title("Share of random labels"), Range(0, 1), When("kind", "classification")] = 0.01
    noise: Annotated[float, Range(0), When("kind", "regression", "blobs", *PLANE)] = 1.0

    def names(self, kind: Kind) -> list[str]:
        """Return the names of the features."""
        return [f"Feature {place + 1}" for place in range(2 if kind in PLANE else self.features)]


def label_type(kind: Kind) -> Any:
    """Return the type of the label."""
    return pl.Float64 if kind == "regression" else pl.Int64


def generate(kind: Kind, problem: Problem, rows: int, missing: float, chosen: int) -> Table:
    """Return the table of a problem, with as many missing features as asked for."""
    names = problem.names(kind)
    features, label = _make(kind, problem, rows, chosen % DRAWN)
    source = np.random.default_rng([chosen, len(names)])
    found = [pl.Series(name, features[:, place]) for place, name in enumerate(names)]
    if missing:
        found = [pl.Series(each.name, np.where(source.random(rows) < missing, np.nan, each.to_numpy()), nan_to_null=True) for each in found]
    return Table(pl.DataFrame([*found, pl.Series(LABEL, label, dtype=label_type(kind))]), {LABEL: ColumnRole("label")})


def _make(kind: Kind, problem: Problem, rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the features and the label of a problem.

    Raises:
        ModuleError: `wrong_problem`, when the numbers of features and classes do not go together.
    """
    from sklearn import datasets

    features, label = np.zeros((0, len(problem.names(kind)))), np.zeros(0)
    match kind:
        case "classification":
            weights = _weights(problem)
            _check_classes(problem)
            features, label = datasets.make_classification(
                rows,
                problem.features,
                n_informative=problem.informative,
                n_redundant=problem.redundant,
                n_classes=problem.classes,
                weights=weights,
                class_sep=problem.separation,
                flip_y=problem.flipped,
                random_state=seed,
            )
        case "regression":
            _check_informative(problem, 0)
            features, label, slopes = datasets.make_regression(
                rows, problem.features, n_informative=problem.informative, noise=problem.noise, coef=True, random_state=seed
            )
            _tell_slopes(slopes)
        case "blobs":
            features, label = datasets.make_blobs(
                rows, problem.features, centers=problem.classes, cluster_std=problem.noise, random_state=seed
            )
        case "moons":
            features, label = datasets.make_moons(rows, noise=problem.noise, random_state=seed)
        case "circles":
            features, label = datasets.make_circles(rows, noise=problem.noise, factor=0.5, random_state=seed)
    return features, label


def _weights(problem: Problem) -> list[float] | None:
    """The shares of the classes: the last has that of the rarest, the others are equal."""
    if not problem.rarest:
        return None
    if problem.rarest * problem.classes > 1:
        words = f"The rarest of {problem.classes} classes cannot have a share of {problem.rarest:g}; at most {1 / problem.classes:.3g}."
        raise ModuleError("wrong_problem", words, param="rarest", remedy="Set a smaller share, or 0 for classes of equal size.")
    return [(1 - problem.rarest) / (problem.classes - 1)] * (problem.classes - 1) + [problem.rarest]


def _check_classes(problem: Problem) -> None:
    _check_informative(problem, problem.redundant)
    if problem.classes * 2 > 2**problem.informative:
        words = f"{problem.classes} classes of two clusters each need more than {problem.informative} informative features."
        raise ModuleError("wrong_problem", words, param="informative", remedy="Set more informative features, or fewer classes.")


def _check_informative(problem: Problem, redundant: int) -> None:
    if problem.informative + redundant > problem.features:
        what = f"{problem.informative} informative" + (f" and {redundant} redundant" if redundant else "")
        words = f"{what} features are more than the {problem.features} features."
        raise ModuleError("wrong_problem", words, param="informative", remedy="Set more features, or fewer of these.")


def _tell_slopes(slopes: np.ndarray) -> None:
    places = [int(place) for place in np.flatnonzero(slopes)[:20]]
    shown = [f"{slopes[place]:.6g} × Feature {place + 1}" for place in places]
    log(f"{LABEL} = {' + '.join(shown)}{' + …' if np.count_nonzero(slopes) > len(shown) else ''} + noise.")
