"""Samplers: pure functions over what is known."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import qmc

from pipelines.catalogue.params import Range
from pipelines.modelling.search.distributions import parsed
from pipelines.modelling.search.samplers import Told, propose, seed_of, size_of_grid

SAMPLERS = ("bayesian", "gaussian_process", "random", "quasi_random", "grid")


def of(text, whole=False):
    return parsed(text, lambda value: int(float(value)) if whole else float(value), whole=whole, number=True, bounds=Range())


OVER = {
    "a": of("loguniform(1, 100)", True),
    "b": of("uniform(0, 1)"),
    "c": parsed("x; y; z", str, whole=False, number=False, bounds=Range()),
    "d": of("normal(5, 1)"),
    "e": of("qloguniform(1, 9, 2)"),
}


def score(settings):
    return -((settings["b"] - 0.3) ** 2) - (settings["c"] != "y") * 0.1 - abs(settings["a"] - 20) / 500


def history(count):
    drawn = [propose("random", OVER, number, [], 7, 3) for number in range(1, count + 1)]
    return [Told(settings, score(settings)) for settings in drawn]


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("known", [0, 14])
def test_a_proposal_is_inside_the_space_and_the_same_for_the_same_history(sampler, known):
    told = [*history(known), Told(propose("random", OVER, 99, [], 7, 3), None)] if known else []
    found = propose(sampler, OVER, known + 1, told, 3, 3)
    assert found == propose(sampler, OVER, known + 1, list(told), 3, 3)
    assert found.keys() == OVER.keys()
    assert all(each.holds(found[name]) for name, each in OVER.items())
    assert found["e"] in (1, 3, 5, 7, 9)


@pytest.mark.parametrize("sampler", ["bayesian", "gaussian_process", "random", "quasi_random"])
def test_seeds_and_numbers_tell_proposals_apart(sampler):
    told = history(12)
    found = [propose(sampler, OVER, number, told, seed, 3) for number, seed in ((5, 0), (6, 0), (5, 1))]
    assert found[0] != found[1] and found[0] != found[2]
    assert len({seed_of(seed, number) for seed, number in product(range(4), range(50))}) == 200


@pytest.mark.parametrize("sampler", ["bayesian", "gaussian_process"])
def test_a_model_of_the_scores_finds_better_settings_than_chance(sampler):
    told = history(12)
    for number in range(13, 31):
        settings = propose(sampler, OVER, number, told, 1, 3)
        told.append(Told(settings, score(settings)))
    assert max(one.score for one in told[12:]) > max(one.score for one in history(30))


def test_a_grid_is_the_product_and_ends():
    count = size_of_grid(OVER, 3)
    found = [tuple(propose("grid", OVER, number, [], 0, 3).values()) for number in range(1, count + 1)]
    assert found == list(product(*(each.grid(3) for each in OVER.values())))
    assert propose("grid", OVER, count + 1, [], 0, 3) is None


def test_quasi_random_points_are_those_of_scipy():
    points = qmc.Sobol(2, scramble=True, rng=np.random.default_rng(5)).random(4)
    over = {"x": of("uniform(0, 1)"), "y": of("uniform(0, 1)")}
    found = [list(propose("quasi_random", over, number, [], 5, 3).values()) for number in range(1, 5)]
    np.testing.assert_allclose(found, points)
