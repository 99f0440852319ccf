"""The course of Train Best Forecasting Model: guardrails, search, estimate and final training, within its seconds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Ask, Strategy, opened, search
from pipelines.catalogue.items import Item, Trial
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.automl.history import OUT_OF_TIME, History
from pipelines.modelling.automl.strategy import Limits
from pipelines.modelling.evaluation.charts import Block, chart, curves
from pipelines.modelling.forecasting.charts import Shown, forecast_block
from pipelines.modelling.forecasting.checks import checked
from pipelines.modelling.forecasting.forecaster import Forecaster, train
from pipelines.modelling.forecasting.intermittent import kinds_of_demand
from pipelines.modelling.forecasting.intervals import calibration_backs, mean_of
from pipelines.modelling.forecasting.judging import Truth
from pipelines.modelling.forecasting.measures import Window, by_step
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.portfolio import NAMES, Group, groups
from pipelines.modelling.forecasting.reading import Names, as_times
from pipelines.modelling.forecasting.rolling import rolled
from pipelines.modelling.forecasting.strategy import OVER, ForecastSearch
from pipelines.modelling.guardrails import Guardrail
from pipelines.modules.forecasting._backtesting import origins
from pipelines.modules.forecasting._best_report import Estimate, Outcome, leaderboard, report
from pipelines.modules.forecasting._best_trials import ForecastTrials
from pipelines.modules.forecasting._best_winner import Judged, Winner, forecast_graph, winner_of
from pipelines.modules.forecasting.train_forecasting import training_report

RESERVE, FEWEST_RESERVED = 0.04, 0.8  # the share of the time, and the seconds, kept for the report


@dataclass(frozen=True)
class Asked:
    """What is asked of a search: columns, periods, metric with its name, origins, limits, methods, seed, and when it was started (as time.monotonic)."""

    names: Names
    horizon: int
    metric: tuple[str, str]
    windows: int
    limits: Limits
    methods: str
    without: str
    seed: int
    started: float
    at_once: int | None = None

    @property
    def identity(self) -> dict[str, Any]:
        """Return all that a trial depends on beside the table and its own settings."""
        columns = [self.names.time, self.names.value, *map(list, (self.names.series, self.names.known, self.names.past, self.names.static))]
        return {"columns": columns, "horizon": self.horizon, "metric": self.metric[0], "windows": self.windows, "seed": self.seed}


@dataclass(frozen=True, eq=False)
class Seen:
    """The series that the search sees, its origins, and how many of the last periods are kept from it."""

    panel: Panel
    backs: Sequence[int]
    kept: int


def seen_of(panel: Panel, horizon: int, windows: int) -> Seen:
    """Return what a search sees: all but the last periods, as many as are forecast, where the history suffices.

    Raises:
        ModuleError: `too_short`.
    """
    try:
        before = panel.cut(min(horizon, panel.periods))
        return Seen(before, origins(before, horizon, windows, horizon), horizon)
    except ModuleError:
        found = origins(panel, horizon, windows, horizon)
    log("The history is too short to keep periods from the search: the estimate is of origins that also chose the winner.", "warning")
    return Seen(panel, found, 0)


def run(table: Table, panel: Panel, asked: Asked) -> tuple[Forecaster, Table, Report]:
    """Return the forecaster, the leaderboard and the report.

    Raises:
        ModuleError: `no_candidate`, when no method ended; `unknown_method_name`, `no_method`; `too_short`.
    """
    horizon, limits = asked.horizon, asked.limits
    seen = seen_of(panel, horizon, asked.windows)
    rails = checked(panel, asked.names.value, horizon, len(seen.backs), asked.windows)
    for each in rails:
        if each.state != "passed":
            log(f"{each.title}: {each.words}", "warning" if each.state == "alerted" else "info")
    allowed = _groups(panel, asked, len(seen.backs))
    trainings = len(calibration_backs(panel, horizon)) + 1 + (seen.kept > 0)
    plan = ForecastSearch(allowed, panel.size, len(seen.backs), limits, trainings, asked.seed)
    judged = ForecastTrials.of(seen.panel, seen.backs, horizon, *asked.metric, allowed, asked.seed)
    until, before = asked.started + limits.seconds, time.monotonic() - asked.started
    if (begun := opened()) is not None:  # the engine calls the module again after the search
        until = begun - before + limits.seconds
    reserve = max(FEWEST_RESERVED, RESERVE * limits.seconds)
    trials = search(Strategy(_asking(plan, asked), asked.at_once, max(0.1, limits.seconds - before - reserve)), judged.each)
    history = History.of(trials)
    if not history.done:
        raise _no_candidate(trials, limits.seconds)
    winner = winner_of(history, trials, judged, trainings, lambda: until - time.monotonic())
    outcome, charts = _outcome(table, panel, seen, asked, judged, winner, history, plan, rails)
    how = Judged(len(seen.backs), seen.kept, *_comments(outcome))
    graph = forecast_graph(winner, judged, asked.names, how)
    clock = as_times(table.frame[asked.names.time].clear())
    forecaster, calibrated = train(winner.method, panel, asked.names, clock, horizon, True)
    trained = training_report(forecaster, calibrated)
    told = report(history, trials, outcome, graph, [*charts, *trained.blocks])
    return replace(forecaster, report=trained), leaderboard(history, trials, outcome), told


def _asking(plan: ForecastSearch, asked: Asked) -> Ask:
    """What a search asks for next, with all that the trial depends on in its content: the value of a trial is kept by its content for later searches."""
    of = asked.identity

    def ask(trials: Sequence[Trial], left: float | None) -> Item | None:
        item = plan.ask(trials, left)
        return item and replace(item, content={**item.content, "problem": of})

    return ask


def check_methods(methods: str, without: str) -> list[str]:
    """Return the names of the methods that a search may use.

    Raises:
        ModuleError: `unknown_method_name`, or `no_method`.
    """
    chosen = {
        param: [name.strip() for name in text.split(",") if name.strip()] for param, text in (("methods", methods), ("without", without))
    }
    for param, names in chosen.items():
        if strange := [name for name in names if name not in NAMES]:
            words = f"There are no methods called “{strange[0][:60]}”."
            raise ModuleError("unknown_method_name", words, param=param, remedy=f"Enter some of: {', '.join(NAMES)}.")
    found = [name for name in NAMES if (not chosen["methods"] or name in chosen["methods"]) and name not in chosen["without"]]
    if not found:
        raise ModuleError("no_method", "No method is left.", param="without", remedy="Allow at least one.")
    return found


def _groups(panel: Panel, asked: Asked, origins_: int) -> list[Group]:
    """The methods that are allowed, installed, and suit the series."""
    names, modules = check_methods(asked.methods, asked.without), catalogue().modules
    rare, season = sum(kinds_of_demand(panel).values()) > 0, panel.frequency.season
    dated = panel.frequency.unit != "number"
    values = int(panel.lengths.sum()) * origins_
    fitting = groups(
        season, asked.horizon, panel.size, values, is_dated=dated, is_rare=rare or names == ["intermittent_demand"], seed=asked.seed
    )
    found = [each for each in fitting if each.name in names and all(modules[id].is_installed for id in each.modules)]
    if lost := [each.name.replace("_", " ") for each in fitting if each.name in names and each not in found]:
        log(f"Not tried, since they need the extra “forecast”: {', '.join(lost)}.", "warning")
    if not found:
        words = "None of the methods that are allowed suits these series, or is installed."
        raise ModuleError("no_method", words, param="methods", remedy="Allow others, such as baseline or linear_on_lags.")
    return found


def _no_candidate(trials: Sequence[Trial], seconds: float) -> ModuleError:
    failure = next((trial.result.failure for trial in trials if trial.result and trial.result.failure), None)
    if failure and failure.code not in OUT_OF_TIME:
        return ModuleError(failure.code, failure.words, port=failure.port or "table", param=failure.param, remedy=failure.remedy)
    words = f"No method ended in {seconds:g} seconds."
    return ModuleError("no_candidate", words, param="seconds", remedy="Give more seconds, or fewer series.")


def _outcome(
    table: Table, panel: Panel, seen: Seen, asked: Asked, judged: ForecastTrials, winner: Winner, history: History, plan: ForecastSearch,
    rails: Sequence[Guardrail],
) -> tuple[Outcome, list[Block]]:  # fmt: skip
    """What was found, with the estimate on the kept periods, and charts of the forecasts that it is of."""
    origins_ = counted(len(seen.backs), "origin")
    score = Estimate(winner.loss, judged.truth.error(winner.forecasts), f"Of {origins_}, which chose the winner and flatter it a little")
    estimate, kept = Estimate(score.value, score.error, f"{origins_}, which also chose the winner"), None
    if seen.kept:
        truth = Truth.of(panel, [seen.kept], asked.horizon, asked.metric[0])
        kept = rolled(panel, [winner.method], [seen.kept], asked.horizon)[winner.method.name, seen.kept].values
        words = f"the last {counted(asked.horizon, 'period')} of {counted(panel.size, 'series', 'series')}, which the search never saw"
        value = truth.loss(np.arange(len(kept)), kept)
        differs = float(
            np.std([value, *judged.truth.losses(winner.forecasts)], ddof=1)
        )  # one period is like another only as far as origins are
        estimate = Estimate(value, differs, words)
    ended = plan.ended(history)
    if (untried := plan.untried(history)) and ended == OVER:
        words = f"{counted(untried, 'method')} of the first list {'was' if untried == 1 else 'were'} not tried for lack of time. Give the search more seconds."
        rails = [*rails, Guardrail("budget", "Enough time", "alerted", words, (), {"methods": untried})]
    naive = rolled(judged.panel, [_naive(panel)], seen.backs, asked.horizon)
    baseline = np.concatenate([path.values for path in naive.values()])
    found = Outcome(
        asked.names.value, table.frame.height, asked.metric, len(seen.backs), winner, score, estimate, seen.kept > 0,
        judged.truth.loss(np.arange(len(baseline)), baseline), ended, sorted(rails, key=lambda rail: rail.state == "passed"),
    )  # fmt: skip
    return found, _charts(panel, asked, judged, winner, kept)


def _naive(panel: Panel) -> Any:
    from pipelines.modelling.forecasting.method import BOARD

    return BOARD[1] if panel.frequency.season > 1 else BOARD[0]


def _charts(panel: Panel, asked: Asked, judged: ForecastTrials, winner: Winner, kept: np.ndarray | None) -> list[Block]:
    """The error by step over the origins, and series with their forecasts of the kept periods beside what came."""
    truth = judged.truth
    steps = by_step(Window(0, truth.actual, winner.forecasts, truth.scale, truth.square_scale, {}))
    points = [{"model": winner.name, "at": at, "x": at, "y": each["wape"]} for at, each in enumerate(steps, 1) if each["wape"] is not None]
    spec = curves(points, [], x=("x", "Step"), y=("y", "WAPE"), dots=asked.horizon < 2)
    words = "The sum of absolute errors over the sum of values, by how many periods ahead the forecast is."
    blocks = [chart("Error by step", "forecast_steps", words, spec)] if points else []
    if kept is None:
        return blocks
    actual = panel.values[:, panel.periods - asked.horizon :]
    shown = Shown(panel.cut(asked.horizon), kept, [], actual, mean_of(np.abs(kept - actual), axis=1))
    return [*blocks, forecast_block("Forecasts of periods that the search never saw", (asked.names.time, asked.names.value), shown)]


def _comments(found: Outcome) -> tuple[str, str]:
    """What the leaderboard and the estimate say, as comments of the winner's pipeline."""
    title = found.metric[1]
    error = f" ± {found.estimate.error:.4g}" if found.estimate.error is not None else ""
    return (
        f"In the search: {title} {found.score.value:.6g}. {found.score.of}.",
        f"In the search: {title} {found.estimate.value:.6g}{error}, of {found.estimate.of}.",
    )
