"""What comes of forecasts from rolling origins: a table of them, figures by series, and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Block, chart, curves, figures, table
from pipelines.modelling.forecasting.charts import Shown, forecast_block
from pipelines.modelling.forecasting.intervals import scales, square_scales
from pipelines.modelling.forecasting.measures import Window, by_series, by_step, joined, measured, with_bounds
from pipelines.modelling.forecasting.method import BOARD, Method, Path
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.reading import Names
from pipelines.modelling.forecasting.tables import ACTUAL, METHOD, ORIGIN, column, long

HEADS: list[tuple[str, str, str | None]] = [
    ("mase", "MASE", "low"), ("rmsse", "RMSSE", "low"), ("wape", "WAPE", "low"), ("smape", "sMAPE", "low"), ("bias", "Bias", None),
    ("pinball", "Pinball loss", "low"), ("coverage_80", "Coverage of 80 %", None), ("coverage_95", "Coverage of 95 %", None),
    ("width_80", "Width of 80 %", "low"), ("width_95", "Width of 95 %", "low"), ("mae", "MAE", "low"), ("rmse", "RMSE", "low"), ("mape", "MAPE", "low"),
]  # fmt: skip
OF_STEP = ("mase", "wape", "bias", "coverage_80", "coverage_95", "width_80", "width_95")
MOST_STEPS = 60


def on_board(methods: Sequence[Method]) -> list[Method]:
    """Return the methods with names of their own, and the baselines that are not among them."""
    named, seen = [], {method.name for method in BOARD}
    for method in methods:
        name = next(each for each in (method.name, *(f"{method.name} {number}" for number in range(2, 999))) if each not in seen)
        if any(_same(method, known) for known in BOARD):
            continue
        seen.add(name)
        named.append(Method(name, method.kind, method.settings, method.learner))
    return [*named, *BOARD]


def _same(method: Method, known: Method) -> bool:
    return method.kind == "baseline" and method.settings["method"] == known.settings["method"] and not method.settings.get("season")


def origins(panel: Panel, horizon: int, windows: int, spacing: int) -> list[int]:
    """Return how many periods before the end each origin lies, the earliest first; fewer where the history is too short.

    Raises:
        ModuleError: `too_short`.
    """
    lengths = panel.lengths[panel.lengths > 0]
    typical = int(np.median(lengths)) if len(lengths) else 0
    most = typical - max(4, horizon // 2)
    backs = [horizon + spacing * place for place in range(windows) if horizon + spacing * place <= most]
    if not backs:
        words = f"Most series have no more than {counted(typical, 'period')}, too few for a horizon of {horizon:,} and a history before it."
        raise ModuleError("too_short", words, port="table", param="horizon", remedy="Set a shorter horizon, or use longer series.")
    if len(backs) < windows:
        log(f"The history is long enough for {counted(len(backs), 'origin')}, not for {windows:,}.", "warning")
    return backs[::-1]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts of several methods from rolling origins."""

    panel: Panel
    names: Names
    horizon: int
    methods: Sequence[Method]
    windows: Mapping[str, Sequence[Window]]

    @classmethod
    def of(cls, panel: Panel, names: Names, horizon: int, methods: Sequence[Method], paths: Mapping[tuple[str, int], Path]) -> Backtest:
        """Put forecasts beside the values that came."""
        season, found = panel.frequency.season, {}
        backs = sorted({back for _, back in paths}, reverse=True)
        cuts = {back: panel.cut(back) for back in backs}
        scale = {back: (scales(cut, season), square_scales(cut, season)) for back, cut in cuts.items()}
        for method in methods:
            windows = []
            for back in backs:
                start = panel.periods - back
                actual = panel.values[:, start : start + horizon]
                windows.append(Window(back, actual, paths[method.name, back].values, *scale[back], {}))
            found[method.name] = with_bounds(windows)
        return cls(panel, names, horizon, methods, found)

    def table(self, clock: pl.Series) -> pl.DataFrame:
        """Return a row for each method, origin, series and step."""
        parts = []
        for name, windows in self.windows.items():
            for window in windows:
                cut = self.panel.cut(window.back)
                part = long(cut, clock, window.forecast, [(level, *edges) for level, edges in window.bounds.items()])
                there = cut.lengths > 0
                origin = cut.frequency.times(np.repeat(cut.ends[there], self.horizon), clock.dtype).alias(ORIGIN)
                extra = [pl.Series(METHOD, [name] * part.height, dtype=pl.String), origin, column(ACTUAL, window.actual[there])]
                parts.append(part.with_columns(extra))
        return pl.concat(parts)

    def by_series(self) -> pl.DataFrame:
        """Return the figures of each series and method."""
        parts = []
        for name, windows in self.windows.items():
            numbers = [column(head, values) for head, values in by_series(windows).items()]
            parts.append(
                pl.DataFrame([*self.panel.keys.get_columns(), pl.Series(METHOD, [name] * self.panel.size, dtype=pl.String), *numbers])
            )
        return pl.concat(parts)

    def report(self) -> Report:
        """Return the board, the figures by step, and series with the forecasts of the best method from the last origin."""
        whole = {name: joined(windows) for name, windows in self.windows.items()}
        metrics = [{"name": name, "metrics": measured(window)} for name, window in whole.items()]
        if any(each["metrics"]["mape"] is None for each in metrics):  # type: ignore[index]
            log("MAPE is not given, since some values are 0.")
        ranked = [each for each in metrics if each["metrics"]["mase"] is not None]  # type: ignore[index]
        best = str(min(ranked or metrics, key=lambda each: each["metrics"]["mase"] or 0.0)["name"])  # type: ignore[index]
        steps = {name: by_step(window) for name, window in whole.items()}
        blocks = [figures("Methods", HEADS, metrics), *self._by_step(steps), self._shown(best)]
        return Report("Backtest", blocks, metrics)

    def _by_step(self, steps: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Block]:
        titles = {key: title for key, title, _ in HEADS}
        rows = [
            [name, place + 1, *(each[key] for key in OF_STEP)]
            for name, found in steps.items()
            for place, each in enumerate(found[:MOST_STEPS])
        ]
        points = [
            {"model": name, "at": place + 1, "x": place + 1, "y": each["wape"]}
            for name, found in steps.items()
            for place, each in enumerate(found)
            if each["wape"] is not None
        ]
        spec = curves(points, [], x=("x", "Step"), y=("y", "WAPE"), dots=self.horizon < 2)
        words = "The sum of absolute errors over the sum of values, by how many periods ahead the forecast is."
        head = ["Method", "Step", *(titles[key] for key in OF_STEP)]
        return [chart("Error by step", "forecast_steps", words, spec), table("Figures by step", head, rows)]

    def _shown(self, best: str) -> Block:
        window, cut = self.windows[best][-1], self.panel.cut(self.windows[best][-1].back)
        edges = [(level, low, high) for level, (low, high) in window.bounds.items()]
        shown = Shown(cut, window.forecast, edges, window.actual, by_series(self.windows[best])["MASE"])
        return forecast_block(f"{best}, last origin", (self.names.time, self.names.value), shown)
