"""ARIMA."""

import importlib
import re
import sys
import warnings

import numpy as np
import pytest

from pipelines.modelling.forecasting import statistical
from pipelines.modelling.forecasting.automatic import _differences
from tests.pipelines.modules.forecasting_series import forecasts, method, weekly


def test_forecasts_are_those_of_statsmodels():
    library = pytest.importorskip("statsmodels.tsa.arima.model")
    frame = weekly(1)
    found = forecasts(frame, method("arima"), intervals=False)["Forecast"].to_numpy()
    wanted = library.ARIMA(frame["y"].to_numpy(), order=(1, 1, 1)).fit().forecast(13)
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_orders_are_chosen_for_each_series(notes):
    pytest.importorskip("statsmodels")
    draw = np.random.default_rng(4)
    walk, noise = draw.normal(0, 1, 120).cumsum(), draw.normal(0, 1, 120)
    noise = np.array([sum(0.8**back * noise[at - back] for back in range(min(at + 1, 40))) for at in range(120)])
    frame = weekly(2, 120).with_columns(y=np.concatenate([walk, noise + 50]))
    found = forecasts(frame, method("arima", orders="automatic"), intervals=False)
    assert found["Forecast"].null_count() == 0
    (said,) = (line for line in notes if line.startswith("Automatic ARIMA"))
    assert "ARIMA(1,0,0) of 1" in said and re.search(r"ARIMA\(\d,1,\d\)", said), "a walk is differenced"


def test_a_p_value_beyond_the_table_of_the_kpss_test_is_no_warning(recwarn):
    pytest.importorskip("statsmodels")
    assert _differences(np.random.default_rng(0).normal(size=60)) == 0
    assert [str(each.message) for each in recwarn] == []


def test_no_warning_of_a_first_fit_reaches_the_log(monkeypatch):
    """When it is imported, statsmodels lets its warnings pass. Here it is imported for the first time, as in a new worker."""
    pytest.importorskip("statsmodels.tools")
    monkeypatch.delitem(sys.modules, "statsmodels.tools.sm_exceptions", raising=False)

    def warning(task):
        library = importlib.import_module("statsmodels.tools.sm_exceptions")
        warnings.warn("starting parameters", library.EstimationWarning, stacklevel=1)
        return np.zeros(task.horizon)

    monkeypatch.setitem(statistical._METHODS, "arima", warning)
    with warnings.catch_warnings(record=True) as told:
        forecasts(weekly(1), method("arima"), intervals=False)
    assert [str(each.message) for each in told] == []
