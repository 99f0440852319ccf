"""Samplers: which settings to try next, as pure functions of what came of the settings before."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal

import numpy as np

from pipelines.modelling.search.distributions import Distribution, Numbers, Values

Over = Mapping[str, Distribution]
Sampler = Literal["bayesian", "gaussian_process", "random", "quasi_random", "grid"]
FIRST = 10  # settings that are drawn at random before a model of the scores chooses
CANDIDATES = 2_000  # among which the Gaussian process chooses


@dataclass(frozen=True)
class Told:
    """Settings that were tried, and their score: the higher, the better; None while they are tried."""

    settings: Mapping[str, Any]
    score: float | None


def propose(sampler: Sampler, over: Over, number: int, told: Sequence[Told], seed: int, points: int) -> dict[str, Any] | None:
    """Return the settings of a trial; None after the last point of a grid.

    Args:
        sampler: How they are chosen.
        over: The values of each setting.
        number: The number of the trial, from 1 on.
        told: What is known; other samplers than Bayesian ones do not use it.
        seed: The seed of the search.
        points: Of a grid: how many numbers of each range.
    """
    if sampler == "grid":
        place = next(islice(product(*(each.grid(points) for each in over.values())), number - 1, None), None)
        return None if place is None else dict(zip(over, place, strict=True))
    if sampler == "quasi_random":
        return _at(over, _quasi_random(len(over), number, seed))
    own = seed_of(seed, number)
    if sampler == "bayesian":
        return _parzen(over, told, own)
    done = [each for each in told if each.score is not None]
    if sampler == "gaussian_process" and len(done) >= FIRST:
        return _gaussian(over, told, np.random.default_rng(own))
    return _at(over, np.random.default_rng(own).random(len(over)))


def size_of_grid(over: Over, points: int) -> int:
    """Return how many points a grid has."""
    return math.prod(len(each.grid(points)) for each in over.values())


def seed_of(seed: int, number: int) -> int:
    """Return the seed of a trial."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{number}".encode(), digest_size=4).digest(), "big")


def _at(over: Over, shares: Sequence[float] | np.ndarray) -> dict[str, Any]:
    return {name: each.at(float(share)) for (name, each), share in zip(over.items(), shares, strict=True)}


def _quasi_random(settings: int, number: int, seed: int) -> np.ndarray:
    """The point of a number in a scrambled Sobol sequence."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(settings, scramble=True, rng=np.random.default_rng(seed))
    if number > 1:
        sequence.fast_forward(number - 1)
    point: np.ndarray = sequence.random(1)[0]
    return point


def _parzen(over: Over, told: Sequence[Told], seed: int) -> dict[str, Any]:
    """Optuna's tree-structured Parzen estimator, with a study in memory that holds what is known."""
    import optuna
    from optuna.trial import TrialState, create_trial

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    spread = {name: of_optuna(each) for name, each in over.items()}
    sampler = optuna.samplers.TPESampler(n_startup_trials=FIRST, seed=seed)
    study = optuna.create_study(sampler=sampler, direction="maximize")
    study.add_trials(
        create_trial(
            params={name: _told_to_optuna(each, one.settings[name]) for name, each in over.items()},
            distributions=spread,
            value=one.score,
            state=TrialState.RUNNING if one.score is None else TrialState.COMPLETE,
        )
        for one in told
    )
    found = study.ask(spread).params
    return {name: each.at(found[name]) if _is_normal(each) else _as_number(each, found[name]) for name, each in over.items()}


def _is_normal(each: Distribution) -> bool:
    return isinstance(each, Numbers) and each.deviation is not None


def of_optuna(each: Distribution) -> Any:
    """Return a distribution as Optuna has it; a normal one, which it has not, by the share that lies below."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(each, Values):
        return CategoricalDistribution(each.values)
    if each.deviation is not None:
        return FloatDistribution(0, 1)
    step = None if each.log else each.step
    if each.whole:
        return IntDistribution(int(each.low), int(each.high), log=each.log, step=1 if step is None else max(round(step), 1))
    return FloatDistribution(each.low, each.high, log=each.log, step=step)


def _told_to_optuna(each: Distribution, value: Any) -> Any:
    return each.share_of(value) if _is_normal(each) else value


def _as_number(each: Distribution, value: Any) -> Any:
    """A value of Optuna: a number of the range, in its steps also where Optuna has none."""
    return each.at(each.share_of(value)) if isinstance(each, Numbers) and each.step is not None else value


def _gaussian(over: Over, told: Sequence[Told], source: np.random.Generator) -> dict[str, Any]:
    """The settings with the largest expected improvement by a Gaussian process; those that are being tried count as the worst."""
    import warnings

    from scipy.stats import norm
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    scores = [each.score for each in told if each.score is not None]
    known = np.array([_place(over, each.settings) for each in told])
    y = np.array([min(scores) if each.score is None else each.score for each in told])
    y = (y - y.mean()) / (y.std() or 1.0)
    kernel = ConstantKernel() * Matern(np.full(known.shape[1], 0.5), (0.05, 20.0), nu=2.5) + WhiteKernel(1e-2, (1e-6, 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of length scales at their bounds
        model = GaussianProcessRegressor(kernel, random_state=0).fit(known, y)
        drawn = [_at(over, shares) for shares in source.random((CANDIDATES, len(over)))]
        mean, deviation = model.predict(np.array([_place(over, each) for each in drawn]), return_std=True)
    gain = mean - y.max()
    expected = gain * norm.cdf(gain / (deviation + 1e-12)) + deviation * norm.pdf(gain / (deviation + 1e-12))
    return drawn[int(np.argmax(expected))]


def _place(over: Over, settings: Mapping[str, Any]) -> list[float]:
    """Settings as a point: of numbers the share of the range, of values a 1 for the one that it is."""
    point: list[float] = []
    for name, each in over.items():
        if isinstance(each, Values):
            point += [float(value == settings[name]) for value in each.values]
        else:
            point.append(each.share_of(settings[name]))
    return point
