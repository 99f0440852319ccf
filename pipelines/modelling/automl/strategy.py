"""What a search tries next: a pure function of what it has tried and of the seconds that are left.

Where that costs little, every start is validated on all folds. Else starts race over rows: all on a part of the first fold, the best on four times
as many, and what is good there on all folds. Then local search moves around the best settings of the two best learners (after Q. Wu, C. Wang,
S. Huang, "Frugal Optimization for Cost-related Hyperparameters", AAAI 2021); a move that is clearly worse than its start is given up between folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from pipelines.catalogue.items import Item, Trial
from pipelines.catalogue.params import LARGEST_SEED
from pipelines.modelling.automl.history import ALL, Candidate, History, size_of
from pipelines.modelling.automl.portfolio import STACKED, STACKING, STACKING_FOLDS, Learner, Start

TIME_OVER = "The time was over."
FACTOR = 4
FEWEST_RACING = 1_000  # rows of the smallest part that says something
CHEAP = 0.4  # the share of the time left that may go into trying all starts on all folds
LATE = 2  # the share, counted from the end, with which large starts enter
MOST_SHARES = 3  # parts of the rows that starts race over
FOR_FINAL = 0.3  # the share of all seconds that the final training may take at most
TASTE = 600  # rows on which the seconds of a learner that does not stop in time are measured
LONGEST = 0.15  # the share of all seconds in which a booster grows trees on all folds
SPARE = 0.25  # what a trial takes beside its trees, as a share of them
DEAR = 0.1  # the share of all seconds that one start may take
EARLY = 0.6  # the share of the seconds that is left when something must be validated on all folds
SAME_FAILURES = 10
STACKED_LEARNERS = 3  # whose best candidates are stacked
FEWEST_STACKED = 750  # rows from which on a stack learns more than chance
MOVES_BEFORE = 8  # a stack is of candidates that local search has tried to better
STACK_COST = 0.2  # the share of all seconds that it may take
STEPS = (0.3, 0.2, 0.12, 0.07)  # of local search, in parts of a range; each after so many tries without a gain
TRIES = 5
SWITCHED = 0.15  # how likely a move turns a switch


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
        trainings: How long the training of models on all rows takes at the end, as a multiple of the seconds of the fits of their folds.
        seed: The seed of local search.
        stacking: The learner that stacks candidates, if it may be used.
    """

    starts: Sequence[Start]
    rows: int
    folds: int
    limits: Limits
    reserve: float
    trainings: float = 2.5
    seed: int = 0
    stacking: Learner | None = None

    def ask(self, trials: Sequence[Trial], left: float | None) -> Item | None:
        """Return the next trial; None if there is none before one that is executed ends, or the search is over."""
        history = History.of(trials)
        remaining = self.limits.seconds if left is None else left
        if self.ending(history):
            return None
        for candidate, rows in self._wanted(history, remaining):
            if self._ends_in_time(history, candidate, rows, remaining):
                return candidate.item(rows, LONGEST * self.limits.seconds / self.folds, self._to_beat(history, candidate))
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
        return self.ending(history) or full or TIME_OVER

    def _is_full(self, history: History) -> bool:
        return self.limits.candidates is not None and len(history.candidates) >= self.limits.candidates

    @cached_property
    def shares(self) -> list[float]:
        """The parts of the rows of the first fold that starts race over, then ALL."""
        found = [ALL]
        while len(found) <= MOST_SHARES and min(found[0] or 1.0, 1.0) / FACTOR * self.rows >= FEWEST_RACING:
            found.insert(0, (found[0] or 1.0) / FACTOR)
        return found

    def _wanted(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """What to try, the best idea first: a candidate and the share of the rows of the first fold, or ALL folds."""
        first = self._first_share(history, left)
        tasted = [(each, first) for each in history.candidates if not each.was_started(first) and each.only_tasted(first)]
        known = [*self._affordable(history, tasted, left), *self._raced(history, left)]
        if not history.done and left < EARLY * self.limits.seconds:  # a result of all folds is wanted early, whatever comes after
            known.sort(key=lambda wanted: wanted[1] != ALL)
            known = [*self._validation(history), *known]
        if self._is_full(history):
            return known
        fresh = [(each, min(self._taste(each, history), self._entry(each, first), key=size_of)) for each in self._waiting(history)]
        return [
            *known,
            *fresh,
            *([] if self._is_racing(history) else [*self._stack(history), *self._moves(history), *self._others(history)]),
        ]

    def _entry(self, candidate: Candidate, first: float) -> float:
        """The share with which a start begins: of large ones the last but one, since they are worse on few rows whatever they are worth on all."""
        large = any(start.is_large for start in self._starts_like(candidate))
        return max(first, self.shares[max(len(self.shares) - LATE, 0)], key=size_of) if large else first

    def _taste(self, candidate: Candidate, history: History) -> float:
        """A small share of rows where nobody knows how long a learner takes that cannot be stopped."""
        known = self._learner(candidate.learner).stops_in_time or history.is_known(candidate.learner) or self.rows < 2 * TASTE
        return ALL if known else TASTE / self.rows

    def _affordable(self, history: History, wanted: list[tuple[Candidate, float]], left: float) -> list[tuple[Candidate, float]]:
        return [
            (each, share) for each, share in wanted if self._predicted(history, each, share) < DEAR * self._worker_seconds(history, left)
        ]

    def _goes_on(self, history: History, candidate: Candidate, share: float, left: float) -> bool:
        in_time = share == ALL and self._learner(candidate.learner).stops_in_time  # which is bounded
        return in_time or bool(self._affordable(history, [(candidate, share)], left))

    def _worker_seconds(self, history: History, left: float) -> float:
        """The seconds left of all workers, of which there are as many as have been busy at the same time on average."""
        elapsed = self.limits.seconds - self.reserve - left
        spent = sum(run.seconds for run in history.runs)
        return max(1.0, spent / elapsed if elapsed > 1 else 1.0) * left

    def _waiting(self, history: History) -> list[Candidate]:
        """The starts that were not begun; each would be the next candidate."""
        begun = [(each.module, each.settings) for each in history.candidates]
        waiting = [start for start in self.starts if (start.module, start.settings) not in begun]
        number = len(history.candidates)
        return [Candidate(number, start.learner.name, start.module, start.settings, start.learner.stops) for start in waiting]

    def _starts_like(self, candidate: Candidate) -> list[Start]:
        return [start for start in self.starts if (start.module, start.settings) == (candidate.module, candidate.settings)]

    def _first_share(self, history: History, left: float) -> float:
        """All folds where trying every start on them costs little, or is all that is needed."""
        begun = [each for each in history.candidates if self._starts_like(each) and any(run.seconds for run in each.runs.values())]
        if len(begun) < 2:
            return self.shares[0]
        mean = sum(self._predicted(history, each, ALL) for each in begun) / len(begun)
        waiting = len(self.starts) - sum(ALL in each.runs for each in begun)
        return ALL if mean * waiting < CHEAP * self._worker_seconds(history, left) else self.shares[0]

    def _raced(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """The best third of those on a part of the rows, for the next larger part; on all folds also the best of each learner where that costs little."""
        for small, large in zip(self.shares, self.shares[1:], strict=False):
            ranked = history.ranked(small)
            if large != ALL and any(not history.is_known(each.learner) for each in self._waiting(history)):
                continue  # the others are not known yet
            best = ranked[: max(3, -(-len(ranked) // 3))]
            best = [each for each in best if self._goes_on(history, each, large, left)] or best[:1]  # a slow one only where all are
            if large == ALL:
                first: dict[str, Candidate] = {}
                for candidate in ranked:
                    first.setdefault(candidate.learner, candidate)
                others = [(candidate, ALL) for candidate in first.values() if candidate not in best]
                best += [candidate for candidate, _ in self._affordable(history, others, left)]
            if fresh := [
                (candidate, large) for candidate in best if not any(run.size >= size_of(large) for run in candidate.runs.values())
            ]:
                return fresh
        return []

    def _others(self, history: History) -> list[tuple[Candidate, float]]:
        """What lost the race, on all folds where the time suffices for nothing better; learners that the blend does not have come first."""
        done = {each.learner for each in history.done}
        lost = [
            each for each in history.candidates if not each.was_started(ALL) and any(run.loss is not None for run in each.runs.values())
        ]
        return [(each, ALL) for each in sorted(lost, key=lambda each: (each.learner in done, each.number))]

    def _validation(self, history: History) -> list[tuple[Candidate, float]]:
        """The best one so far, on all folds."""
        best = history.first
        return [(best, ALL)] if best and not best.was_started(ALL) else []

    def _is_racing(self, history: History) -> bool:
        return any(run.running and run.share != ALL for run in history.runs)

    def _stack(self, history: History) -> list[tuple[Candidate, float]]:
        """A stack of the best candidates of the best learners, once: where there are rows to learn it from, and its many trainings take little of the time."""
        members, number = history.best_by_learner()[:STACKED_LEARNERS], len(history.candidates)
        if self.stacking is None or self.rows < FEWEST_STACKED or len(members) < 2 or number < len(self.starts) + MOVES_BEFORE:
            return []
        if any(each.learner == STACKING for each in history.candidates):
            return []
        stacked = [{"name": each.name, "module": each.module, "settings": each.final_settings()} for each in members]
        module = next(iter(self.stacking.module.values()))
        candidate = Candidate(number, STACKING, module, {"folds": STACKING_FOLDS, STACKED: stacked}, stops=False)
        return [(candidate, ALL)] if self._predicted(history, candidate, ALL) < STACK_COST * self.limits.seconds else []

    def _moves(self, history: History) -> list[tuple[Candidate, float]]:
        """A step from the best settings of a learner: two of three of the best one, else of the second; of the others where the time suffices for none else."""
        found = [(learner, base) for base in history.best_by_learner() if (learner := self._learner(base.learner)).spans]
        number = len(history.candidates)
        if number % 3 == 2:
            found[:2] = found[1::-1]
        return [(move, ALL) for learner, base in found if (move := self._move(history, learner, base))]

    def _move(self, history: History, learner: Learner, base: Candidate) -> Candidate | None:
        """Settings near those of a candidate, with a seed of their own; None where they were tried."""
        number = len(history.candidates)
        settings = _moved(learner, base.settings, history.without_gain(base.learner), Random(f"{self.seed}:{number}"))
        if "seed" in settings:
            settings["seed"] = (self.seed + number) % LARGEST_SEED
        if any(known.settings == settings for known in history.candidates):
            return None
        return Candidate(number, base.learner, base.module, settings, base.stops)

    def _to_beat(self, history: History, candidate: Candidate) -> Sequence[float]:
        """The losses of the best one of the same learner by fold, for a move; starts are always validated on all folds, for the blend."""
        if self._starts_like(candidate):
            return ()
        return next((each.runs[ALL].losses for each in history.done if each.learner == candidate.learner), ())

    def _learner(self, name: str) -> Learner:
        return next(each for each in (*(start.learner for start in self.starts), self.stacking) if each and each.name == name)

    def _predicted(self, history: History, candidate: Candidate, share: float) -> float:
        """The seconds that a trial is likely to take, of a booster no more than it may grow trees."""
        if names := [each["name"] for each in candidate.settings.get(STACKED, ())]:
            fits = sum(each.runs[ALL].fit for each in history.done if each.name in names)
            return 1.1 * self.folds * (STACKING_FOLDS + 1) * fits
        most = (1 + SPARE) * LONGEST * self.limits.seconds if candidate.stops else float("inf")
        return min(history.predicted(candidate, share, self.folds), most)

    def _ends_in_time(self, history: History, candidate: Candidate, share: float, left: float) -> bool:
        """Whether a trial ends, and the best candidates can still be trained on all rows."""
        needed = self._predicted(history, candidate, share)
        one = self._predicted(history, candidate, ALL) / self.folds if share == ALL else 0.0
        return needed + min(self.trainings * max(history.final_seconds(), one), FOR_FINAL * self.limits.seconds) < left


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
    for name, values in learner.switches.items():
        if draw.random() < SWITCHED:
            settings[name] = draw.choice([value for value in values if value != base.get(name, values[0])])
    return settings
