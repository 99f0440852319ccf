"""Guardrails of series: what may spoil forecasts, in plain words, with what is done about it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipelines.catalogue.phrases import counted
from pipelines.modelling.forecasting.intermittent import kinds_of_demand
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.guardrails.guardrail import Guardrail, Where

FAR = 10.0  # quartile ranges from the quartiles, beyond which a value is far outside
ALIKE = 0.9999  # the correlation with the values, from which on a column gives them away
FEWEST = 20  # values that say something of a correlation


def checked(panel: Panel, value: str, horizon: int, origins: int, asked: int) -> list[Guardrail]:
    """Return the guardrails of series.

    Args:
        panel: The series.
        value: The column to forecast.
        horizon: How many periods are forecast.
        origins: From how many origins methods are judged.
        asked: How many origins were asked for.
    """
    return [*_of_series(panel, value, horizon), *_of_values(panel, value), _history(origins, asked), *_known(panel, value)]


def _rail(
    id: str,
    title: str,
    count: int,
    passed: str,
    words: str,
    *,
    done: bool = False,
    columns: tuple[str, ...] = (),
    where: Where | None = None,
) -> Guardrail:
    """A guardrail that counts something: passed without any."""
    if not count:
        return Guardrail(id, title, "passed", passed)
    return Guardrail(id, title, "done" if done else "alerted", words, columns, {"series": count}, where)


def _first(panel: Panel, are: np.ndarray) -> Where | None:
    """The rows of the first series that is such; None where all rows are one series."""
    if not panel.keys.width or not are.any():
        return None
    key = panel.keys.row(int(are.argmax()), named=True)
    tests = [
        {
            "column": name,
            "op": "missing" if value is None else "=",
            "value": value if isinstance(value, int | float | str | None) else str(value),
        }
        for name, value in key.items()
    ]
    return Where(tuple(tests))


def _are(count: int, what: str = "series") -> str:
    return f"{counted(count, what, what)} {'is' if count == 1 else 'are'}"


def _have(count: int) -> str:
    return f"{counted(count, 'series', 'series')} {'has' if count == 1 else 'have'}"


def _of_series(panel: Panel, value: str, horizon: int) -> Iterator[Guardrail]:
    there = panel.lengths > 0
    are_short = there & (panel.lengths < 2 * horizon)
    empty, short = int((~there).sum()), int(are_short.sum())
    yield Guardrail("frequency", "Frequency", "passed", f"The series are {panel.frequency.words}.")
    yield _rail(
        "empty_series",
        "Series with values",
        empty,
        "Every series has values.",
        f"{_have(empty)} no values, and get no forecast.",
        where=_first(panel, ~there),
    )
    words = f"{_have(short)} fewer than {2 * horizon:,} periods, twice the horizon. Where a method needs more, they get their last value."
    yield _rail(
        "short_series",
        "Long series",
        short,
        "Every series is at least twice as long as the horizon.",
        words,
        where=_first(panel, are_short),
    )
    are_early = there & (panel.ends < panel.ends[there].max(initial=0))
    early = int(are_early.sum())
    words = f"{_have(early)} an earlier end than the others, and {'is' if early == 1 else 'are'} forecast from there on. Let all end at the same time in Prepare Time Series if they should."
    yield _rail(
        "series_ends",
        "Series end together",
        early,
        "All series end at the same time.",
        words,
        columns=(value,),
        where=_first(panel, are_early),
    )


def _of_values(panel: Panel, value: str) -> Iterator[Guardrail]:
    inside = np.arange(panel.periods) >= (panel.periods - panel.lengths)[:, None]
    known = np.isfinite(panel.values)
    gaps, with_gaps = int((inside & ~known).sum()), (inside & ~known).any(axis=1)
    words = f"{counted(gaps, 'period')} between the first and the last value of a series {'has' if gaps == 1 else 'have'} no value. Methods that need all values interpolate; regressions leave such periods out. Fill them in Prepare Time Series if no row means 0."
    yield _rail(
        "gaps", "No gaps", gaps, "No period in between is missing.", words, done=True, columns=(value,), where=_first(panel, with_gaps)
    )
    low, high = (
        np.nanmin(np.where(known, panel.values, np.nan), axis=1, initial=np.inf),
        np.where(known, panel.values, -np.inf).max(axis=1),
    )
    are_constant = (low == high) & (panel.lengths > 1)
    constant = int(are_constant.sum())
    words = f"{_are(constant)} constant. Their forecast is this value, and MASE leaves them out."
    yield _rail("constant_series", "Series vary", constant, "Every series varies.", words, done=True, where=_first(panel, are_constant))
    rare = sum(kinds_of_demand(panel).values())
    words = f"{_have(rare)} no demand in many periods. Methods of intermittent demand are tried too. Consider WAPE as the metric."
    yield _rail("intermittent", "Demand in most periods", rare, "No series has many periods without a demand.", words, columns=(value,))
    of_series = _far(panel)
    far = int(of_series.sum())
    words = f"{counted(far, 'value')} {'lies' if far == 1 else 'lie'} far outside the others of {'its' if far == 1 else 'their'} series. Check {'it' if far == 1 else 'them'}: one such value moves forecasts and errors."
    yield _rail(
        "far_values",
        "No extremes",
        far,
        "No value lies far outside the others of its series.",
        words,
        columns=(value,),
        where=_first(panel, of_series > 0),
    )


def _far(panel: Panel) -> np.ndarray:
    """How many values of each series lie far outside."""
    found = np.zeros(panel.size, dtype=int)
    rows = (np.isfinite(panel.values).sum(axis=1) >= FEWEST).nonzero()[0]
    if not len(rows):
        return found
    values = panel.values[rows]
    low, high = np.nanquantile(values, 0.25, axis=1)[:, None], np.nanquantile(values, 0.75, axis=1)[:, None]
    width = np.where(high > low, high - low, np.inf)
    with np.errstate(invalid="ignore"):
        found[rows] = ((values < low - FAR * width) | (values > high + FAR * width)).sum(axis=1)
    return found


def _history(origins: int, asked: int) -> Guardrail:
    words = f"The history suffices for {counted(origins, 'origin')} that methods are judged from, not for {asked:,}. Differences between methods are less sure."
    return _rail("history", "Long history", asked - origins, f"Methods are judged from {counted(origins, 'origin')}.", words)


def _known(panel: Panel, value: str) -> Iterator[Guardrail]:
    """A column that is known ahead and equals the value gives it away."""
    if not panel.known:
        return
    names = [name for name, each in panel.known.items() if each.dtype != object and _is_copy(each, panel.values)]
    words = f"{' and '.join(f'“{name}”' for name in names)} {'tells' if len(names) == 1 else 'tell'} “{value}” of the same period. Can it be known before? If not, do not select it as known ahead."
    yield _rail("leak", "No leak", len(names), "No column that is known ahead gives the value away.", words, columns=tuple(names))


def _is_copy(column: np.ndarray, values: np.ndarray) -> bool:
    both = np.isfinite(column) & np.isfinite(values)
    if both.sum() < FEWEST:
        return False
    one, other = column[both], values[both]
    return bool(np.ptp(one) > 0 and np.ptp(other) > 0 and abs(np.corrcoef(one, other)[0, 1]) > ALIKE)
