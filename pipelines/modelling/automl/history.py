"""What a search has tried: its candidates, derived from the trials whenever it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from statistics import median
from typing import Any

from pipelines.catalogue.items import Item, Trial

ALL = 0.0  # in place of a share of rows: all folds, on all rows
ENSEMBLE = 6  # as many of the best are counted on to be trained at the end
BRANDS = {"catboost": "CatBoost", "xgboost": "XGBoost"}


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
        return bool(self.runs) and all(run.loss is not None and 0 < run.share < share for run in self.runs.values()) and len(self.runs) == 1

    @property
    def name(self) -> str:
        """Return its name for people, such as “Boosted trees 2”: the number counts all candidates of a search."""
        return f"{learner_title(self.learner)} {self.number + 1}"

    @property
    def trees(self) -> int | None:
        """Return the number of trees that early stopping found on the first fold, on as many rows as were tried."""
        known = [run for run in self.runs.values() if run.trees]
        return max(known, key=lambda run: run.share).trees if known else None

    @property
    def loss(self) -> float:
        """Return its loss over all folds; infinite without one."""
        run = self.runs.get(ALL)
        return run.loss if run and run.loss is not None else float("inf")

    @property
    def predict(self) -> float:
        """Return the seconds that the prediction of a row takes."""
        return self.runs[ALL].predict if ALL in self.runs else 0.0

    def final_settings(self) -> dict[str, Any]:
        """Return the settings with which it is trained, with the number of trees that was found."""
        return {**self.settings, **({"trees": self.trees} if self.stops and self.trees else {})}

    def item(self, share: float) -> Item:
        """Return the trial of this candidate on a share of rows."""
        where = "all folds" if share == ALL else "first fold" if share == 1 else f"{_percent(share)} of the first fold"
        whole = share == ALL
        content = {
            "candidate": self.number,
            "learner": self.learner,
            "module": self.module,
            "settings": dict(self.settings),
            "stops": self.stops,
            "share": share,
            "trees": self.trees if whole else None,
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
        """Return the best one on the first fold, on as many rows as were tried: for a time in which nothing was validated on all folds."""
        largest = max((run.share for run in self.runs if run.loss is not None), default=None)
        return None if largest is None else self.ranked(largest)[0]

    def is_known(self, learner: str) -> bool:
        """Return whether it is known how long a learner takes."""
        return any(run.seconds for each in self.candidates if each.learner == learner for run in each.runs.values())

    @property
    def best(self) -> Candidate | None:
        """Return the best of them."""
        return next(iter(self.done), None)

    def ranked(self, share: float, starts: int | None = None) -> list[Candidate]:
        """Return the candidates with a loss on a share of rows, best first; of the first so many only."""
        known = [each for each in self.candidates[:starts] if share in each.runs and each.runs[share].loss is not None]
        return sorted(known, key=lambda each: (each.runs[share].loss, each.number))

    def best_by_learner(self) -> list[Candidate]:
        """Return the best candidate of each learner on the first fold, which more candidates were tried on than on all; best first."""
        found: dict[str, Candidate] = {}
        for candidate in self.ranked(1.0):
            found.setdefault(candidate.learner, candidate)
        return list(found.values())

    def since(self, best: Candidate) -> int:
        """Return how many candidates were tried after the best one."""
        return sum(each.number > best.number for each in self.candidates)

    def without_gain(self, learner: str) -> int:
        """Return how many candidates of a learner were tried since its best on the first fold."""
        mine = [each for each in self.candidates if each.learner == learner and 1.0 in each.runs]
        best = next((each.number for each in self.ranked(1.0) if each.learner == learner), 0)
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
        """Return the seconds that training the best few on all rows takes once."""
        runs = [each.runs[ALL] for each in self.done[:ENSEMBLE]]
        return sum(run.seconds for run in runs) / max(_folds(self), 1)


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share >= 0.001 else f"{share:.2g}"


def _folds(history: History) -> int:
    told = [trial.result.figures["folds"] for trial in history.started if trial.result and trial.result.figures]
    return max(told, default=1)


def _scaled(runs: Iterable[Run], share: float, folds: int) -> list[float]:
    """The seconds of runs, as if on another share of rows, least alike first."""
    known = sorted((run for run in runs if not run.running and run.seconds), key=lambda run: run.share or 2.0)
    return [run.seconds * (folds if share == ALL else share) / (folds if run.share == ALL else run.share) for run in known]


def _run(share: float, trial: Trial) -> Run:
    if trial.result is None:
        return Run(share, running=True)
    if trial.result.failure or not trial.result.figures:
        return Run(share, False, trial.result.seconds, code=trial.result.failure.code if trial.result.failure else "no_value")
    told = trial.result.figures
    return Run(share, False, trial.result.seconds, told["loss"], told.get("trees"), predict=told.get("predict", 0.0))
