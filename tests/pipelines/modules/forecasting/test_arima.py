"""ARIMA."""

import numpy as np
import pytest

from tests.pipelines.modules.forecasting_series import forecasts, method, weekly


def test_forecasts_are_those_of_statsmodels():
    library = pytest.importorskip("statsmodels.tsa.arima.model")
    frame = weekly(1)
    found = forecasts(frame, method("arima"), intervals=False)["Forecast"].to_numpy()
    wanted = library.ARIMA(frame["y"].to_numpy(), order=(1, 1, 1)).fit().forecast(13)
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
