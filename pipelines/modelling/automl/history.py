"""What a search has tried: its candidates, derived from the trials whenever it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from statistics import median
from typing import Any

import polars as pl

from pipelines.catalogue.items import Item, Trial

BEAT, MOST_SECONDS = "~beat", "~most_seconds"  # they may end a trial early, whose value is then of use to its search only
ALL = 0.0  # in place of a share of rows: all folds, on all rows
ENSEMBLE = 4  # as many of the best are counted on to be trained at the end
OF_EACH = 3  # candidates of each learner that a blend may always have
OUT_OF_TIME = ("time_over", "no_time_left", "trial_too_long")  # failures of trials that more seconds help with
BRANDS = {"catboost": "CatBoost", "xgboost": "XGBoost", "arima": "ARIMA"}


def learner_title(learner: str) -> str:
    """Return the name of a learner for people, such as “Boosted trees”."""
    return BRANDS.get(learner, learner.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Run:
    """A candidate on a share of the first fold's rows, or ALL for all folds."""

    share: float
    running: bool
    seconds: float = 0.0
    loss: float | None = None  # None: it failed, or is still running
    trees: int | None = None
    code: str = ""
    predict: float = 0.0  # seconds of a prediction
    losses: tuple[float, ...] = ()  # of the folds
    done: int | None = None  # folds, where it was given up after so many
    fit: float = 0.0  # seconds of a training on the rows of a fold, with the trees that were found

    @property
    def size(self) -> float:
        """Return the share; more than any for all folds."""
        return size_of(self.share)


def size_of(share: float) -> float:
    """Return a number by which shares are ordered: all folds are more than all rows of the first."""
    return 2.0 if share == ALL else share


@dataclass(frozen=True, eq=False)
class Candidate:
    """A learner's module with settings, and its runs by share."""

    number: int
    learner: str
    module: str
    settings: Mapping[str, Any]
    stops: bool
    runs: dict[float, Run] = field(default_factory=dict)

    def was_started(self, share: float) -> bool:
        """Return whether there is a run of this share."""
        return share in self.runs

    def only_tasted(self, share: float) -> bool:
        """Return whether it has ended on fewer rows than any comparison is made on."""
        (run, *others) = self.runs.values()
        return not others and run.loss is not None and run.size < size_of(share)

    @property
    def name(self) -> str:
        """Return its name for people, such as “Boosted trees 2”: the number counts all candidates of a search."""
        return f"{learner_title(self.learner)} {self.number + 1}"

    @property
    def trees(self) -> int | None:
        """Return the number of trees with the lowest loss, over all folds or on as many rows as were tried."""
        known = [run for run in self.runs.values() if run.trees]
        return max(known, key=lambda run: run.size).trees if known else None

    @property
    def loss(self) -> float:
        """Return its loss over all folds; infinite without one."""
        run = self.runs.get(ALL)
        return run.loss if run and run.loss is not None else float("inf")

    @property
    def predict(self) -> float:
        """Return the seconds that the prediction of a row takes."""
        return self.runs[ALL].predict if ALL in self.runs else 0.0

    @property
    def state(self) -> str:
        """Return what came of it: `done` over all folds, `out of time`, `failed` with its code, or `stopped early`."""
        run = list(self.runs.values())[-1]
        if isfinite(self.loss):
            return "done"
        return "out of time" if run.code in OUT_OF_TIME else f"failed: {run.code}" if run.code else "stopped early"

    def final_settings(self) -> dict[str, Any]:
        """Return the settings with which it is trained, with the number of trees that was found."""
        return {**self.settings, **({"trees": self.trees} if self.stops and self.trees else {})}

    def item(self, share: float, most_seconds: float, beat: Sequence[float] = ()) -> Item:
        """Return the trial of this candidate on a share of rows or on all folds.

        Args:
            share: The share of the rows of the first fold, or ALL.
            most_seconds: After so many seconds of a fit it grows no more trees.
            beat: Losses of the folds; it is given up where they are clearly lower than its own.
        """
        where = "all folds" if share == ALL else "first fold" if share == 1 else f"{_percent(share)} of the first fold"
        content = {
            "candidate": self.number,
            "learner": self.learner,
            "module": self.module,
            "settings": dict(self.settings),
            "stops": self.stops,
            "share": share,
            **({MOST_SECONDS: most_seconds} if self.stops else {}),
            **({BEAT: list(beat)} if beat else {}),
        }
        return Item(f"{self.name}, {where}", content)


