"""Smooth and Filter Signals."""

import numpy as np
import polars as pl
import pytest
from scipy import ndimage, signal

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"method": "butterworth"})


def smooth(table, **settings):
    return only("transform.smooth_signals", settings, table=table).frame


def of(values, **settings):
    return smooth(pl.DataFrame({"x": values}, schema={"x": pl.Float64}), output="in_place", **settings)["x"]


def weather():
    """The temperature at an airport, hour by hour."""
    return dataset("flight_weather").frame.filter(pl.col("origin") == "JFK").select("temp", "wind_speed").drop_nulls().head(1000)


def temperature():
    return weather()["temp"]


def test_moving_averages_and_medians_are_those_of_pandas():
    for window in (4, 25):
        for centred in (True, False):
            rolling = temperature().to_pandas().rolling(window, min_periods=1, center=centred)
            settings = {"window": window, "centred": centred}
            np.testing.assert_allclose(of(temperature(), method="mean", **settings).to_numpy(), rolling.mean(), rtol=1e-9)
            np.testing.assert_allclose(of(temperature(), method="median", **settings).to_numpy(), rolling.median(), rtol=1e-9)


def test_a_median_inside_is_that_of_scipy():
    wanted = ndimage.median_filter(temperature().to_numpy(), 9)[4:-4]
    np.testing.assert_allclose(of(temperature(), method="median", window=9).to_numpy()[4:-4], wanted, rtol=1e-12)


@pytest.mark.parametrize("alpha", [0.05, 0.5, 1.0])
def test_exponential_smoothing_is_its_recursion(alpha):
    values = temperature().to_list()
    wanted = [values[0]]
    for value in values[1:]:
        wanted.append(alpha * value + (1 - alpha) * wanted[-1])
    np.testing.assert_allclose(of(values, method="exponential", alpha=alpha).to_numpy(), wanted, rtol=1e-9)


KINDS = {"low": "lowpass", "high": "highpass", "pass": "bandpass", "stop": "bandstop"}


@pytest.mark.parametrize("band", KINDS)
@pytest.mark.parametrize("zero_phase", [True, False])
def test_filters_are_those_of_scipy(band, zero_phase):
    x = temperature().to_numpy()
    edges = [2, 6] if band in ("pass", "stop") else 2
    settings = {"band": band, "cutoff": 2, "upper_cutoff": 6, "rate": 24, "zero_phase": zero_phase}
    b, a = signal.butter(3, edges, KINDS[band], fs=24)
    taps = signal.firwin(51, edges, pass_zero=KINDS[band], fs=24)
    for method, one, two, ours in (("butterworth", b, a, {"order": 3}), ("fir", taps, [1.0], {"taps": 51})):
        wanted = (
            signal.filtfilt(one, two, x, padlen=3 * 51)
            if zero_phase
            else signal.lfilter(one, two, x, zi=signal.lfilter_zi(one, two) * x[0])[0]
        )
        inside = slice(200, -200) if zero_phase else slice(None)  # the ends depend on how far they are mirrored
        result = of(x, method=method, **settings, **ours).to_numpy()
        np.testing.assert_allclose(result[inside], wanted[inside], rtol=1e-6, atol=1e-6)


def test_slow_and_fast_waves_are_told_apart():
    time = np.arange(2000)
    slow, fast = np.sin(2 * np.pi * time / 200), np.sin(2 * np.pi * time / 5)
    for method in ("butterworth", "fir"):
        for band, kept in (("low", slow), ("high", fast)):
            result = of(slow + fast, method=method, band=band, cutoff=0.05, order=6).to_numpy()
            assert np.abs(result - kept)[200:-200].max() < 0.01


def test_a_constant_stays_and_has_no_fast_part():
    for zero_phase in (True, False):
        for method in ("butterworth", "fir"):
            assert of([7.0] * 50, method=method, zero_phase=zero_phase).to_numpy() == pytest.approx([7] * 50)
            fast = of([7.0] * 50, method=method, band="high", zero_phase=zero_phase).to_numpy()
            assert np.abs(fast).max() < (0.02 if method == "fir" else 1e-9)  # a window lets a little through


def test_threshold():
    assert of([0.4, -0.4, 0.5, -3.0, None], method="threshold", limit=0.5).to_list() == [0, 0, 0.5, -3, None]


def test_gaps_stay_and_are_bridged(notes):
    line = [float(place) for place in range(40)]
    gappy = [None, *line[1:10], None, float("inf"), *line[12:]]
    for method in ("butterworth", "mean", "median", "exponential", "fir"):
        result = of(gappy, method=method, zero_phase=True, taps=5)
        assert [place for place, value in enumerate(result) if value is None] == [0, 10, 11]
    assert "“x”: 3 missing values were interpolated for the filter; they stay missing." in notes
    assert "Infinite values are treated as missing: “x” (1)." in notes
    assert of([1.0, None, 3.0], method="mean", window=3).to_list() == [1, None, 3]


def test_each_group_is_a_signal_of_its_own():
    frame = pl.DataFrame({"s": ["a", "b", "a", "b", None], "x": [0.0, 100.0, 2.0, 104.0, 7.0]})
    assert smooth(frame, group="s", window=3)["x_mean"].to_list() == [1, 102, 1, 102, 7]


def test_short_tables_and_columns_without_values():
    for method in ("mean", "median", "exponential", "fir", "butterworth", "threshold"):
        for values in ([], [1.0], [1.0, 2.0], [None, None]):
            for zero_phase in (True, False):
                assert len(of(values, method=method, zero_phase=zero_phase)) == len(values)


def test_names_and_places():
    assert smooth(weather()).columns == ["temp", "wind_speed", "temp_mean", "wind_speed_mean"]
    assert smooth(weather(), output="only", columns=["temp"], method="fir").columns == ["temp_fir"]


@pytest.mark.parametrize(
    ("settings", "code", "param"),
    [
        ({"method": "fir", "cutoff": 0.5}, "bad_frequency", "cutoff"),
        ({"method": "butterworth", "band": "pass", "upper_cutoff": 0.6}, "bad_frequency", "upper_cutoff"),
        ({"method": "butterworth", "band": "stop", "cutoff": 0.3, "upper_cutoff": 0.2}, "bad_frequency", "upper_cutoff"),
        ({"method": "fir", "taps": 10}, "even_taps", "taps"),
        ({"columns": ["t"]}, "not_a_number", "columns"),
    ],
)
def test_refusals(settings, code, param):
    frame = pl.DataFrame({"x": [1.0], "t": ["a"]})
    assert refuses("transform.smooth_signals", settings, code, table=frame).param == param


@pytest.mark.parametrize("method", ["mean", "fir", "butterworth"])
def test_values_whose_sum_is_no_number(method):
    frame = pl.DataFrame({"x": [1.7e308, 1.7e308, -1.7e308, 1.7e308]})
    assert refuses("transform.smooth_signals", {"method": method}, "too_large", table=frame).column == "x"
