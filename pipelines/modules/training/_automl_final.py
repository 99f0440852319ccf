"""The end of a search: the blend, its honest estimate, and the model, in the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from statistics import fmean

import numpy as np

from pipelines.catalogue.items import Trial
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.reporting import log, progress, reporting_to
from pipelines.kinds.model import save_model
from pipelines.modelling.automl.ensemble import FEW_PICKS, Apart, blended, chosen_weights, left_out_losses
from pipelines.modelling.automl.history import ALL, ENSEMBLE, Candidate, History, side_by_side
from pipelines.modelling.automl.judge import Judge
from pipelines.modelling.evaluation.undefined import why_undefined
from pipelines.modelling.explanation import explain
from pipelines.modelling.families import families
from pipelines.modelling.features import feature_frame
from pipelines.modelling.parallel import Lines
from pipelines.modelling.shuffling import REPEATS
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._automl_trials import predicted_by, predictions_in, trained
from pipelines.modules.training._automl_winner import Winner
from pipelines.modules.training._deadline import TimeLeft, threads
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._report import training_report

MOST_JUDGED = 10_000  # rows that choose the weights
MOST_MODELS = 25
PICKS = 25  # picks that a choice of weights makes, roughly
CHOOSING, OF_SPARE = 0.2, 0.4  # the share of the time left, or of what the training needs not, that the choice of weights may take
EXPLAINING = 0.8  # the share of the time left in which the importance of columns is found; the rest is for partial dependence
STAGES = 4  # the search, the choice of the blend, the training, the explanation
SLOWER = 1.15  # how much longer than its folds a training on all rows may take on a busy machine


@dataclass(frozen=True)
class Estimate:
    """What to expect of new rows: a value of the metric, its standard error, and what it is of; `unseen` is the part of rows kept from the search."""

    value: float
    error: float | None
    of: str
    unseen: Estimate | None = None


@dataclass(frozen=True)
class LeftOut:
    """Rows, and the predictions of the winner for them by models that were trained without them."""

    rows: Table
    predictions: np.ndarray


@dataclass(frozen=True)
class Final:
    """What a search ends with: the winner, its loss over the folds with its error, the estimate, the model, and what it predicts of left-out rows."""

    winner: Winner
    loss: float
    error: float | None
    estimate: Estimate
    model: Model
    left_out: LeftOut | None = None  # None where nothing was predicted but by models of a part of the first fold
    others: Mapping[int, Mapping[str, float]] = field(default_factory=dict)  # further figures of candidates, by number and key

    @property
    def is_validated(self) -> bool:
        """Return whether the winner was validated on all folds, or estimated on rows kept from the search."""
        return self.left_out is not None


def finished(problem: Problem, history: History, trials: Sequence[Trial], left: TimeLeft) -> Final:
    """Return the final model.

    Args:
        problem: What was searched for.
        history: What was tried.
        trials: The trials.
        left: The seconds that are left; those that storing the model takes are kept.
    """
    pool = history.pool(MOST_MODELS)
    if not pool:
        return _unvalidated(problem, history, trials, left)
    blobs = {trial.item.content["candidate"]: trial.result for trial in trials if trial.result and trial.item.content["share"] == ALL}
    predictions = [predictions_in(result.blob()) for each in pool if (result := blobs[each.number])]
    progress(1, STAGES, "choosing the blend")
    winner = _chosen(problem, pool, predictions, left)
    mine = [predictions[list(pool).index(member)] for member in winner.members]
    together = blended(mine, dict(enumerate(winner.weights)))
    winner = replace(winner, threshold=problem.judge.threshold_of(problem.rows, together))
    losses = [
        problem.judge.loss_of(fold.test, together[part], winner.threshold) for fold, part in zip(problem.folds, problem.parts, strict=True)
    ]
    error = _spread(losses) if len(losses) > 1 else problem.judge.error(problem.rows, together, winner.threshold)
    estimate, model, kept = _trained(problem, winner, lambda: _left_out(problem, predictions, left), left)
    order = np.argsort(problem.rows, kind="stable")  # fold by fold, as in the table
    return Final(winner, fmean(losses), error, estimate, model, kept or LeftOut(_rows(problem, problem.rows[order]), together[order]))


def _rows(problem: Problem, places: np.ndarray) -> Table:
    return problem.known.with_frame(problem.known.frame[places])


def _unvalidated(problem: Problem, history: History, trials: Sequence[Trial], left: TimeLeft) -> Final:
    """The best candidate of the first fold, where the time did not suffice for all folds."""
    best = history.first
    assert best is not None, "the search has a candidate that ended"
    run = max((run for run in best.runs.values() if run.loss is not None), key=lambda run: run.size)
    mine = [trial.result.figures or {} for trial in trials if trial.result and trial.item.content["candidate"] == best.number]
    threshold = next((each["threshold"] for each in reversed(mine) if each.get("loss") == run.loss and "threshold" in each), None)
    winner, loss = Winner([best], [1], threshold), float(run.loss or 0.0)
    log("The search ended before a model was validated on all folds; the winner is the best one of the first fold.", "warning")
    alone = Estimate(problem.judge.value(loss), None, "the rows of the first fold, which also chose the model")
    estimate, model, kept = _trained(problem, winner, lambda: alone, left)
    return Final(winner, loss, None, estimate, model, kept)


def seconds_of(member: Candidate, problem: Problem) -> float:
    """Return the seconds that training a candidate on all rows is likely to take."""
    return slower(problem) * member.runs[ALL].fit


def slower(problem: Problem) -> float:
    """Return how much longer a training on all rows takes than one on the rows of a fold."""
    return SLOWER * problem.everything.frame.height / max(float(np.mean([len(fold.train) for fold in problem.folds])), 1.0)


def _chosen(problem: Problem, pool: Sequence[Candidate], predictions: Sequence[np.ndarray], left: TimeLeft) -> Winner:
    """The blend whose members can be trained twice in the time left; without the lightest ones where it cannot."""
    parts, loss = _judged(problem)
    each = _cost(loss, parts, predictions)
    spare = left() - trainings(problem) * side_by_side([seconds_of(candidate, problem) for candidate in pool[:ENSEMBLE]])
    most = int(max(CHOOSING * left(), OF_SPARE * spare) / max(each * (PICKS + FEW_PICKS * len(parts)), 1e-9))
    models = max(1, min(len(predictions), most))
    weights = chosen_weights(predictions[:models], parts, loss, apart=_apart(problem))
    ordered = sorted(weights, key=lambda place: (-weights[place], place))
    while len(ordered) > 1 and trainings(problem) * side_by_side([seconds_of(pool[place], problem) for place in ordered]) > 0.9 * left():
        ordered.pop()
    if len(ordered) < len(weights):
        log("Some models were left out of the blend, since training them takes longer than the time that is left.", "warning")
    if len(ordered) == 1 and ordered != [0]:
        ordered = [0] if trainings(problem) * seconds_of(pool[0], problem) <= left() else ordered
    return Winner([pool[place] for place in ordered], [weights.get(place, 1) for place in ordered])


def _judged(problem: Problem) -> tuple[list[np.ndarray], Callable[[np.ndarray, np.ndarray], float]]:
    """The places that choose the weights, at most so many, and their loss."""
    rows = problem.rows
    step = max(1, len(rows) // MOST_JUDGED)
    return [part[::step] for part in problem.parts], lambda places, found: problem.judge.loss_of(rows[places], found)


def _apart(problem: Problem) -> Apart:
    """The loss of rows, at a threshold that others choose where the metric depends on one."""
    judge, rows = problem.judge, problem.rows

    def apart(others: np.ndarray, part: np.ndarray, found: np.ndarray) -> float:
        return judge.loss_of(rows[part], found[part], judge.threshold_of(rows[others], found[others]))

    return apart


def _cost(loss: Callable[[np.ndarray, np.ndarray], float], parts: Sequence[np.ndarray], predictions: Sequence[np.ndarray]) -> float:
    """The seconds that the loss of all rows takes; the first time it also imports what it needs."""
    found = predictions[0].astype(float)
    loss(parts[0], found[parts[0]])
    started = time.perf_counter()
    for part in parts:
        loss(part, found[part])
    return time.perf_counter() - started


def trainings(problem: Problem) -> int:
    """Return how often the winner is trained: for the estimate and for the model, or for both at once."""
    return 2 if problem.is_split else 1


def _trained(problem: Problem, winner: Winner, of_folds: Callable[[], Estimate], left: TimeLeft) -> tuple[Estimate, Model, LeftOut | None]:
    """The estimate, the model, and what was predicted of the rows kept from the search, where there are some."""
    progress(2, STAGES, "training the winner")
    started = time.perf_counter()
    model, of = _model_of(problem.known, problem, winner), problem.known
    took = time.perf_counter() - started
    if problem.kept is None:
        return of_folds(), _explained(model, of, problem, winner, left), None
    judge = problem.judge_of(problem.kept)
    rows = np.flatnonzero(judge.truth >= 0) if judge.classes else np.arange(len(judge.truth))
    found = predicted_by(model, problem, problem.kept.frame)[rows]
    unseen = _unseen(judge, rows, found, winner.threshold)
    estimate = unseen or of_folds()
    if unseen and problem.is_split and len(problem.folds) > 1 and (folds := of_folds()).error is not None:
        estimate = _together(folds, unseen, len(problem.rows), len(rows))
    kept = LeftOut(problem.kept.with_frame(problem.kept.frame[rows]), found)
    if problem.is_split and SLOWER * took <= left():
        model, of = _model_of(problem.everything, problem, winner), problem.everything
    elif problem.is_split:
        log("The model is that of the estimate, trained without the kept rows: the time does not suffice for another training.", "warning")
    return estimate, _explained(model, of, problem, winner, left), kept


def _unseen(judge: Judge, rows: np.ndarray, predictions: np.ndarray, threshold: float | None) -> Estimate | None:
    """The estimate of rows that the search never saw; None, which is said, where the metric has no value of their predictions."""
    value = judge.value_of(rows, predictions, threshold)
    if value is None:
        words = f"{judge.metric.title} has no value for the predictions of the {len(rows):,} rows that the search never saw. {why_undefined(judge.metric.key)}"
        log(f"{words.rstrip()} So the estimate is of the rows of the search.", "warning")
        return None
    return Estimate(value, judge.error(rows, predictions, threshold), f"{len(rows):,} rows that the search never saw")


def _together(folds: Estimate, unseen: Estimate, many: int, few: int) -> Estimate:
    """Return the mean of two estimates by their rows: that of the rows never seen alone has a large standard error, since they are few."""
    value = (many * folds.value + few * unseen.value) / (many + few)
    known = folds.error is not None and unseen.error is not None
    error = float(np.hypot(many * (folds.error or 0.0), few * (unseen.error or 0.0))) / (many + few) if known else None
    return Estimate(value, error, f"{folds.of}, and {unseen.of}", unseen)


def _model_of(rows: Table, problem: Problem, winner: Winner) -> Model:
    """The model of rows, as Train Model trains it."""
    with reporting_to(Lines()), threads(1):  # what Train Model would say of columns, the guardrails say
        chosen = choose_features(rows, problem.label)
        return trained(winner.untrained(), problem, rows, chosen, feature_frame(rows.frame, chosen.features))


def _explained(model: Model, rows: Table, problem: Problem, winner: Winner, left: TimeLeft) -> Model:
    """A model of rows with the report of Train Model, explained as far as the time suffices."""
    left.keep(_seconds_to_store(model))
    progress(3, STAGES, "explaining the winner")
    with reporting_to(Lines()):
        chosen = choose_features(rows, problem.label)
    frame, y = feature_frame(rows.frame, chosen.features), problem.task.target(rows.frame[problem.label])
    with threads(1):
        repeats = None if left.is_used_up else REPEATS
        found = explain(model, families()[winner.untrained().family], frame, y, EXPLAINING * left(), repeats)
    with reporting_to(Lines()):
        return replace(model, report=training_report(model, frame, chosen, found))


def _seconds_to_store(model: Model) -> float:
    """How long the engine will take to store a model: a forest takes longer than a prediction of it."""
    started = time.perf_counter()
    save_model(model, BytesIO())
    return time.perf_counter() - started


def _left_out(problem: Problem, predictions: Sequence[np.ndarray], left: TimeLeft) -> Estimate:
    """The estimate of few rows: of each fold by a blend that the others chose, so that the choice among many models does not flatter it."""
    parts, loss = _judged(problem)
    judge = problem.judge
    if len(parts) == 1:
        alone = predictions[0].astype(float)
        return Estimate(
            judge.value(loss(parts[0], alone[parts[0]])),
            judge.error(problem.rows, alone),
            "the rows of the fold, which also chose the model",
        )
    each = _cost(loss, parts, predictions)
    models = max(1, min(len(predictions), int(CHOOSING * left() / max(each * FEW_PICKS * len(parts), 1e-9))))
    losses = left_out_losses(predictions[:models], parts, loss, apart=_apart(problem))
    what = "a blend" if problem.judge.aim is None else "a blend and a threshold"
    of = f"rows left out fold by fold, each by {what} that the other folds chose"
    return Estimate(judge.value(float(np.mean(losses))), _spread(losses), of)


def _spread(losses: Sequence[float]) -> float:
    return float(np.std(losses, ddof=1) / len(losses) ** 0.5)
