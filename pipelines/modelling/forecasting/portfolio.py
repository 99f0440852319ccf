"""The methods of a search for the best forecast: the settings from which it starts, and the values that local search moves between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.params import LARGEST_SEED
from pipelines.modelling.forecasting.method import Method

OF_REGRESSOR = "regressor."  # what settings of the regressor begin with, among those of a regression on lags
Settings = Mapping[str, Any]
_LAGS: Mapping[str, Sequence[Any]] = {
    "lags": ("1", "1-2", "1-3", "1-6", "1-12", "1-18"),
    "windows": ("", "4", "8", "4, 12"),
    "scaled": (True, False),
}
_OF_TREES = {
    "regressor.leaves": (4, 8, 16, 32),
    "regressor.learning_rate": (0.02, 0.05, 0.1, 0.2),
    "regressor.trees": (50, 100, 200, 400),
    "regressor.rows_per_leaf": (2, 5, 20, 50),
    "regressor.column_share": (0.5, 0.8, 1.0),
}
LONGEST_DIRECT = 24  # steps that direct forecasts are tried for: each has a regressor of its own
MOST_ALONE = 200  # series that regressions for each of them are tried for
QUICK_LINEAR, QUICK_TREES = 1_000_000, 200_000  # values, up to which a regression for all series takes seconds


@dataclass(frozen=True)
class Group:
    """Methods of one kind in a search.

    Args:
        name: The name by which a user allows or blocks them.
        module: The module of the method.
        starts: Settings to start from.
        choices: The values that local search moves between.
        regressor: The module of its regressor; empty for a method without one.
        is_quick: Whether its seconds are so few that nothing is measured before.
    """

    name: str
    module: str
    starts: Sequence[Settings] = ({},)
    choices: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    regressor: str = ""
    is_quick: bool = False

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the modules that it needs."""
        return (self.module, self.regressor) if self.regressor else (self.module,)

    def method(self, settings: Settings) -> Method:
        """Return the untrained forecaster, as the modules of a pipeline make it."""
        modules, (own, of_regressor) = catalogue().modules, divided(settings)
        parts = []
        if self.regressor:
            learner = modules[self.regressor]
            parts = [learner.function(**learner.arguments(learner.read_settings(of_regressor)))]
        found = modules[self.module]
        made: Method = found.function(*parts, **found.arguments(found.read_settings(own)))
        return made

    def moved(self, base: Settings, draw: Random) -> dict[str, Any]:
        """Return settings that differ in one to three values; the seed of a regressor too, where it has one."""
        found, names = dict(base), sorted(self.choices)
        for name in draw.sample(names, min(len(names), draw.randint(1, 3))):
            found[name] = draw.choice([value for value in self.choices[name] if value != base.get(name)])
        return found | ({"regressor.seed": draw.randint(0, LARGEST_SEED)} if "regressor.seed" in base else {})


def divided(settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of a method, and those of its regressor."""
    own = {name: value for name, value in settings.items() if not name.startswith(OF_REGRESSOR)}
    return own, {name.removeprefix(OF_REGRESSOR): value for name, value in settings.items() if name not in own}


NAMES = (
    "baseline", "linear_on_lags", "theta", "boosted_trees_on_lags", "exponential_smoothing", "decomposition", "arima", "intermittent_demand",
)  # fmt: skip
REGRESSORS = {"linear_on_lags": "regression.linear_regression", "boosted_trees_on_lags": "regression.boosted_trees"}
MODULES = (
    "forecasting.baseline", "forecasting.regression_on_lags", "forecasting.theta", "forecasting.exponential_smoothing", "forecasting.decompose",
    "forecasting.arima", "forecasting.intermittent_demand", "forecasting.average_methods", "regression.linear_regression", "regression.boosted_trees",
)  # fmt: skip


def groups(season: int, horizon: int, series: int, values: int, *, is_dated: bool, is_rare: bool, seed: int) -> list[Group]:
    """Return the methods that suit some series, in the order in which a search starts them: each in turn gives its first start, then its second.

    Args:
        season: How many periods a season has; 1 for none.
        horizon: How many periods are forecast.
        series: How many series there are.
        values: How many values they have together, of all origins.
        is_dated: Whether periods are of a calendar.
        is_rare: Whether some series have many periods without a demand.
        seed: The seed of regressors that have one.
    """
    baseline: list[Settings] = [{"method": "naive"}, {"method": "window_mean"}, {"method": "drift"}]
    lags = {**_LAGS, **({"strategy": ("recursive", "direct")} if horizon <= LONGEST_DIRECT else {})}
    differences = ["", "1"]
    if season > 1:
        baseline = [{"method": "seasonal_naive"}, *baseline, {"method": "seasonal_window_mean"}]
        lags |= {"seasonal_lags": ("", "1", "1, 2"), "fourier": (0, 2, 4)}
        differences += [str(season), f"1, {season}"]
    lags |= {"differences": differences} | ({"calendar": (False, True)} if is_dated else {})
    alone = {"models": ("one", "each")} if 1 < series <= MOST_ALONE else {}
    trees = {"lags": "1-6", "windows": "4", "calendar": is_dated, "regressor.leaves": 16, "regressor.learning_rate": 0.05, "regressor.trees": 200, "regressor.seed": seed}  # fmt: skip
    found = [
        Group("baseline", "forecasting.baseline", baseline, is_quick=True),
        Group(
            "linear_on_lags",
            "forecasting.regression_on_lags",
            ({}, {"lags": "1-12", "windows": "4", "fourier": 2 if season > 1 else 0}, {"lags": "1-6", "differences": "1"}),
            {**lags, **alone, "regressor.l2_weight": (0.001, 0.1, 1.0, 10.0, 100.0)},
            REGRESSORS["linear_on_lags"],
            values <= QUICK_LINEAR,
        ),
        Group("theta", "forecasting.theta"),
        Group(
            "boosted_trees_on_lags",
            "forecasting.regression_on_lags",
            (trees, {**trees, "differences": "1"}, *([{**trees, "differences": str(season)}] if season > 1 else [])),
            {**lags, **_OF_TREES},
            REGRESSORS["boosted_trees_on_lags"],
            values <= QUICK_TREES,
        ),
        Group("exponential_smoothing", "forecasting.exponential_smoothing", ({"model": "automatic"}, {})),
        Group("decomposition", "forecasting.decompose", ({},) if season > 1 else ()),
        Group("arima", "forecasting.arima", ({"orders": "automatic"}, {})),
        Group("intermittent_demand", "forecasting.intermittent_demand", ({}, {"method": "tsb"}) if is_rare else (), is_quick=True),
    ]
    return [each for each in found if each.starts]
