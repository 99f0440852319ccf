"""Average of Methods."""

import numpy as np

from pipelines.kinds.untrained_forecaster import KIND
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.forecasting_series import forecasts, method, on_lags, refused, weekly
from tests.support.module_runner import only

EXAMPLE = Example({}, {"methods": lambda: [method(), method(method="naive")]})


def average(*methods, **settings):
    return only("forecasting.average_methods", settings, methods=list(methods))


def test_it_is_the_mean_or_the_median_of_the_forecasts(tmp_path):
    frame, members = weekly(2), [method(method=name) for name in ("naive", "drift", "mean")]
    alone = np.stack([forecasts(frame, each, intervals=False)["Forecast"].to_numpy() for each in members])
    for how, wanted in (("mean", alone.mean(axis=0)), ("median", np.median(alone, axis=0))):
        made = average(*members, how=how)
        KIND.write(made, tmp_path / how)
        found = forecasts(frame, KIND.read(tmp_path / how), intervals=False)["Forecast"].to_numpy()
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_method_that_learns_from_all_series_is_refused():
    with refused("not_for_each_series", port="methods"):
        average(method(), on_lags())
