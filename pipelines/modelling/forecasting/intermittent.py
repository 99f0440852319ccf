"""Intermittent demand: many periods without any, so that its size and its rate are forecast each for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.method import Path
from pipelines.modelling.forecasting.panel import Panel

Demand = Literal["croston", "sba", "tsb"]
RARE, UNEVEN = 1.32, 0.49  # Syntetos, Boylan and Croston (2005)


def demand_path(panel: Panel, horizon: int, settings: Mapping[str, Any]) -> Path:
    """Return the same forecast of every period: the smoothed size of a demand times its smoothed rate.

    Sources: J. D. Croston (1972); A. A. Syntetos, J. E. Boylan (2005), SBA; R. H. Teunter, A. A. Syntetos, M. Z. Babai (2011), TSB. The first demand, the
    periods until it and, of TSB, whether the first period has one are what smoothing starts from.

    Args:
        panel: The series. A period without a value counts for nothing; a value below 0 is no demand.
        horizon: How many periods.
        settings: `method`, and the smoothing factors `size` and `rate` between 0 and 1.
    """
    inside = np.arange(panel.periods) >= (panel.periods - panel.lengths)[:, None]
    known = np.isfinite(panel.values) & inside
    demand = known & (np.where(known, panel.values, 0.0) > 0)
    of_rate = demand.astype(np.float64) if settings["method"] == "tsb" else _gaps(known, demand)
    size = _smoothed(panel.values, demand, settings["size"])
    rate = _smoothed(of_rate, known if settings["method"] == "tsb" else demand, settings["rate"])
    of_demand = {"tsb": size * rate, "croston": size / rate, "sba": size / rate * (1 - settings["rate"] / 2)}
    found = of_demand[settings["method"]]
    found = np.where(demand.any(axis=1), found, 0.0)
    path = Path(np.repeat(np.where(panel.lengths > 0, found, np.nan)[:, None], horizon, axis=1))
    negative = (known & (np.where(known, panel.values, 0.0) < 0)).any(axis=1)
    gaps = (inside & ~known).any(axis=1)
    for which, words in (
        (negative, "series with values below 0, which count as no demand"),
        (gaps, "series with gaps, which count for nothing"),
    ):
        if count := int(which.sum()):
            path.notes[words] = count
    return path


def _gaps(known: np.ndarray, demand: np.ndarray) -> np.ndarray:
    """At each demand, how many known periods there are since the one before, or since the start."""
    passed = np.cumsum(known, axis=1)
    last = np.maximum.accumulate(np.where(demand, passed, 0), axis=1)
    before = np.concatenate([np.zeros((len(known), 1), dtype=last.dtype), last[:, :-1]], axis=1)
    found: np.ndarray = (passed - before).astype(np.float64)
    return found


def _smoothed(values: np.ndarray, used: np.ndarray, factor: float) -> np.ndarray:
    """The simple exponential smoothing of what is used, from the first of them on; NaN where there is none."""
    level = np.full(len(values), np.nan)
    for place in range(values.shape[1]):
        value = values[:, place]
        level = np.where(used[:, place], np.where(np.isnan(level), value, level + factor * (value - level)), level)
    return level


def kinds_of_demand(panel: Panel) -> dict[str, int]:
    """Return how many series have rare demands of even (`intermittent`) and of uneven size (`lumpy`).

    Rare: 1.32 or more periods for each demand; uneven: a squared coefficient of variation of 0.49 or more.
    """
    known = np.isfinite(panel.values)
    values = np.where(known, panel.values, 0.0)
    demand = values > 0
    count = demand.sum(axis=1)
    safe = np.maximum(count, 1)
    mean = np.where(demand, values, 0.0).sum(axis=1) / safe
    variance = np.where(demand, (values - mean[:, None]) ** 2, 0.0).sum(axis=1) / safe
    rare = (count > 1) & (known.sum(axis=1) / safe >= RARE) & ~(values < 0).any(axis=1)
    uneven = variance / np.where(mean > 0, mean, 1.0) ** 2 >= UNEVEN
    return {"intermittent": int((rare & ~uneven).sum()), "lumpy": int((rare & uneven).sum())}


def say_demand(panel: Panel) -> None:
    """Say how many series are intermittent or lumpy, and what suits them."""
    found = {kind: count for kind, count in kinds_of_demand(panel).items() if count}
    if found:
        named = " and ".join(f"{count:,} {kind}" for kind, count in found.items())
        log(
            f"Of {panel.size:,} series, {named} (no demand in many periods). For these, try Intermittent Demand, and compare WAPE rather than MAPE.",
            "warning",
        )
