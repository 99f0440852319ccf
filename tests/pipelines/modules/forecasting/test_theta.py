"""Theta."""

import numpy as np
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, weekly


def test_forecasts_are_those_of_statsmodels():
    library = pytest.importorskip("statsmodels.tsa.forecasting.theta")
    frame = weekly(1)
    found = forecasts(frame, method("theta"), intervals=False)["Forecast"].to_numpy()
    wanted = library.ThetaModel(frame["y"].to_numpy(), period=52).fit().forecast(13, theta=2.0)
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
