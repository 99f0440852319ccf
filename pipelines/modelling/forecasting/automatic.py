"""Which exponential smoothing and which ARIMA suits a series: the model with the smallest corrected Akaike criterion (AICc).

Candidates are compared by a fast fit, and the best one is fitted in full.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from pipelines.modelling.family import ESTIMATOR_ERRORS

LONGEST_SEASON = 24  # of longer ones, fits take minutes
MOST_FITS = 40
CLOSE = 0.9  # the smoothing factor of the second start
STRONG = 0.64  # from which strength of the season on it is differenced


@dataclass(frozen=True)
class Ets:
    """An exponential smoothing: its error `add` or `mul`, its trend `none`, `additive` or `damped`, its season None, `add` or `mul`."""

    error: str
    trend: str
    seasonal: str | None

    @property
    def name(self) -> str:
        """Return it as it is written in the literature, such as ETS(A,Ad,N)."""
        trend = {"none": "N", "additive": "A", "damped": "Ad"}[self.trend]
        return f"ETS({self.error[0].upper()},{trend},{self.seasonal[0].upper() if self.seasonal else 'N'})"


def _criterion(likelihood: float, parameters: int, size: int) -> float:
    """AICc; infinite where there are too few values for the parameters."""
    left = size - parameters - 1
    found = 2 * parameters - 2 * likelihood + 2 * parameters * (parameters + 1) / left if left > 0 else np.inf
    return float(found) if np.isfinite(found) else np.inf


def ets_model(values: np.ndarray, form: Ets, season: int, start: str = "estimated") -> Any:
    """Return the unfitted model of statsmodels, whose first states are estimated or, for a fast fit, set by a heuristic."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    trend, damped = None if form.trend == "none" else "add", form.trend == "damped"
    periods = season if form.seasonal else None
    form_of = {"error": form.error, "trend": trend, "damped_trend": damped, "seasonal": form.seasonal, "seasonal_periods": periods}
    return ETSModel(values, initialization_method=start, **form_of)


def ets_fitted(model: Any) -> Any:
    """Return the likelier of two fits: from the usual start, and from a level that follows the values closely. Each alone may end far from the best.

    Raises:
        ValueError: When neither can be fitted.
    """
    close = np.array(model.start_params, dtype=float)
    close[model.param_names.index("smoothing_level")] = CLOSE
    best = None
    for start in (None, close):
        try:
            found = model.fit(disp=False, start_params=start)
        except ESTIMATOR_ERRORS:
            continue
        if np.isfinite(found.llf) and (best is None or found.llf > best.llf + 1e-6):
            best = found
    if best is None:
        raise ValueError("the exponential smoothing cannot be fitted")
    return best


def ets_chosen(values: np.ndarray, season: int) -> tuple[Ets, Any]:
    """Return the best exponential smoothing, and its fit.

    An additive error with a multiplicative season is left out, since its variance may be infinite; so are multiplicative models of values that are 0 or
    below, and seasons of more than 24 periods. Source: R. J. Hyndman, A. B. Koehler, R. D. Snyder, S. Grose (2002).

    Raises:
        ValueError: When no model can be fitted.
    """
    positive, seasonal = bool((values > 0).all()), 1 < season <= LONGEST_SEASON
    forms = [
        Ets(error, trend, part)
        for error, trend, part in product(
            ("add", "mul") if positive else ("add",), ("none", "additive", "damped"), (None, "add", "mul") if seasonal else (None,)
        )
        if not (part == "mul" and (error == "add" or not positive))
    ]
    chosen, least = None, np.inf
    for form in forms:
        try:
            fast = ets_fitted(ets_model(values, form, season, "heuristic"))
        except ESTIMATOR_ERRORS:
            continue
        states = 1 + (form.trend != "none") + (season if form.seasonal else 0)
        found = _criterion(float(fast.llf), len(fast.params) + states + 1, len(values))
        if found < least:
            chosen, least = form, found
    if chosen is None:
        raise ValueError("no exponential smoothing can be fitted")
    return chosen, ets_fitted(ets_model(values, chosen, season))


@dataclass(frozen=True)
class Order:
    """An ARIMA: (p, d, q), (P, D, Q) of a season, and whether it has a constant, which is a drift of differences."""

    p: int
    d: int
    q: int
    P: int
    D: int
    Q: int
    season: int
    constant: bool

    @property
    def name(self) -> str:
        """Return it as it is written in the literature."""
        seasonal = f"({self.P},{self.D},{self.Q})[{self.season}]" if self.season > 1 and (self.P or self.D or self.Q) else ""
        return f"ARIMA({self.p},{self.d},{self.q}){seasonal}{' with drift' if self.constant and self.d + self.D else ''}"

    def neighbours(self) -> Iterator[Order]:
        """Yield the orders that differ by one, of the season too, and by the constant."""
        seasonal = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] if self.season > 1 else []
        for more, beside in seasonal:
            yield replace(self, P=self.P + more, Q=self.Q + beside)
        for more, beside in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)]:
            yield replace(self, p=self.p + more, q=self.q + beside)
        if self.d + self.D <= 1:
            yield replace(self, constant=not self.constant)

    @property
    def is_allowed(self) -> bool:
        """Return whether it is within the bounds of the search."""
        return 0 <= self.p <= 5 and 0 <= self.q <= 5 and 0 <= self.P <= 2 and 0 <= self.Q <= 2 and self.p + self.q + self.P + self.Q <= 5


