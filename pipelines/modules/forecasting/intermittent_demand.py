"""Intermittent Demand: series with many periods without any."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, Titles
from pipelines.modelling.forecasting.intermittent import Demand
from pipelines.modelling.forecasting.method import Method

TITLES = {"croston": "Croston", "sba": "Syntetos and Boylan (SBA)", "tsb": "Teunter, Syntetos and Babai (TSB)"}
Factor = Range(0, 1, exclusive_min=True)


def _before(**_: object) -> None:
    """The settings of a method are known only when it runs."""


@module(
    "Intermittent Demand",
    icon="antenna-bars-3",
    columns=_before,
    libraries=("numpy",),
    aliases=("croston", "sba", "tsb", "sparse demand", "spare parts", "lumpy"),
)
def intermittent_demand(
    *,
    method: Annotated[Demand, Titles(**TITLES)] = "sba",
    size: Annotated[float, Factor, Title("Smoothing of the size")] = 0.1,
    rate: Annotated[float, Factor, Title("Smoothing of the rate")] = 0.1,
) -> Method:
    """Forecast series with many periods without demand: how large a demand is times how often there is one.

    - *Croston*: the smoothed size of demands over the smoothed number of periods between them. On average too high.
    - *Syntetos and Boylan*: the same, without most of this error.
    - *Teunter, Syntetos and Babai*: the smoothed size times the smoothed share of periods with a demand. It falls while there is none, so that it suits
      products that run out.

    The forecast is the mean of demand for each period, the same for all periods; a series without any demand gets 0. Values below 0 are no demand, periods
    without a value count for nothing, and the log counts such series. Fill gaps with 0 in Prepare Time Series if no row means no demand. Training and
    backtests say how many series are intermittent.

    Sources: J. D. Croston, "Forecasting and stock control for intermittent demands" (1972); A. A. Syntetos, J. E. Boylan, "The accuracy of intermittent
    demand estimates" (2005); R. H. Teunter, A. A. Syntetos, M. Z. Babai, "Intermittent demand: linking forecasting to inventory obsolescence" (2011).

    When to use:
        For spare parts and slow products, with a demand in fewer than about three of four periods.

    Args:
        method: How size and rate make the forecast.
        size: How much a new demand counts for the size, from 0 to 1.
        rate: How much it counts for the rate.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    return Method(TITLES[method], "intermittent", {"method": method, "size": size, "rate": rate})
