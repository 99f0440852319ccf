"""What a search for a forecast reports: guardrails, the estimate, the leaderboard, how it went, and the winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from pipelines.catalogue.items import Trial
from pipelines.catalogue.ports import Report, Table
from pipelines.modelling.automl.charts import best_so_far, costs
from pipelines.modelling.automl.history import ALL, History, counted_trials
from pipelines.modelling.automl.opening import why_unfinished
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.guardrails import Guardrail
from pipelines.modules.forecasting._best_winner import DATA, Winner

SCHEMA = {
    "Rank": pl.Int64(),
    "Name": pl.String(),
    "Method": pl.String(),
    "Score": pl.Float64(),
    "Standard error": pl.Float64(),
    "Within noise of the best": pl.Boolean(),
    "Origins": pl.Int64(),
    "Seconds of an origin": pl.Float64(),
    "Seconds of all trials": pl.Float64(),
    "Weight in the blend": pl.Int64(),
    "State": pl.String(),
    "Why": pl.String(),
    "Settings": pl.String(),
}


@dataclass(frozen=True)
class Estimate:
    """What to expect: a value of the metric, its standard error, and what it is of."""

    value: float
    error: float | None
    of: str


@dataclass(frozen=True)
class Outcome:
    """What a search found.

    Args:
        value: The column that is forecast.
        rows: How many rows the table has.
        metric: The key and the name of the metric.
        origins: From how many origins methods were judged.
        winner: The winner.
        score: Its score over the origins, which chose it.
        estimate: Its score on periods that the search did not see; the score where there are none.
        is_honest: Whether there are such periods.
        baseline: The score of the naive forecast over the origins.
        ended: Why the search ended.
        rails: The guardrails.
    """

    value: str
    rows: int
    metric: tuple[str, str]
    origins: int
    winner: Winner
    score: Estimate
    estimate: Estimate
    is_honest: bool
    baseline: float
    ended: str
    rails: Sequence[Guardrail]


def leaderboard(history: History, trials: Sequence[Trial], found: Outcome) -> Table:
    """Return a row for each candidate, the best first; a blend has a row of its own."""
    told = {
        trial.item.content["candidate"]: trial.result.figures or {}
        for trial in trials
        if trial.result and trial.item.content["share"] == ALL
    }
    winner, rows = found.winner, []
    weights = {member.number: weight for member, weight in zip(winner.members, winner.weights, strict=True)}
    if len(weights) > 1:
        of_all = [winner.loss, found.score.error, True, found.origins, None, None, sum(weights.values())]
        rows.append([winner.name, "forecasting.average_methods", *of_all, "done", "", ""])
    last = {trial.item.content["candidate"]: trial for trial in trials}
    limit = found.score.value + (found.score.error or 0.0)
    for candidate in [*history.done, *(each for each in history.candidates if each not in history.done)]:
        figures = told.get(candidate.number, {})
        is_done = figures.get("score") is not None
        known = [
            figures.get("score"),
            figures.get("error"),
            is_done and candidate.loss <= limit,
            figures.get("folds", 0),
            figures.get("fit"),
        ]
        cost = sum(each.seconds for each in candidate.runs.values())
        settings = ", ".join(f"no {name}" if value == "" else f"{name} {value}" for name, value in candidate.settings.items())
        rows.append(
            [
                candidate.name,
                candidate.module,
                *known,
                cost,
                weights.get(candidate.number, 0),
                candidate.state,
                why_unfinished(last[candidate.number], "origin"),
                settings,
            ]
        )
    return Table(pl.DataFrame([[place, *row] for place, row in enumerate(rows, 1)], schema=SCHEMA, orient="row"))


def report(history: History, trials: Sequence[Trial], found: Outcome, graph: Mapping[str, Any], charts: Sequence[Block]) -> Report:
    """Return the report; its figures hold the winner's pipeline as a document."""
    key, title = found.metric
    brief, winner = leaderboard(history, trials, found).frame.drop("Why").head(50), found.winner
    rows: list[list[Any]] = [
        [title, found.estimate.value, found.estimate.error, f"Estimate: {found.estimate.of}"],
        [title, found.score.value, found.score.error, found.score.of],
        [title, found.baseline, None, "Baseline: the naive forecast, of the season before where there is one"],
    ]
    facts = [
        ["Winner", winner.name],
        ["Method", winner.method.name],
        ["Trials", counted_trials(trials)],
        ["Ended", found.ended],
    ]
    shares = [[member.name, weight] for member, weight in zip(winner.members, winner.weights, strict=True)]
    blocks = [
        table("What to expect", ["Metric", "Value", "Standard error", "Of"], rows),
        table("Search", ["What", "Found"], facts),
        table("Guardrails", ["Guardrail", "State", "What was found"], [[each.title, each.state, each.words] for each in found.rails]),
        table("Leaderboard", brief.columns, [list(row) for row in brief.rows()]),
        _progress(trials, title),
        costs(history, "What each kind of method cost", "Methods"),
        table("Weights in the blend", ["Method", "Weight"], shares),
        *charts,
    ]
    figures = {key: found.estimate.value, "standard_error": found.estimate.error, "mean_over_origins": found.score.value}
    entry = {"name": winner.name, "metrics": figures, "pipeline": dict(graph), "inputs": {DATA: "table"}}
    return Report("Best forecast", blocks, [{**entry, "search": _search(found)}])


def _search(found: Outcome) -> dict[str, Any]:
    """What the page of a search shows beside the blocks."""
    winner = found.winner
    return {
        "label": found.value,
        "task": "forecast",
        "metric": found.metric[1],
        "better": "low",
        "rows": found.rows,
        "folds": found.origins,
        "estimate": asdict(found.estimate),
        "score": asdict(found.score),
        "is_honest": found.is_honest,
        "baseline": found.baseline,
        "ended": found.ended,
        "weights": [{"name": member.name, "weight": weight} for member, weight in zip(winner.members, winner.weights, strict=True)],
        "guardrails": [each.as_json() for each in found.rails],
    }  # fmt: skip


def _progress(trials: Sequence[Trial], title: str) -> Block:
    spent, best, points = 0.0, float("inf"), []
    for trial in trials:
        spent += trial.result.seconds if trial.result else 0.0
        score = (trial.result.figures or {}).get("score") if trial.result else None
        if score is not None and score < best:
            best = score
            points.append({"seconds": spent, "score": best, "name": trial.item.key})
    return best_so_far(points, title, "The best score of a method over all origins, against the seconds of all trials until then.")
