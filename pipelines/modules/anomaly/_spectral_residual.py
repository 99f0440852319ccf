"""The spectral residual of a series: where it is not what its own frequencies lead to expect."""

from __future__ import annotations

import numpy as np

AHEAD = 5  # points that the series is extended by, and that their slope is of
NOTHING = 1e-8  # of the largest amplitude


def saliency(series: np.ndarray, window: int) -> np.ndarray:
    """Return how much each point stands out: the series with the average log amplitude of its spectrum taken away.

    Args:
        series: Finite numbers in the order of time, at least six.
        window: Over how many frequencies the log amplitude is averaged.
    """
    spectrum = np.fft.fft(_extended(series))
    amplitude = np.abs(spectrum)
    there = amplitude > NOTHING * amplitude.max()
    logs = np.log(np.where(there, amplitude, 1.0))
    residual = np.exp(logs - trailing_mean(logs, window))
    found: np.ndarray = np.abs(np.fft.ifft(np.where(there, spectrum / np.where(there, amplitude, 1.0) * residual, 0.0)))
    return found[: len(series)]


def scores(series: np.ndarray, window: int, local: int) -> np.ndarray:
    """Return how many times the saliency of each point exceeds its local average, less one."""
    stands_out = saliency(series, window)
    mean = trailing_mean(stands_out, local)
    found: np.ndarray = np.divide(stands_out - mean, mean, out=np.zeros_like(mean), where=mean > 0)
    return found


def trailing_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each value and those before it, `window` in all; of fewer at the start."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - window, 0)
    found: np.ndarray = (sums[ends] - sums[starts]) / (ends - starts)
    return found


def _extended(series: np.ndarray) -> np.ndarray:
    """The series with copies of the point that its last slopes lead to, so that its end is no edge."""
    last = series[-1]
    slope = np.mean([(last - series[-1 - back]) / back for back in range(1, AHEAD + 1)])
    return np.concatenate([series, np.full(AHEAD, series[-AHEAD] + slope * AHEAD)])