@dataclass(frozen=True)
class History:
    """The candidates of a search, in order, and its trials."""

    candidates: Sequence[Candidate]
    started: Sequence[Trial]

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> History:
        """Return what trials tell."""
        found: dict[int, Candidate] = {}
        for trial in trials:
            about = trial.item.content
            one = Candidate(about["candidate"], about["learner"], about["module"], about["settings"], about["stops"])
            found.setdefault(one.number, one).runs[about["share"]] = _run(about["share"], trial)
        return cls(list(found.values()), trials)

    @property
    def runs(self) -> list[Run]:
        """Return every run."""
        return [run for candidate in self.candidates for run in candidate.runs.values()]

    @property
    def done(self) -> list[Candidate]:
        """Return the candidates that were validated on all folds, best first."""
        return sorted((each for each in self.candidates if isfinite(each.loss)), key=lambda each: (each.loss, each.number))

    @property
    def first(self) -> Candidate | None:
        """Return the best one on as many rows as were tried: for a time in which nothing was validated on all folds."""
        largest = max((run for run in self.runs if run.loss is not None), key=lambda run: run.size, default=None)
        return None if largest is None else self.ranked(largest.share)[0]

    def is_known(self, learner: str) -> bool:
        """Return whether it is known how long a learner takes."""
        return any(run.seconds for each in self.candidates if each.learner == learner for run in each.runs.values())

    @property
    def best(self) -> Candidate | None:
        """Return the best of them."""
        return next(iter(self.done), None)

    def ranked(self, share: float) -> list[Candidate]:
        """Return the candidates with a loss on a share of rows, best first."""
        known = [each for each in self.candidates if share in each.runs and each.runs[share].loss is not None]
        return sorted(known, key=lambda each: (each.runs[share].loss, each.number))

    def best_by_learner(self) -> list[Candidate]:
        """Return the best candidate of each learner, best first."""
        found: dict[str, Candidate] = {}
        for candidate in self.done:
            found.setdefault(candidate.learner, candidate)
        return list(found.values())

    def since(self, best: Candidate) -> int:
        """Return how many candidates were tried after the best one."""
        return sum(each.number > best.number for each in self.candidates)

    def without_gain(self, learner: str) -> int:
        """Return how many candidates of a learner were tried since its best."""
        mine = [each for each in self.candidates if each.learner == learner and ALL in each.runs]
        best = next((each.number for each in self.done if each.learner == learner), 0)
        return sum(each.number > best for each in mine)

    def only_failures(self, many: int) -> str:
        """Return the code that the last so many trials failed with, if they all did with one."""
        codes = {trial.result.failure.code if trial.result and trial.result.failure else "" for trial in self.started[-many:]}
        return codes.pop() if len(codes) == 1 and len(self.started) >= many else ""

    def predicted(self, candidate: Candidate, share: float, folds: int) -> float:
        """Return the seconds that a trial is likely to take: as its own earlier ones, else as those of its learner, else nothing is known."""
        alike = [run for each in self.candidates if each.learner == candidate.learner for run in each.runs.values()]
        mine = _scaled(candidate.runs.values(), share, folds)
        return 1.1 * (mine[-1] if mine else median(known) if (known := _scaled(alike, share, folds)) else 0.0)

    def final_seconds(self) -> float:
        """Return the seconds that training the best few on the rows of a fold takes, as many at a time as there are threads."""
        return side_by_side([each.runs[ALL].fit for each in self.done[:ENSEMBLE]])

    def pool(self, most: int) -> list[Candidate]:
        """Return what a blend is chosen from, the best first: the best few of each learner, since models of one learner err alike, and the best of all."""
        few = [each for one in self.best_by_learner() for each in [other for other in self.done if other.learner == one.learner][:OF_EACH]]
        chosen = list(dict.fromkeys([*few, *self.done]))[:most]
        return sorted(chosen, key=lambda each: (each.loss, each.number))


def counted_trials(trials: Sequence[Trial]) -> str:
    """Return how many trials there were, how many of them failed, and for how many the time was too short."""
    codes = [trial.result.failure.code for trial in trials if trial.result and trial.result.failure]
    late = sum(code in OUT_OF_TIME for code in codes)
    return f"{len(trials):,}, of them {len(codes) - late:,} failed" + (f", {late:,} out of time" if late else "")


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share >= 0.001 else f"{share:.2g}"


def side_by_side(seconds: Sequence[float]) -> float:
    """Return the seconds in which trainings end that are executed as many at a time as there are threads."""
    return max(max(seconds, default=0.0), sum(seconds) / max(pl.thread_pool_size(), 1))


def _scaled(runs: Iterable[Run], share: float, folds: int) -> list[float]:
    """The seconds of runs, as if on another share of rows, least alike first."""
    known = sorted((run for run in runs if not run.running and run.seconds), key=lambda run: run.size)
    return [run.seconds * (folds if share == ALL else share) / ((run.done or folds) if run.share == ALL else run.share) for run in known]


def _run(share: float, trial: Trial) -> Run:
    if trial.result is None:
        return Run(share, running=True)
    if trial.result.failure or not trial.result.figures:
        return Run(share, False, trial.result.seconds, code=trial.result.failure.code if trial.result.failure else "no_value")
    told = trial.result.figures
    losses, done = tuple(told.get("losses", ())), told.get("stopped")
    return Run(
        share,
        False,
        trial.result.seconds,
        told.get("loss"),
        told.get("trees"),
        "",
        told.get("predict", 0.0),
        losses,
        done,
        told.get("fit", 0.0),
    )
