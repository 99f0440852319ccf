"""Ways to smooth and filter a signal: a column of numbers in the order of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Titles, When

Method = Annotated[
    Literal["mean", "median", "exponential", "fir", "butterworth", "threshold"],
    Titles(
        mean="Moving average",
        median="Moving median",
        exponential="Exponential smoothing",
        fir="FIR filter (windowed sinc)",
        butterworth="Butterworth filter (IIR)",
        threshold="Threshold: what is small becomes 0",
    ),
]
Band = Annotated[
    Literal["low", "high", "pass", "stop"],
    Titles(
        **{
            "low": "Keep what is slower (low pass)",
            "high": "Keep what is faster (high pass)",
            "pass": "Keep a band (band pass)",
            "stop": "Leave out a band (band stop)",
        }
    ),
]


@dataclass(frozen=True)
class Filter:
    """The settings of filters.

    Args:
        window: How many rows a moving average or median is of.
        centred: Whether the rows lie on both sides of each row, so that nothing is delayed; off takes the row and those before it, as must be where the
            future is not known.
        alpha: The weight of each new value, from 0 (never changes) to 1 (not smoothed).
        taps: How many rows each result of the FIR filter is computed from; an odd number. More make the edge of the band sharper.
        order: The order of the Butterworth filter; higher makes the edge of the band sharper.
        band: Which frequencies are kept.
        cutoff: The frequency at the edge of the band, in the unit of the rate; for a band its lower edge.
        upper_cutoff: The upper edge of a band.
        rate: How many rows there are in a unit of time; with 1, frequencies are in cycles per row, below 0.5.
        zero_phase: Filter forwards and backwards, so that nothing is delayed and the effect doubles; off uses past rows only.
        limit: Values closer to 0 than this become 0.
    """

    window: Annotated[int, Range(1, 1_000_000), When("method", "mean", "median")] = 5
    centred: Annotated[bool, When("method", "mean", "median")] = True
    alpha: Annotated[float, Range(0, 1, exclusive_min=True), When("method", "exponential")] = 0.3
    taps: Annotated[int, Range(3, 10_001), When("method", "fir")] = 101
    order: Annotated[int, Range(1, 20), When("method", "butterworth")] = 4
    band: Annotated[Band, When("method", "fir", "butterworth")] = "low"
    cutoff: Annotated[float, Range(0, exclusive_min=True), When("method", "fir", "butterworth")] = 0.1
    upper_cutoff: Annotated[float, Range(0, exclusive_min=True), When("band", "pass", "stop")] = 0.3
    rate: Annotated[float, Range(0, exclusive_min=True), When("method", "fir", "butterworth")] = 1.0
    zero_phase: Annotated[bool, When("method", "fir", "butterworth")] = True
    limit: Annotated[float, Range(0), When("method", "threshold")] = 0.0

    def check(self, method: str) -> None:
        """Refuse frequencies and lengths of which there is no filter.

        Raises:
            ModuleError: `bad_frequency` or `even_taps`.
        """
        if method not in ("fir", "butterworth"):
            return
        banded = self.band in ("pass", "stop")
        if self.cutoff >= self.rate / 2 or (banded and self.upper_cutoff >= self.rate / 2):
            highest = self.rate / 2
            raise ModuleError(
                "bad_frequency",
                f"With {self.rate:g} rows in a unit of time there is no frequency of {highest:g} or more.",
                param="upper_cutoff" if self.cutoff < highest else "cutoff",
                remedy=f"Choose frequencies below {highest:g} (half the rate), or give the right rate.",
            )
        if banded and self.cutoff >= self.upper_cutoff:
            raise ModuleError(
                "bad_frequency",
                f"The band ends at {self.upper_cutoff:g}, before it starts at {self.cutoff:g}.",
                param="upper_cutoff",
                remedy="Make the upper edge the larger one.",
            )
        if method == "fir" and self.taps % 2 == 0:
            raise ModuleError("even_taps", f"{self.taps} is an even number of taps.", param="taps", remedy=f"Choose {self.taps + 1}.")

    @property
    def edges(self) -> float | list[float]:
        """The frequencies at the edges of the band."""
        return [self.cutoff, self.upper_cutoff] if self.band in ("pass", "stop") else self.cutoff


def _mean(signal: pl.Series, how: Filter) -> pl.Series:
    return signal.rolling_mean(how.window, min_samples=1, center=how.centred)


def _median(signal: pl.Series, how: Filter) -> pl.Series:
    return signal.rolling_median(how.window, min_samples=1, center=how.centred)


def _exponential(signal: pl.Series, how: Filter) -> pl.Series:
    return signal.ewm_mean(alpha=how.alpha, adjust=False, ignore_nulls=True)


def _fir(signal: pl.Series, how: Filter) -> pl.Series:
    from scipy.signal import filtfilt, firwin, lfilter, lfilter_zi

    taps = firwin(how.taps, how.edges, pass_zero=BANDS[how.band], fs=how.rate)
    x = signal.to_numpy()
    if how.zero_phase:
        return pl.Series(filtfilt(taps, 1.0, x, padlen=min(3 * how.taps, len(x) - 1)))
    return pl.Series(lfilter(taps, 1.0, x, zi=lfilter_zi(taps, 1.0) * x[0])[0])


def _butterworth(signal: pl.Series, how: Filter) -> pl.Series:
    from scipy.signal import butter, sosfilt, sosfilt_zi, sosfiltfilt

    sections = butter(how.order, how.edges, BANDS[how.band], fs=how.rate, output="sos")
    x = signal.to_numpy()
    if how.zero_phase:
        return pl.Series(sosfiltfilt(sections, x, padlen=min(3 * (2 * len(sections) + 1), len(x) - 1)))
    return pl.Series(sosfilt(sections, x, zi=sosfilt_zi(sections) * x[0])[0])


def _threshold(signal: pl.Series, how: Filter) -> pl.Series:
    return pl.select(pl.when(signal.abs() < how.limit).then(0.0).otherwise(signal)).to_series()


BANDS = {"low": "lowpass", "high": "highpass", "pass": "bandpass", "stop": "bandstop"}
OF_ALL_ROWS = ("fir", "butterworth")  # these need a value in every row
METHODS: Mapping[str, Callable[[pl.Series, Filter], pl.Series]] = {
    "mean": _mean,
    "median": _median,
    "exponential": _exponential,
    "fir": _fir,
    "butterworth": _butterworth,
    "threshold": _threshold,
}


def smoothed(signal: pl.Series, method: str, how: Filter) -> pl.Series:
    """Return a smoothed signal; it is missing where the signal is."""
    held = signal.is_not_null()
    if not held.any():
        return signal
    if method in OF_ALL_ROWS and not held.all():
        # gaps are bridged by a line for the filter, and ends by the nearest value
        places = np.arange(len(signal))
        signal = pl.Series(np.interp(places, places[held.to_numpy()], signal.drop_nulls().to_numpy()))
    return METHODS[method](signal, how).set(~held, None)