def arima_chosen(values: np.ndarray, season: int) -> tuple[str, Any]:
    """Return the name of the best ARIMA, and its fit.

    Differences of the season are taken if the season is strong, others by repeated KPSS tests; then orders are varied by one as long as the criterion
    of a fit by conditional least squares falls. The best is fitted by maximum likelihood. Seasons of more than 24 periods are left out.
    Source: R. J. Hyndman, Y. Khandakar (2008).

    Raises:
        ValueError: When no model can be fitted.
    """
    season = season if 1 < season <= LONGEST_SEASON else 1
    plain = values[np.isfinite(values)]
    above = int(season > 1 and _strength(plain, season) > STRONG)
    left = plain[season:] - plain[:-season] if above else plain
    d = _differences(left)
    left = np.diff(left, d)
    starts = [(2, 2, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)]
    orders = [Order(p, d, q, *((P, above, Q) if season > 1 else (0, 0, 0)), season, d + above <= 1) for p, q, P, Q in starts]
    seen: set[Order] = set()
    ranked: list[tuple[float, Order]] = []
    while orders and len(seen) < MOST_FITS:
        before = ranked[:1]
        tried = list(dict.fromkeys(orders))[: MOST_FITS - len(seen)]
        seen |= set(tried)
        ranked = sorted([*ranked, *((_by_squares(left, order), order) for order in tried)], key=lambda each: each[0])
        orders = [order for order in ranked[0][1].neighbours() if order.is_allowed and order not in seen] if ranked[:1] != before else []
    for found, order in ranked[:3]:
        if np.isfinite(found) and (fitted := _fitted(values, order)) is not None:
            return order.name, fitted
    raise ValueError("no ARIMA can be fitted")


def _fitted(values: np.ndarray, order: Order) -> Any:
    from statsmodels.tsa.arima.model import ARIMA

    trend = "n" if not order.constant else "ct"[order.d + order.D]
    try:
        seasonal = (order.P, order.D, order.Q, order.season if order.season > 1 else 0)
        found = ARIMA(values, order=(order.p, order.d, order.q), seasonal_order=seasonal, trend=trend).fit(method_kwargs={"maxiter": 50})
    except ESTIMATOR_ERRORS:
        return None
    return found if np.isfinite(found.params).all() else None


def _by_squares(values: np.ndarray, order: Order) -> float:
    """The criterion of a fit to differenced values by least squares of the errors, given that values and errors before the first are 0."""
    from scipy.optimize import minimize
    from scipy.signal import lfilter
    from statsmodels.tsa.statespace.tools import constrain_stationary_univariate as stationary

    counts = [order.p, order.P, order.q, order.Q]
    size, given = len(values), sum(counts) + order.constant
    if size - given - 2 <= 0:
        return np.inf
    center = float(values.mean()) if order.constant else 0.0
    unit = float(values.std()) or 1.0

    def loss(params: np.ndarray) -> float:
        parts = np.split(params, np.cumsum(counts))
        lags = [stationary(part) if len(part) else part for part in parts[:4]]
        ahead, errors = (_joined(-lags[at], -lags[at + 1], order.season) for at in (0, 2))
        mean = center + (params[-1] * unit if order.constant else 0.0)
        residuals = lfilter(ahead, errors, values - mean)
        return float(np.log(np.mean(residuals**2) + 1e-300))

    found = minimize(loss, np.zeros(given), method="L-BFGS-B", options={"maxiter": 50}) if given else None
    variance = found.fun if found is not None else loss(np.zeros(0))
    return _criterion(-0.5 * size * float(variance), given + 1, size)


def _joined(plain: np.ndarray, seasonal: np.ndarray, season: int) -> np.ndarray:
    """The coefficients of a polynomial of lags times one of lags of the season."""
    wide = np.zeros(len(seasonal) * season + 1)
    wide[0] = 1.0
    wide[season::season][: len(seasonal)] = seasonal
    return np.convolve(np.concatenate([[1.0], plain]), wide)


def _strength(values: np.ndarray, season: int) -> float:
    """How much of what is not trend is season, from 0 to 1 (X. Wang, K. Smith, R. Hyndman, 2006)."""
    from statsmodels.tsa.seasonal import STL

    found = STL(values, period=season, seasonal=13).fit()
    both = float(np.var(found.resid + found.seasonal))
    return max(0.0, 1 - float(np.var(found.resid)) / both) if both > 0 else 0.0


def _differences(values: np.ndarray) -> int:
    """How often values are differenced until a KPSS test at 5 % finds them stationary, at most twice."""
    from statsmodels.tsa.stattools import kpss

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of p-values beyond its table, and of what its next version returns
        for count in range(2):
            if len(values) < 8 or np.ptp(values) == 0 or kpss(values, nlags=int(3 * np.sqrt(len(values)) / 13))[1] >= 0.05:
                return count
            values = np.diff(values)
    return 2
