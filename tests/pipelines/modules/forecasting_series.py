"""Series for the tests of forecasting: generated, or the cars as one series by day."""

from contextlib import contextmanager

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.examples import Example, cars
from tests.support.module_runner import only

KEYS = {"time": "week", "value": "y", "series": ["key"]}
OF_CARS = {"time": "seen", "value": "price"}


def weekly(size=6, weeks=122, seed=0):
    """Series with a yearly season and noise."""
    draw, t = np.random.default_rng(seed), np.arange(weeks)
    level, phase = draw.uniform(50, 500, size)[:, None], draw.uniform(0, 52, size)[:, None]
    y = level * (1 + 0.2 * np.sin(2 * np.pi * (t + phase) / 52)) + draw.normal(0, 0.1, (size, weeks)) * level
    keys = np.repeat([f"s{place:05d}" for place in range(size)], weeks)
    return pl.DataFrame({"key": keys, "week": np.tile(np.datetime64("2022-01-06") + 7 * t, size), "y": y.ravel()})


def method(id="baseline", **settings):
    return only(f"forecasting.{id}", settings)


def on_lags(learner="regression.linear_regression", learner_settings=None, **settings):
    return only("forecasting.regression_on_lags", settings, untrained=only(learner, learner_settings or {}))


def trained(frame, method, **settings):
    return only("forecasting.train_forecasting", {**KEYS, "horizon": 13, **settings}, table=frame, method=method)


def forecasts(frame, method, known=None, **settings):
    ahead = {} if known is None else {"known_ahead": known}
    return only("forecasting.forecast", {}, forecaster=trained(frame, method, **settings), **ahead).frame


def car_example(**settings):
    return Example({**OF_CARS, "horizon": 3, **settings}, {"method": lambda: [method()]})


def car_forecaster():
    return only("forecasting.train_forecasting", {**OF_CARS, "horizon": 3}, table=cars(), method=method())


@contextmanager
def refused(code, **place):
    """What is inside ends in a sentence of this code, at this place."""
    with pytest.raises(ModuleError) as caught:
        yield
    wrong = caught.value
    assert (wrong.code, wrong.words[-1], bool(wrong.remedy)) == (code, ".", True)
    assert {name: getattr(wrong, name) for name in place} == place
