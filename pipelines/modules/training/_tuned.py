"""What a search shows: the table of its trials, which a later search goes on from, and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any, NamedTuple

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Trial
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Block, figures, table
from pipelines.modelling.search.charts import best_so_far, importance, learning_curves, parallel, slices
from pipelines.modelling.search.samplers import Told
from pipelines.modelling.search.space import Space
from pipelines.modelling.search.study import Run, Study
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._tuning import Found

RANK, TRIAL, ERROR, SECONDS, STATE, STOPPED, SHARE, FAILURE = (
    "Rank",
    "Trial",
    "Standard error",
    "Seconds",
    "State",
    "Stopped by",
    "Share",
    "Failure",
)


class Tuned(NamedTuple):
    """What a search finds.

    Args:
        model: The best model, trained on all training rows.
        trials: Every trial: its rank, its settings, its score and the error of that, seconds, and why it ended.
        report: The leaderboard, the best score so far, what each setting did and how much it counts.
    """

    model: Model
    trials: Table
    report: Report


def ranked(study: Study, runs: Sequence[Run]) -> list[Run]:
    """Return the trials from the best to the worst: those with a larger share first, then those that were stopped, then the failed."""

    def place(run: Run) -> tuple[Any, ...]:
        return (run.score is None, bool(run.stopped), -run.share, -study.sign * (run.score or 0.0), run.number)

    return sorted(runs, key=place)


def trials_table(study: Study, found: Found, metric: Metric) -> Table:
    """Return all trials, the best first."""
    space, of = study.space, {(run.number, run.share): trial for run, trial in zip(found.runs, found.trials, strict=True)}
    largest = {run.number: max(other.share for other in found.runs if other.number == run.number) for run in found.runs}
    rows = []
    for rank, run in enumerate(ranked(study, found.runs), 1):
        cut = "successive halving" if run.share < 1 and run.share == largest[run.number] and run.score is not None else run.stopped
        rows.append(
            {
                RANK: rank if run.score is not None else None,
                TRIAL: run.number,
                **{space.title(name): run.found[name] for name in space.over},
                metric.title: run.score,
                **_rest(of[run.number, run.share], run, cut),
            }
        )
    numbers = {RANK: pl.Int64, TRIAL: pl.Int64, metric.title: pl.Float64, ERROR: pl.Float64, SECONDS: pl.Float64, SHARE: pl.Float64}
    frame = pl.DataFrame(
        rows, schema_overrides=numbers | {STATE: pl.String, STOPPED: pl.String, FAILURE: pl.String}, infer_schema_length=None
    )
    return Table(frame)


def _rest(trial: Trial, run: Run, cut: str) -> dict[str, Any]:
    failure = trial.result.failure if trial.result else None
    late = {"time_over": "time budget", "no_time_left": "time budget", "trial_too_long": "seconds a trial"}.get(run.failure)
    if run.trees is not None:
        cut = f"time, after {counted(run.trees, 'tree')}"
    state = "stopped" if cut or late else "failed" if run.failure else "done"
    return {
        ERROR: trial.result.figures.get("error") if trial.result and not failure else None,
        SECONDS: run.seconds,
        SHARE: run.share,
        STATE: state,
        STOPPED: {"folds": "worse folds"}.get(cut, cut) or late,
        FAILURE: failure.words if failure and state == "failed" else None,
    }


def told_by(earlier: Table, space: Space, metric: Metric) -> list[Told]:
    """Return the trials of an earlier search that are inside the space, the best first.

    Raises:
        ModuleError: `no_trials`, when the table is none of trials with this metric and these settings.
    """
    wanted = [metric.title, *(space.title(name) for name in space.over)]
    if absent := [column for column in wanted if column not in earlier.frame.columns]:
        raise ModuleError(
            "no_trials",
            f"The table of earlier trials has no column “{absent[0]}”.",
            port="earlier",
            column=absent[0],
            remedy="Connect the trials of a search with the same metric and the same settings, or disconnect the table.",
        )
    whole = earlier.frame.filter(pl.col(SHARE) == 1) if SHARE in earlier.frame.columns else earlier.frame
    sign = 1 if metric.better == "high" else -1
    rows = whole.filter(pl.col(metric.title).is_not_null()).select(wanted).iter_rows()
    told = [Told(dict(zip(space.over, settings, strict=True)), sign * score) for score, *settings in rows]
    inside = [one for one in told if space.holds(one.settings)]
    log(
        f"{counted(len(inside), 'earlier trial')} of {earlier.frame.height:,} count: those with a score inside the space. The best is tried again."
    )
    return sorted(inside, key=lambda one: -(one.score or 0.0))


def report(study: Study, found: Found, task: LabelTask, metric: Metric, outer: Sequence[Mapping[str, Any]]) -> Report:
    """Return the leaderboard, how the search went, and what the settings did."""
    best, own = found.best, next((run for run in found.runs if run.number == 0 and run.share == found.best.share), None)
    of = {(run.number, run.share): trial for run, trial in zip(found.runs, found.trials, strict=True)}
    models = [_metrics(of[run.number, run.share], name, task) for run, name in _shown(best, own)]
    columns = [one for one in task.metrics if all(model["metrics"].get(one.key) is not None for model in models)]
    if metric.key not in {one.key for one in columns}:
        columns.insert(0, metric)
    charts = [block for make in (best_so_far, learning_curves, importance, slices, parallel) if (block := make(study, found.runs, metric))]
    blocks: list[Block] = [figures("Validation metrics", columns, models), *charts, _facts(study, found, metric)]
    if outer:
        blocks.append(_outer(study, outer, metric))
    blocks.append(_leaderboard(study, found, metric))
    return Report("Search over settings", blocks, models)


def _shown(best: Run, own: Run | None) -> list[tuple[Run, str]]:
    others = [(own, "Settings as they were")] if own is not None and own is not best and own.score is not None else []
    return [(best, f"Best: trial {best.number}"), *others]


def _metrics(trial: Trial, name: str, task: LabelTask) -> dict[str, Any]:
    known = trial.result.figures["metrics"] if trial.result else {}
    return {"name": name, "metrics": {**{one.key: None for one in task.metrics}, **known}}


def _facts(study: Study, found: Found, metric: Metric) -> Block:
    runs, best = found.runs, found.best
    rows: list[list[Any]] = [
        ["Metric", f"{metric.title} ({'higher' if metric.better == 'high' else 'lower'} is better)"],
        ["Best score", best.score],
        ["Trials", len({run.number for run in runs})],
        ["Ended because", found.ended],
        ["Failed", sum(bool(run.failure) for run in runs)],
        ["Seconds of all trials", round(sum(run.seconds for run in runs), 2)],
    ]
    return table("Search", ["What", "Value"], rows + [[study.space.title(name), _word(best.found[name])] for name in study.space.over])


def _outer(study: Study, outer: Sequence[Mapping[str, Any]], metric: Metric) -> Block:
    scores = [one["outer"] for one in outer]
    spread = stdev(scores) if len(scores) > 1 else 0.0
    log(f"{metric.title} of the outer folds: {fmean(scores):.4g} ± {spread:.2g} (mean and standard deviation). It is the honest estimate.")
    names = list(study.space.over)
    rows = [[one["fold"], one["outer"], one["inner"], *(_word(one["settings"][name]) for name in names)] for one in outer]
    title = f"Estimate by outer folds: {metric.title} {fmean(scores):.4g} ± {spread:.2g}"
    return table(title, ["Outer fold", metric.title, "In the search", *(study.space.title(name) for name in names)], rows)


def _leaderboard(study: Study, found: Found, metric: Metric) -> Block:
    frame = trials_table(study, found, metric).frame
    empty = [column for column in (ERROR, STOPPED, FAILURE) if frame[column].null_count() == frame.height]
    frame = frame.drop(empty).head(500)
    rows = [[_word(value) for value in row] for row in frame.iter_rows()]
    return table("Trials", frame.columns, rows)


def _word(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value
