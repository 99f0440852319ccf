"""The course of Train Best Model: guardrails, search, blend and report, within its seconds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.catalogue.allowance import memory_allowance
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Ask, Strategy, opened, search
from pipelines.catalogue.items import Item, Trial
from pipelines.catalogue.params import Column
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.modelling.automl.history import OUT_OF_TIME, History
from pipelines.modelling.automl.logarithms import is_skewed, with_logarithms
from pipelines.modelling.automl.portfolio import LEARNERS, STACKING, Learner, starts
from pipelines.modelling.automl.strategy import TIME_OVER, Limits, Search
from pipelines.modelling.features import feature_frame
from pipelines.modelling.folds import By, check_column
from pipelines.modelling.guardrails import Guardrail, Plan, guardrails
from pipelines.modelling.parallel import Lines
from pipelines.modules.training._automl_explained import EXPLAINS, dependences
from pipelines.modules.training._automl_final import Final, finished, slower, trainings
from pipelines.modules.training._automl_others import other_figures
from pipelines.modules.training._automl_problem import Problem, of_validation
from pipelines.modules.training._automl_report import SCHEMA, figures_of, leaderboard, report, shown
from pipelines.modules.training._automl_trials import Trials
from pipelines.modules.training._automl_winner import winner_graph
from pipelines.modules.training._deadline import TimeLeft
from pipelines.modules.training._features import choose_features

# The share of the time, and the seconds, kept for the choice of the blend, its explanation and the report; the final training is predicted beside.
RESERVE, FEWEST_RESERVED, MOST_RESERVED = 0.03, 0.4, 12.0
SAVING = 0.3  # seconds in which the engine stores what the step returns beside the model
USES = tuple(sorted({EXPLAINS, *(id for each in LEARNERS for id in each.module.values())}))  # modules that a search finds in the catalogue


@dataclass(frozen=True)
class Settings:
    """When it started (as time.monotonic), its seconds, and the other limits as the form gives them."""

    started: float
    seconds: float
    trials: int | None
    target: float | None
    patience: int | None
    learners: str
    without: str
    at_once: int | None = None
    trial_seconds: float | None = None

    def left(self) -> float:
        """Return the seconds that are left, as if it had not waited for a search."""
        return self.started + self.seconds - time.monotonic()


@dataclass(frozen=True)
class Found:
    """The final model, the leaderboard and the report."""

    final: Final
    leaderboard: Table
    report: Report


def before(
    table: Table, validation: Table | None, *, learners: str, without: str, split_by: By, column: Column | None, **_: object
) -> tuple[Model | None, Table, None, None]:
    """Return the results as far as they are known before a run.

    Raises:
        ModuleError: `unknown_learner_name`, `no_learner`; `no_column`.
    """
    allowed_learners(learners, without)
    check_column(split_by, column)
    return None, Table(pl.DataFrame(schema=SCHEMA)), None, None


def run(table: Table, problem: Problem, settings: Settings) -> Found:
    """Return what the search of a problem finds.

    Raises:
        ModuleError: `no_candidate`, when no model could be trained; `unknown_learner_name`.
    """
    rails = guardrails(
        table,
        problem.label,
        problem.task.id,
        Plan(len(problem.folds), problem.split_by, settings.seconds, memory_allowance()),
        None if problem.is_split else problem.kept,
    )
    for each in rails:
        if each.state != "passed" and (each.id, each.state) != ("label_missing", "done"):  # which was said where the rows were left out
            log(f"{each.title}: {each.words}", "warning" if each.state == "alerted" else "info")
    problem = without_ids(problem, rails)
    check_validation(problem)
    plan = _search(problem, settings)
    until, before = settings.started + settings.seconds, time.monotonic() - settings.started
    if (begun := opened()) is not None:  # the engine calls the module again after the search
        until = begun - before + settings.seconds - SAVING
    trials = search(
        Strategy(_asking(plan, problem), settings.at_once, max(0.1, settings.left() - plan.reserve)),
        shown(problem, Trials(problem, settings.trial_seconds).each),
    )
    history = History.of(trials)
    if history.first is None:
        raise _no_candidate(trials, settings.seconds)
    if begun is None:  # where an isolated step is called again the seconds of the trials are all that is known
        until = min(until, time.monotonic() + settings.seconds - sum(trial.result.seconds for trial in trials if trial.result))
    left = TimeLeft(max(until, time.monotonic() + plan.reserve), plan.ended(history) == TIME_OVER)
    final = finished(problem, history, trials, left)
    final = replace(final, others=other_figures(problem, history, trials, left))
    charts = dependences(problem, final, left)
    board = leaderboard(problem, history, trials, final)
    graph = winner_graph(final.winner, problem, figures_of(problem, final))
    told = report(problem, history, trials, final, rails, plan.ended(history), graph, charts)
    return Found(final, board, told)


def _asking(plan: Search, problem: Problem) -> Ask:
    """What a search asks for next, with all that the trial depends on in its content: the value of a trial is kept by its content for later searches."""
    of = problem.identity

    def ask(trials: Sequence[Trial], left: float | None) -> Item | None:
        item = plan.ask(trials, left)
        return item and replace(item, content={**item.content, "problem": of})

    return ask


def _no_candidate(trials: Sequence[Trial], seconds: float) -> ModuleError:
    """Return that no model could be trained, with what to do about the first failure."""
    failure = next((trial.result.failure for trial in trials if trial.result and trial.result.failure), None)
    if failure is None or failure.code in OUT_OF_TIME:
        words = f"No model could be trained within {seconds:g} second{'' if seconds == 1 else 's'}."
        limit = "trial_seconds" if failure and failure.code == "trial_too_long" else "seconds"
        words += f" {failure.words}" if limit == "trial_seconds" and failure else ""
        return ModuleError("no_candidate", words, param=limit, remedy="Give more seconds, or fewer rows or columns.")
    return ModuleError(
        "no_candidate",
        f"No model could be trained. The first failure: {failure.words}",
        port=failure.port or "table",
        column=failure.column,
        remedy=failure.remedy or "Give more seconds, or fewer rows or columns.",
    )


def without_ids(problem: Problem, rails: Sequence[Guardrail]) -> Problem:
    """Return the problem without the columns that only name rows, where others are left."""
    found = next((each.columns for each in rails if each.id == "id_columns"), ())
    named = tuple(column for column in found if column != problem.column)
    others = [column for column in problem.known.frame.columns if column not in named]
    if not named or len(others) < 2:
        return problem
    kept = None if problem.kept is None else problem.kept.only([column for column in others if column in problem.kept.frame.columns])
    return replace(problem, known=problem.known.only(others), kept=kept, left_out=named)


def check_validation(problem: Problem) -> None:
    """Check that a validation table has the columns that models are trained on, and a label of their kind: else the whole search would be in vain.

    Raises:
        ModuleError: `missing_columns`, `wrong_type`, or that of a label of another kind.
    """
    if problem.kept is None or problem.is_split:
        return
    with reporting_to(Lines()):
        features = choose_features(problem.known, problem.label).features
    with of_validation():
        feature_frame(problem.kept.frame.head(0), features)
        problem.judge_of(problem.kept)


def _search(problem: Problem, settings: Settings) -> Search:
    judge, modules, rows = problem.judge, catalogue().modules, problem.known.frame.height
    allowed = allowed_learners(settings.learners, settings.without)
    usable = [each for each in allowed if problem.task.id in each.module and modules[each.module[problem.task.id]].is_installed]
    ids = [each.module[problem.task.id] for each in usable]
    seeded = frozenset(id for id in ids if any(param.name == "seed" for param in modules[id].params))
    rarest = int(np.unique(judge.truth, return_counts=True)[1].min()) if judge.classes else None
    target = None if settings.target is None else judge.loss(settings.target)
    found = starts(problem.task.id, judge.metric.key, rows, usable, seeded, problem.seed, rarest=rarest)
    if not judge.classes and is_skewed(judge.truth):
        log(f"“{problem.label}” has no values below 0 and a long tail, so some learners are tried on its logarithm too.")
        found = with_logarithms(found, judge.metric.key)
    return Search(
        found,
        len(problem.folds[0].train),
        len(problem.folds),
        Limits(settings.seconds, settings.trials, target, settings.patience),
        min(MOST_RESERVED, max(FEWEST_RESERVED, RESERVE * settings.seconds)),
        slower(problem) * trainings(problem),
        problem.seed,
        next((each for each in allowed if each.name == STACKING), None),
    )


def allowed_learners(wanted: str, without: str) -> list[Learner]:
    """Return the learners that a search may use, in the order in which it starts them.

    Raises:
        ModuleError: `unknown_learner_name`, or `no_learner`.
    """
    known = {each.name: each for each in LEARNERS}
    chosen = {
        param: [name.strip() for name in text.split(",") if name.strip()] for param, text in (("learners", wanted), ("without", without))
    }
    for param, names in chosen.items():
        if strange := [name for name in names if name not in known]:
            raise ModuleError(
                "unknown_learner_name",
                f"There is no learner “{strange[0][:60]}”.",
                param=param,
                remedy=f"Enter some of: {', '.join(known)}.",
            )
    found = [
        each for name, each in known.items() if (not chosen["learners"] or name in chosen["learners"]) and name not in chosen["without"]
    ]
    if not any(each.starts for each in found):
        raise ModuleError("no_learner", "No learner is left.", param="without", remedy="Allow at least one learner.")
    return found
