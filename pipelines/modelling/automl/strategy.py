"""What a search tries next: a pure function of what it has tried and of the seconds that are left.

Starts race over rows: all on a part of the first fold, the best on four times as many. What is good on the whole first fold is validated on all folds.
Then local search moves around the best settings of the two best learners (after Q. Wu, C. Wang, S. Huang, "Frugal Optimization for Cost-related
Hyperparameters", AAAI 2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from pipelines.catalogue.items import Item, Trial
from pipelines.modelling.automl.history import ALL, Candidate, History
from pipelines.modelling.automl.portfolio import Learner, Start

FACTOR = 4
FEWEST_RACING = 1_000  # rows of the smallest part that says something
CHEAP = 0.15  # the share of the time left that may go into trying all starts on all rows
TASTE = 600  # rows on which the seconds of a learner that does not stop in time are measured
DEAR = 0.1  # the share of all seconds that one start may take
EARLY = 0.6  # the share of the seconds that is left when something must be validated on all folds
SAME_FAILURES = 10
STEPS = (0.3, 0.2, 0.12, 0.07)  # of local search, in parts of a range; each after so many tries without a gain
TRIES = 5


@dataclass(frozen=True)
class Limits:
    """When a search ends: seconds, candidates, a score that suffices (as a loss), and candidates without a gain; None for no limit."""

    seconds: float
    candidates: int | None = None
    target: float | None = None
    patience: int | None = 80


@dataclass(frozen=True)
class Search:
    """A search for the best settings.

    Args:
        starts: Where it starts.
        rows: How many rows a fold is trained on.
        folds: How many folds there are.
        limits: When it ends.
        reserve: The seconds kept for the end beside those that `left` counts.
        seed: The seed of local search.
    """

    starts: Sequence[Start]
    rows: int
    folds: int
    limits: Limits
    reserve: float
    seed: int = 0

    def ask(self, trials: Sequence[Trial], left: float | None) -> Item | None:
        """Return the next trial; None if there is none before one that is executed ends, or the search is over."""
        history = History.of(trials)
        remaining = self.limits.seconds if left is None else left
        if self.ending(history):
            return None
        for candidate, rows in self._wanted(history, remaining):
            if self._ends_in_time(history, candidate, rows, remaining):
                return candidate.item(rows)
        return None

    def ending(self, history: History) -> str:
        """Return why the search is over, in a sentence; empty if it is not, or only because the time is."""
        best = history.best
        if best and self.limits.target is not None and best.loss <= self.limits.target:
            return "The score that suffices was reached."
        code = history.only_failures(SAME_FAILURES)
        if code and not history.done:
            return f"{SAME_FAILURES} trials in a row failed with the same error: {code}."
        if best and self.limits.patience is not None and history.since(best) >= self.limits.patience:
            return f"{self.limits.patience} candidates brought no gain."
        return ""

    def ended(self, history: History) -> str:
        """Return why a search that is over has ended, in a sentence."""
        full = self._is_full(history) and f"{self.limits.candidates:,} candidates were tried."
        return self.ending(history) or full or "The time was over."

    def _is_full(self, history: History) -> bool:
        return self.limits.candidates is not None and len(history.candidates) >= self.limits.candidates

    @cached_property
    def shares(self) -> list[float]:
        """The parts of the rows that starts race over, the last one all rows."""
        found = [1.0]
        while len(found) < 3 and found[0] / FACTOR * self.rows >= FEWEST_RACING:
            found.insert(0, found[0] / FACTOR)
        return found

    def _wanted(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """What to try, the best idea first: a candidate and the share of the rows of the first fold, or ALL folds."""
        if not history.done and len(history.ranked(1.0)) > 1 and left < EARLY * self.limits.seconds:
            return [*self._validations(history, left), *self._raced(history)]
        number, first = len(history.candidates), self._first_share(history, left)
        tasted = [
            (candidate, first)
            for candidate in history.candidates[: len(self.starts)]
            if not candidate.was_started(first) and candidate.only_tasted(first)
        ]
        if number < len(self.starts) and not self._is_full(history):
            fresh = self._start(number)
            taste = self._taste(fresh, history) or first
            return [*self._affordable(history, tasted), (fresh, min(taste, first)), *self._validations(history, left)]
        raced = [*self._affordable(history, tasted), *self._raced(history)]
        if not history.done and len(history.ranked(1.0)) > 1:  # a result of all folds is wanted early, whatever comes after
            return [*self._validations(history, left), *raced]
        moves = [] if raced or self._is_racing(history) or self._is_full(history) else self._moves(history)
        return [*raced, *self._validations(history, left), *moves]

    def _taste(self, candidate: Candidate, history: History) -> float | None:
        """A small share of rows where nobody knows how long a learner takes that cannot be stopped."""
        if self.starts[candidate.number].learner.stops_in_time or history.is_known(candidate.learner) or self.rows < 2 * TASTE:
            return None
        return TASTE / self.rows

    def _affordable(self, history: History, wanted: list[tuple[Candidate, float]]) -> list[tuple[Candidate, float]]:
        return [(each, share) for each, share in wanted if history.predicted(each, share, self.folds) < DEAR * self.limits.seconds]

    def _start(self, number: int) -> Candidate:
        start = self.starts[number]
        return Candidate(number, start.learner.name, start.module, start.settings, start.learner.stops)

    def _first_share(self, history: History, left: float) -> float:
        """All rows where trying every start on them costs little, or is all that is needed."""
        known = [run for run in history.runs if run.share in self.shares and run.seconds]
        if len(known) < 2:
            return self.shares[0]
        whole = sum(run.seconds / run.share for run in known) / len(known) * len(self.starts)
        return 1.0 if whole < CHEAP * left else self.shares[0]

    def _raced(self, history: History) -> list[tuple[Candidate, float]]:
        """The best third of those on a part of the rows, for the next larger part."""
        for small, large in zip(self.shares, self.shares[1:], strict=False):
            ranked = history.ranked(small, starts=len(self.starts))
            best = ranked[: max(3, -(-len(ranked) // 3))]
            if fresh := [(candidate, large) for candidate in best if not candidate.was_started(large) and not candidate.was_started(1.0)]:
                return fresh
        return []

    def _is_racing(self, history: History) -> bool:
        return any(run.running and run.share < 1 for run in history.runs)

    def _validations(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """Candidates that are good on the first fold, or the best of their learner where that costs little: on all folds. The best come first."""
        ranked = history.ranked(1.0)
        few = max(3, len(ranked) // 6)
        first: dict[str, Candidate] = {}
        for candidate in ranked:
            first.setdefault(candidate.learner, candidate)
        best = ranked[:few]
        others = [each for each in first.values() if history.predicted(each, ALL, self.folds) < DEAR * left]
        return [(candidate, ALL) for candidate in dict.fromkeys([*best, *others]) if not candidate.was_started(ALL)]

    def _moves(self, history: History) -> list[tuple[Candidate, float]]:
        """A step from the best settings of one of the two best learners: two of three go to the best."""
        found = [(learner, base) for base in history.best_by_learner() if (learner := self._learner(base.learner)).spans][:2]
        if not found:
            return []
        number = len(history.candidates)
        draw = Random(f"{self.seed}:{number}")
        learner, base = found[-1 if number % 3 == 2 else 0]
        settings = _moved(learner, base.settings, history.without_gain(base.learner), draw)
        if any(known.settings == settings for known in history.candidates):
            return []
        return [(Candidate(number, base.learner, base.module, settings, base.stops), 1.0)]

    def _learner(self, name: str) -> Learner:
        return next(start.learner for start in self.starts if start.learner.name == name)

    def _ends_in_time(self, history: History, candidate: Candidate, share: float, left: float) -> bool:
        """Whether a trial ends, and the best candidates can still be trained on all rows twice: for the estimate and for the model."""
        needed = history.predicted(candidate, share, self.folds)
        one = history.predicted(candidate, 1.0, self.folds) if share in (1.0, ALL) else 0.0
        final = 2.5 * min(max(history.final_seconds(), one), 0.3 * self.limits.seconds)
        return needed + max(0.0, final - self.reserve) < left


def _moved(learner: Learner, base: Mapping[str, Any], tries: int, draw: Random) -> dict[str, Any]:
    """Settings a step away; a shorter step after each few tries without a gain, and anywhere after the shortest."""
    turn = tries // TRIES
    settings = dict(base)
    for name, span in learner.spans.items():
        if turn >= len(STEPS) and draw.random() < 0.5:
            settings[name] = span.at(draw.random())
        elif name in base or draw.random() < 0.5:
            place = span.place(base[name]) if base.get(name) is not None else 0.5
            settings[name] = span.at(place + draw.gauss(0, STEPS[turn % len(STEPS)]))
    return settings
