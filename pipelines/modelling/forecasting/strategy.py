"""What a search for the best forecast tries next: a pure function of what it has tried and of the seconds that are left.

Every start is tried in turn. Methods whose seconds are not known are tried on few series from the latest origin first, and go on to all series and
origins, the best first, as far as the time suffices. Then local search moves around the best settings of the two best regressions on lags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pipelines.catalogue.items import Item, Trial
from pipelines.modelling.automl.history import ALL, Candidate, History
from pipelines.modelling.automl.strategy import SAME_FAILURES, Limits
from pipelines.modelling.forecasting.portfolio import Group

FEW, SOME, SHARE = (
    8,
    64,
    1 / 16,
)  # series that methods are tried on first: those of each series; of a regression for all, which takes long to start, more
CHEAP = 0.5  # the share of the seconds left in which all that was tried on few series may go on to all
FOR_FINAL = 0.4  # the share of all seconds that the final training may take at most
DRAWS = 20
OVER = "The time was over."


@dataclass(frozen=True)
class ForecastSearch:
    """A search for the best method.

    Args:
        groups: The methods.
        series: How many series there are.
        origins: From how many origins a method is judged.
        limits: When it ends.
        trainings: From how many origins the winner forecasts at the end.
        seed: The seed of local search.
    """

    groups: Sequence[Group]
    series: int
    origins: int
    limits: Limits
    trainings: int
    seed: int = 0

    def first(self, group: Group) -> float:
        """Return the share of the series that methods are tried on first; ALL where they are quick or the series few."""
        few = max(SOME, round(SHARE * self.series)) if group.regressor else FEW
        return ALL if group.is_quick or self.series <= few else few / self.series

    def ask(self, trials: Sequence[Trial], left: float | None) -> Item | None:
        """Return the next trial; None if there is none before one that is executed ends, or the search is over."""
        history = History.of(trials)
        remaining = self.limits.seconds if left is None else left
        if self.ending(history):
            return None
        for candidate, share in self._wanted(history, remaining):
            if self._ends_in_time(history, candidate, share, remaining):
                return self._item(candidate, share)
        return None

    def ending(self, history: History) -> str:
        """Return why the search is over, in a sentence; empty if it is not, or only because the time is."""
        best, limits = history.best, self.limits
        if best and limits.target is not None and best.loss <= limits.target:
            return "The score that suffices was reached."
        code = history.only_failures(SAME_FAILURES)
        if code and not history.done:
            return f"{SAME_FAILURES} trials in a row failed with the same error: {code}."
        if best and limits.patience is not None and not self._waiting(history) and history.since(best) >= limits.patience:
            return f"{limits.patience} candidates brought no gain."
        return ""

    def ended(self, history: History) -> str:
        """Return why a search that is over has ended, in a sentence."""
        full = self._is_full(history) and f"{self.limits.candidates:,} candidates were tried."
        over = OVER if any(group.choices for group in self.groups) or self.untried(history) else "All methods were tried."
        return self.ending(history) or full or over

    def untried(self, history: History) -> int:
        """Return how many starts were not tried."""
        return len(self._waiting(history))

    def _is_full(self, history: History) -> bool:
        return self.limits.candidates is not None and len(history.candidates) >= self.limits.candidates

    def _wanted(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """What to try, the best idea first: a candidate, and a share of the series or ALL."""
        known = self._promoted(history, left)
        if self._is_full(history):
            return known
        waiting = [(each, self._first(each)) for each in self._waiting(history)]
        return [*waiting, *known, *((each, self._first(each)) for each in self._moves(history))]

    def _first(self, candidate: Candidate) -> float:
        return self.first(self._group(candidate))

    def _group(self, candidate: Candidate) -> Group:
        return next(group for group in self.groups if group.name == candidate.learner)

    def _waiting(self, history: History) -> list[Candidate]:
        """The starts that were not begun; each would be the next candidate."""
        begun = [(each.learner, each.settings) for each in history.candidates]
        found = []
        for turn in range(max(len(group.starts) for group in self.groups)):
            for group in self.groups:
                if turn < len(group.starts) and (group.name, group.starts[turn]) not in begun:
                    found.append(Candidate(len(history.candidates), group.name, group.module, group.starts[turn], False))
        return found

    def _promoted(self, history: History, left: float) -> list[tuple[Candidate, float]]:
        """Those that were tried on few series, for all: the best half of them where all take too long; regressions on many series first."""
        found: list[tuple[Candidate, float]] = []
        for share in sorted({share for group in self.groups if (share := self.first(group)) != ALL}, reverse=True):
            ranked = history.ranked(share)
            waiting = [each for each in ranked if not each.was_started(ALL)]
            if sum(history.predicted(each, ALL, self.origins) for each in waiting) > CHEAP * left:
                best = ranked[: max(3, -(-len(ranked) // 2))]
                waiting = [each for each in waiting if each in best]
            found += [(each, ALL) for each in waiting]
        return found

    def _moves(self, history: History) -> list[Candidate]:
        """A step from the best settings of a group: two of three of the best one, else of the second."""
        bases = [each for each in history.best_by_learner() if self._group(each).choices]
        number = len(history.candidates)
        if number % 3 == 2:
            bases[:2] = bases[1::-1]
        return [move for base in bases if (move := self._move(history, base))]

    def _move(self, history: History, base: Candidate) -> Candidate | None:
        """Settings near those of a candidate; None where all that were drawn were tried."""
        number, group = len(history.candidates), self._group(base)
        tried = [_own(each.settings) for each in history.candidates if each.learner == base.learner]
        for draw in range(DRAWS):
            settings = group.moved(base.settings, Random(f"{self.seed}:{number}:{draw}"))
            if _own(settings) not in tried:
                return Candidate(number, base.learner, base.module, settings, False)
        return None

    def _ends_in_time(self, history: History, candidate: Candidate, share: float, left: float) -> bool:
        """Whether a trial ends, and the best candidate can still be trained."""
        needed = history.predicted(candidate, share, self.origins)
        best = history.best
        mine = history.predicted(candidate, ALL, self.origins) / self.origins
        final = self.trainings * max(best.runs[ALL].fit if best else 0.0, mine if share == ALL else 0.0)
        return needed + min(final, FOR_FINAL * self.limits.seconds) < left

    def _item(self, candidate: Candidate, share: float) -> Item:
        where = "all origins" if share == ALL else f"{round(share * self.series):,} series"
        content = {
            "candidate": candidate.number,
            "learner": candidate.learner,
            "module": candidate.module,
            "settings": dict(candidate.settings),
            "stops": False,
            "share": share,
        }
        return Item(f"{candidate.name}, {where}", content)


def _own(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without the seed, which makes no other candidate."""
    return {name: value for name, value in settings.items() if name != "regressor.seed"}
