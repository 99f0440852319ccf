"""What a search reports: guardrails, the estimate, the leaderboard, how it went, what it cost, and what counts for the winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

import polars as pl

from pipelines.catalogue.items import Each, Item, Trial, Value
from pipelines.catalogue.ports import Report, Table
from pipelines.modelling.automl.charts import best_so_far, costs
from pipelines.modelling.automl.history import ALL, History, counted_trials
from pipelines.modelling.automl.opening import seed_of, why_unfinished
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.guardrails import Guardrail
from pipelines.modules.training._automl_explained import IMPORTANCES
from pipelines.modules.training._automl_final import Final
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._automl_winner import DATA, VALIDATION, Figures

SCHEMA = {
    "Rank": pl.Int64(),
    "Name": pl.String(),
    "Learner": pl.String(),
    "Score": pl.Float64(),
    "Standard error": pl.Float64(),
    "Within noise of the best": pl.Boolean(),
    "Folds": pl.Int64(),
    "Rows of a fold": pl.Int64(),
    "Seconds of a fit": pl.Float64(),
    "Microseconds of a prediction": pl.Float64(),
    "Seconds of all trials": pl.Float64(),
    "Weight in the blend": pl.Int64(),
    "State": pl.String(),
    "Why": pl.String(),
    "Other metrics": pl.String(),
    "Seed": pl.Int64(),
    "Settings": pl.String(),
}

IN_TABLE_ONLY = ("Rows of a fold", "Why", "Other metrics", "Seed")  # not in the report, whose reader compares scores


def shown(problem: Problem, each: Each) -> Each:
    """Return a computation of trials whose figures also say what people see: the name of the metric, and its value where a trial is no candidate yet."""

    def told(item: Item) -> Value:
        value, judge = each(item), problem.judge
        figures = {"metric": judge.metric.title, **value.figures}
        if figures.get("loss") is not None and "score" not in figures:
            figures["first_fold"] = judge.value(figures["loss"])
        return Value(figures, value.blob)

    return told


def leaderboard(problem: Problem, history: History, trials: Sequence[Trial], final: Final) -> Table:
    """Return a row for each candidate, the best first; a blend has a row of its own. Scores are means over the folds, which all candidates share."""
    whole = [trial for trial in trials if trial.item.content["share"] == ALL and trial.result and "score" in (trial.result.figures or ())]
    told = {trial.item.content["candidate"]: trial.result.figures for trial in whole if trial.result}
    weights = {member.number: weight for member, weight in zip(final.winner.members, final.winner.weights, strict=True)}
    last = {trial.item.content["candidate"]: trial for trial in trials}
    limit = _noise(final, history)
    rows: list[list[Any]] = []
    if len(weights) > 1:
        blended = problem.judge.value(final.loss)
        rows.append(
            [
                final.winner.name,
                "training.voting",
                blended,
                final.error,
                True,
                len(problem.folds),
                *[None] * 4,
                sum(weights.values()),
                "done",
                "",
                "",
                None,
                _with_threshold("", final.winner.threshold),
            ]
        )
    for candidate in [*history.done, *(each for each in history.candidates if each not in history.done)]:
        figures = told.get(candidate.number, {})
        cost = sum(run.seconds for run in candidate.runs.values())
        score = problem.judge.value(candidate.loss) if figures else None
        predict = 1e6 * figures["predict"] if figures else None
        known = [
            score,
            figures.get("error"),
            candidate.loss <= limit,
            figures.get("folds", 0),
            figures.get("rows"),
            figures.get("fit"),
            predict,
        ]
        others = ", ".join(f"{title} {value:.4g}" for title, value in _others(problem, final, candidate.number).items())
        why, seed = why_unfinished(last[candidate.number], "fold"), seed_of(candidate.settings)
        end = [weights.get(candidate.number, 0), candidate.state, why, others, seed]
        settings = ", ".join(f"{name} {_written(value)}" for name, value in candidate.final_settings().items())
        rows.append([candidate.name, candidate.module, *known, cost, *end, _with_threshold(settings, figures.get("threshold"))])
    return Table(pl.DataFrame([[place, *row] for place, row in enumerate(rows, 1)], schema=SCHEMA, orient="row"))


def _with_threshold(settings: str, threshold: float | None) -> str:
    return settings if threshold is None else ", ".join(filter(None, (settings, f"threshold {threshold:g}")))


def _others(problem: Problem, final: Final, number: int) -> dict[str, float]:
    """The further figures of a candidate by the name of the metric."""
    found = final.others.get(number, {})
    return {metric.title: found[metric.key] for metric in problem.task.metrics if metric.key in found}


def _written(value: Any) -> str:
    """A setting as text, of a stack the names of its candidates."""
    return " + ".join(each["name"] for each in value) if isinstance(value, list) else str(value)


def figures_of(problem: Problem, final: Final) -> Figures:
    """Return what the leaderboard and the estimate say, as comments of the winner's pipeline."""
    title, estimate = problem.judge.metric.title, final.estimate.unseen or final.estimate
    error = f" ± {estimate.error:.4g}" if estimate.error is not None else ""
    return Figures(
        f"In the search: {title} {problem.judge.value(final.loss):.6g}. {_judged_on(problem, final)}.",
        f"In the search: {title} {estimate.value:.6g}{error}, of {estimate.of}.",
    )


