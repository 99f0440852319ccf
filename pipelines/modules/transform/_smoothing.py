"""Ways to smooth and filter a signal: a column of numbers in the order of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.modelling.numbers import all_finite

Method = Annotated[
    Literal["mean", "median", "exponential", "fir", "butterworth", "threshold"],
    Titles(
        mean="Moving average",
        median="Moving median",
        exponential="Exponential smoothing",
        fir="FIR filter (windowed sinc)",
        butterworth="Butterworth filter (IIR)",
        threshold="Threshold",
    ),
]
Band = Annotated[
    Literal["low", "high", "pass", "stop"],
    Titles(
        **{
            "low": "Low pass",
            "high": "High pass",
            "pass": "Band pass",
            "stop": "Band stop",
        }
    ),
]


@dataclass(frozen=True)
class Filter:
    """The settings of filters.

    Args:
        window: The number of rows of a moving average or median.
        centred: Center the window on each row, which avoids a delay. If off, it contains the row and those before it, as for forecasts.
        alpha: The weight of each new value; 1 does not smooth.
        taps: The number of coefficients of the FIR filter, an odd number. More make the edge of the band sharper.
        order: The order of the Butterworth filter. A higher order makes the edge of the band sharper.
        band: Which frequencies to keep.
        cutoff: The cutoff frequency, in the unit of the sampling rate; the lower edge of a band.
        upper_cutoff: The upper edge of a band.
        rate: The number of rows per unit of time. With 1, frequencies are in cycles per row, below 0.5.
        zero_phase: Filter forwards and backwards, which avoids a delay and doubles the attenuation. If off, only past rows are used.
        limit: Set values closer to 0 than this to 0.
    """

    window: Annotated[int, Range(1, 1_000_000), When("method", "mean", "median")] = 5
    centred: Annotated[bool, Title("Centered window"), When("method", "mean", "median")] = True
    alpha: Annotated[float, Range(0, 1, exclusive_min=True), When("method", "exponential")] = 0.3
    taps: Annotated[int, Title("Number of taps"), Range(3, 10_001), When("method", "fir")] = 101
    order: Annotated[int, Range(1, 20), When("method", "butterworth")] = 4
    band: Annotated[Band, When("method", "fir", "butterworth")] = "low"
    cutoff: Annotated[float, Range(0, exclusive_min=True), When("method", "fir", "butterworth")] = 0.1
    upper_cutoff: Annotated[float, Title("Upper cutoff"), Range(0, exclusive_min=True), When("band", "pass", "stop")] = 0.3
    rate: Annotated[float, Title("Sampling rate"), Range(0, exclusive_min=True), When("method", "fir", "butterworth")] = 1.0
    zero_phase: Annotated[bool, When("method", "fir", "butterworth")] = True
    limit: Annotated[float, Title("Threshold"), Range(0), When("method", "threshold")] = 0.0

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
                f"A frequency must be below {highest:g}, half the sampling rate.",
                param="upper_cutoff" if self.cutoff < highest else "cutoff",
                remedy="Lower the frequency, or set the sampling rate of the data.",
            )
        if banded and self.cutoff >= self.upper_cutoff:
            raise ModuleError(
                "bad_frequency",
                f"The upper cutoff {self.upper_cutoff:g} is not above the lower cutoff {self.cutoff:g}.",
                param="upper_cutoff",
                remedy="Raise the upper cutoff.",
            )
        if method == "fir" and self.taps % 2 == 0:
            raise ModuleError("even_taps", f"The number of taps, {self.taps}, is even.", param="taps", remedy=f"Use {self.taps + 1}.")

    @property
    def edges(self) -> float | list[float]:
        """The frequencies at the edges of the band."""
        return [self.cutoff, self.upper_cutoff] if self.band in ("pass", "stop") else self.cutoff


Step = Callable[[pl.Series], pl.Series]


def _fir(how: Filter) -> Step:
    from scipy.signal import firwin, lfilter, lfilter_zi

    taps = firwin(how.taps, how.edges, pass_zero=BANDS[how.band], fs=how.rate)
    start = lfilter_zi(taps, 1.0)

    def filtered(signal: pl.Series) -> pl.Series:
        x = signal.to_numpy()
        if how.zero_phase:
            # as filtfilt, which computes its start again for each column
            pad = min(3 * how.taps, len(x) - 1)
            longer = np.concatenate([2 * x[0] - x[pad:0:-1], x, 2 * x[-1] - x[-2 : -pad - 2 : -1]])
            forth = lfilter(taps, 1.0, longer, zi=start * longer[0])[0][::-1]
            return pl.Series(lfilter(taps, 1.0, forth, zi=start * forth[0])[0][::-1][pad : pad + len(x)])
        return pl.Series(lfilter(taps, 1.0, x, zi=start * x[0])[0])

    return filtered


def _butterworth(how: Filter) -> Step:
    from scipy.signal import butter, sosfilt, sosfilt_zi, sosfiltfilt

    sections = butter(how.order, how.edges, BANDS[how.band], fs=how.rate, output="sos")
    start = sosfilt_zi(sections)

    def filtered(signal: pl.Series) -> pl.Series:
        x = signal.to_numpy()
        if how.zero_phase:
            return pl.Series(sosfiltfilt(sections, x, padlen=min(3 * (2 * len(sections) + 1), len(x) - 1)))
        return pl.Series(sosfilt(sections, x, zi=start * x[0])[0])

    return filtered


BANDS = {"low": "lowpass", "high": "highpass", "pass": "bandpass", "stop": "bandstop"}
OF_ALL_ROWS = ("fir", "butterworth")  # these need a value in every row
METHODS: Mapping[str, Callable[[Filter], Step]] = {
    "mean": lambda how: lambda signal: signal.rolling_mean(how.window, min_samples=1, center=how.centred),
    "median": lambda how: lambda signal: signal.rolling_median(how.window, min_samples=1, center=how.centred),
    "exponential": lambda how: lambda signal: signal.ewm_mean(alpha=how.alpha, adjust=False, ignore_nulls=True),
    "fir": _fir,
    "butterworth": _butterworth,
    "threshold": lambda how: lambda signal: signal.set(signal.abs() < how.limit, 0.0),
}


def smoother(method: str, how: Filter) -> Step:
    """Return what smooths a signal; the filter is designed once. The result is missing where the signal is."""
    step = METHODS[method](how)

    def smoothed(signal: pl.Series) -> pl.Series:
        gaps = signal.null_count()
        if gaps == len(signal):
            return signal
        full = _bridged(signal, signal.is_not_null().to_numpy()) if method in OF_ALL_ROWS and gaps else signal
        with np.errstate(all="ignore"):
            result = step(full)
        result = result.set(signal.is_null(), None) if gaps else result
        if not all_finite(result):
            raise ModuleError(
                "too_large",
                f"“{signal.name}” has values too large to filter.",
                column=signal.name,
                param="columns",
                port="table",
                remedy="Divide the column by a large number with Apply Math Operation, or leave it out.",
            )
        return result

    return smoothed


def _bridged(signal: pl.Series, held: np.ndarray) -> pl.Series:
    """A signal whose gaps are bridged by a line, and at the ends by the nearest value."""
    places = np.arange(len(signal))
    return pl.Series(signal.name, np.interp(places, places[held], signal.drop_nulls().to_numpy()))