def report(
    problem: Problem,
    history: History,
    trials: Sequence[Trial],
    final: Final,
    rails: Sequence[Guardrail],
    ended: str,
    graph: Mapping[str, Any],
    charts: Sequence[Block],
) -> Report:
    """Return the report; its figures hold the winner's pipeline as a document."""
    judge, board = problem.judge, leaderboard(problem, history, trials, final)
    estimate, brief = final.estimate, board.frame.drop(IN_TABLE_ONLY).head(50)
    rows: list[list[Any]] = [
        [judge.metric.title, estimate.value, estimate.error, f"Estimate: {estimate.of}"],
        *([[judge.metric.title, unseen.value, unseen.error, f"Of it {unseen.of}"]] if (unseen := estimate.unseen) else []),
        [judge.metric.title, judge.value(final.loss), final.error, _judged_on(problem, final)],
        [judge.metric.title, _baseline(problem), None, "Baseline: always the mean, or the shares of the classes"],
    ]
    facts = [
        ["Winner", final.winner.name],
        ["Task", problem.task.id.replace("_", " ")],
        ["Trials", counted_trials(trials)],
        ["Ended", ended],
        ["Rows", f"{problem.known.frame.height:,}"],
    ]
    if final.winner.threshold is not None:
        facts.insert(1, ["Threshold", f"{final.winner.threshold:g}, the best one for {judge.metric.title} on left-out rows"])
    blocks = [
        table("What to expect", ["Metric", "Value", "Standard error", "Of"], rows),
        table("Search", ["What", "Found"], facts),
        table("Guardrails", ["Guardrail", "State", "What was found"], [[each.title, each.state, each.words] for each in rails]),
        table("Leaderboard", brief.columns, [list(row) for row in brief.rows()]),
        _progress(problem, trials),
        costs(history, "What each learner cost", "Learner"),
        table(
            "Weights in the blend",
            ["Model", "Weight"],
            [[member.name, weight] for member, weight in zip(final.winner.members, final.winner.weights, strict=True)],
        ),
    ]
    blocks += [block for block in (final.model.report.blocks if final.model.report else ()) if block["title"] in IMPORTANCES]
    blocks += charts
    figures = {judge.metric.key: estimate.value, "standard_error": estimate.error, "mean_over_folds": judge.value(final.loss)}
    figures |= {"kept_rows": estimate.unseen.value} if estimate.unseen else {}
    inputs = {name: port for name, port in ((DATA, "table"), (VALIDATION, "validation")) if name in graph["nodes"]}
    entry = {"name": final.winner.name, "metrics": figures, "pipeline": dict(graph), "inputs": inputs}
    return Report("Best model", blocks, [{**entry, "search": _search(problem, history, final, rails, ended)}])


def _search(problem: Problem, history: History, final: Final, rails: Sequence[Guardrail], ended: str) -> dict[str, Any]:
    """What the page of a search shows beside the blocks."""
    return {
        "label": problem.label,
        "task": problem.task.id,
        "metric": problem.judge.metric.title,
        "better": problem.judge.metric.better,
        "threshold": final.winner.threshold,
        "rows": problem.known.frame.height,
        "folds": len(problem.folds),
        "estimate": asdict(final.estimate),
        "score": {"value": problem.judge.value(final.loss), "error": final.error, "of": _judged_on(problem, final)},
        "is_honest": final.is_validated,
        "baseline": _baseline(problem),
        "ended": ended,
        "others": {each.name: _others(problem, final, each.number) for each in history.done if each.number in final.others},
        "weights": [
            {"name": member.name, "weight": weight} for member, weight in zip(final.winner.members, final.winner.weights, strict=True)
        ],
        "guardrails": [each.as_json() for each in rails],
    }


def _judged_on(problem: Problem, final: Final) -> str:
    if not all(isfinite(member.loss) for member in final.winner.members):
        return "Of a part of the first fold, since no model was validated on all folds"
    if len(problem.folds) == 1:
        return "Of one fold, which chose the winner and flatters it a little"
    chose = "the winner" if final.winner.threshold is None else "the winner and its threshold,"
    return f"Mean over {len(problem.folds)} folds, which chose {chose} and flatter it a little"


def _baseline(problem: Problem) -> float | None:
    """What always predicting the mean or the shares of the classes gives, over all rows of the folds; None where such predictions have no value."""
    import numpy as np

    judge, rows = problem.judge, problem.rows
    truth = judge.truth[rows]
    if judge.classes and problem.task.id == "multi_class":
        guess: Any = np.tile(np.bincount(truth, minlength=len(judge.classes)) / len(truth), (len(truth), 1))
    else:
        guess = np.full(len(truth), truth.mean())
    return judge.value_of(rows, guess)


def _noise(final: Final, history: History) -> float:
    """The loss up to which a candidate is within one standard error of the best."""
    best = history.best
    return (best.loss if best else final.loss) + (final.error or 0.0)


def _progress(problem: Problem, trials: Sequence[Trial]) -> Block:
    spent, best, points = 0.0, float("inf"), []
    for trial in trials:
        spent += trial.result.seconds if trial.result else 0.0
        figures = trial.result.figures if trial.result else None
        if figures and trial.item.content["share"] == ALL and figures.get("loss", best) < best:
            best = figures["loss"]
            points.append({"seconds": spent, "score": problem.judge.value(best), "name": trial.item.key})
    return best_so_far(
        points, problem.judge.metric.title, "The best score of a candidate over all folds, against the seconds of all trials until then."
    )
