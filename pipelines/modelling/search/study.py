"""A study: the rule that chooses the next trial of a search from those before it. It keeps nothing, so any process can go on with a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from pipelines.catalogue.items import Item, Trial
from pipelines.modelling.search.samplers import FIRST, Sampler, Told, propose, seed_of
from pipelines.modelling.search.space import Space

DRAWS = 20  # of settings, until some are found that were not tried
MOST_FAILURES = 10  # in a row with one code
TREES = "trees"  # the setting that holds the rounds of a learner
WAVE = 4  # trials whose results are told together, in the order of their numbers


@dataclass(frozen=True)
class Run:
    """A trial as the rule sees it: settings computed with a share of the resource. The score is None until it ends, and if it fails.

    `trees` are those that were kept when its time was over, None if it was trained whole.
    """

    number: int
    settings: Mapping[str, Any]
    share: float
    ended: bool
    score: float | None
    failure: str
    seconds: float
    folds: Sequence[float]
    stopped: str
    trees: int | None = None

    @property
    def found(self) -> Mapping[str, Any]:
        """The settings that the score is of."""
        return self.settings if self.trees is None else {**self.settings, TREES: self.trees}


def run_of(trial: Trial) -> Run:
    """Return what the rule needs of a trial."""
    content, result = trial.item.content, trial.result
    figures = (result.figures if result and not result.failure else None) or {}
    return Run(
        number=int(trial.item.key.split()[1]),
        settings=content["settings"],
        share=content["share"],
        ended=result is not None,
        score=figures.get("score"),
        failure=result.failure.code if result and result.failure else "",
        seconds=result.seconds if result else 0.0,
        folds=figures.get("folds", ()),
        stopped=figures.get("stopped_by", ""),
        trees=figures.get(TREES),
    )


@dataclass(frozen=True)
class Limits:
    """When a search ends: after so many settings, after so many without a better score, or from a score on."""

    trials: int
    patience: int | None = None
    target: float | None = None


@dataclass(frozen=True)
class Study:
    """A search.

    Args:
        space: What it varies.
        sampler: How settings are chosen.
        better: Which scores are better.
        limits: When it ends.
        shares: Shares of the resource, ascending up to 1: settings start with the first, and the best go on to the next.
        factor: One of so many goes on to the next share.
        repeatable: Whether results are told in waves, so that the trials do not depend on how long each takes.
        seed: The seed.
        points: Of a grid: how many numbers of each range.
        content: What the values of all trials depend on, beside settings and share.
        earlier: What an earlier search found, its best first; the best settings are tried again.
        refit: How many times the seconds of a whole trial the training on all rows takes.
        race: Whether a trial gets the scores of the best one in each fold, to stop when it is worse.
    """

    space: Space
    sampler: Sampler
    better: Literal["low", "high"]
    limits: Limits
    shares: tuple[float, ...] = (1.0,)
    factor: int = 4
    repeatable: bool = True
    seed: int = 0
    points: int = 5
    content: Mapping[str, Any] = field(default_factory=dict)
    earlier: Sequence[Told] = ()
    refit: float = 0.0
    race: bool = False

    def ask(self, trials: Sequence[Trial], left: float | None) -> Item | None:
        """Return the next trial; None if there is none before another one ends, or none at all."""
        runs = [run_of(trial) for trial in trials]
        if not self.repeatable:
            return self._next(runs, runs, left)
        told = runs[: len(runs) // WAVE * WAVE]
        if not all(run.ended for run in told):
            return None
        found = self._next(told, runs, left)
        return self._next(runs, runs, left) if found is None and all(run.ended for run in runs) else found

    def best(self, runs: Sequence[Run]) -> Run | None:
        """Return the best of the trials with the largest share that any has; the first of equals."""
        scored = [run for run in runs if run.score is not None and not run.stopped]
        top = max((run.share for run in scored), default=0.0)
        return max((run for run in scored if run.share == top), key=lambda run: (self.sign * (run.score or 0.0), -run.number), default=None)

    @property
    def sign(self) -> int:
        """What a score is multiplied with so that more is better."""
        return 1 if self.better == "high" else -1

    def ending(self, runs: Sequence[Run]) -> str:
        """Return why a search over these trials ends; empty if it goes on."""
        ended = [run for run in runs if run.ended]
        last = [run.failure for run in ended[-MOST_FAILURES:]]
        if len(last) == MOST_FAILURES and last[0] and len(set(last)) == 1:
            return "failures"
        best = self.best(ended)
        if best is None:
            return ""
        target = self.limits.target
        if target is not None and best.share == 1 and self.sign * (best.score or 0.0) >= self.sign * target:
            return "target"
        since = len(ended) - 1 - ended.index(best)
        return "patience" if self.limits.patience is not None and since >= self.limits.patience else ""

    def _next(self, told: Sequence[Run], runs: Sequence[Run], left: float | None) -> Item | None:
        if self.ending(told):
            return None
        item = self._promoted(told, runs) or self._new(told, runs) or self._last(told, runs)
        return None if item is None or self._is_too_late(item, told, left) else item

    def _promoted(self, told: Sequence[Run], runs: Sequence[Run]) -> Item | None:
        """The best settings of a share that are among its best 1/factor and have not gone on: from the largest share down."""
        for share, after in reversed(list(zip(self.shares, self.shares[1:], strict=False))):
            done = self._ranked(told, share)
            gone = {run.number for run in runs if run.share == after}
            for run in done[: len(done) // self.factor]:
                if run.number not in gone:
                    return self._item(run.number, run.settings, after, told)
        return None

    def _new(self, told: Sequence[Run], runs: Sequence[Run]) -> Item | None:
        number = len({run.number for run in runs})
        if number >= self.limits.trials:
            return None
        if number == 0:
            settings = self.space.own
        elif number == 1 and self.earlier:
            settings = self.earlier[0].settings
        else:
            known = [*self.earlier, *self._known(told, runs)]
            return self._drawn(number, known, [run.settings for run in runs], told)
        return self._item(number, self.space.used(settings), self.shares[0], told)

    def _drawn(self, number: int, known: Sequence[Told], tried: Sequence[Mapping[str, Any]], told: Sequence[Run]) -> Item | None:
        """Settings that a sampler proposes and that were not tried; None where it has no others. A grid tries each of its points once anyway."""
        place = number - bool(self.earlier)
        for draw in range(1 if self.sampler == "grid" else DRAWS):
            seed = self.seed if draw == 0 else seed_of(self.seed, -draw)
            settings = propose(self.sampler, self.space.over, place, known, seed, self.points)
            if settings is None:
                return None
            used = self.space.used(settings)
            if self.sampler == "grid" or used not in tried:
                return self._item(number, used, self.shares[0], told)
        return None

    def _last(self, told: Sequence[Run], runs: Sequence[Run]) -> Item | None:
        """The best settings with more of the resource, when no new ones are left and none has had all of it."""
        if not all(run.ended for run in runs) or any(run.score is not None and run.share == 1 for run in told):
            return None
        tried = {(run.number, run.share) for run in runs}
        for share, after in reversed(list(zip(self.shares, self.shares[1:], strict=False))):
            for run in self._ranked(told, share):
                if (run.number, after) not in tried:
                    return self._item(run.number, run.settings, after, told)
        return None

    def _ranked(self, told: Sequence[Run], share: float) -> list[Run]:
        scored = [run for run in told if run.score is not None and run.share == share]
        return sorted(scored, key=lambda run: (-self.sign * (run.score or 0.0), run.number))

    def _known(self, told: Sequence[Run], runs: Sequence[Run]) -> list[Told]:
        """What a sampler is told: the scores with the largest share that enough trials have, and the settings that are tried now."""
        counted = {share: len(self._ranked(told, share)) for share in self.shares}
        share = next((share for share in reversed(self.shares) if counted[share] >= FIRST), self.shares[0])
        inside = [run for run in told if run.share == share and self.space.holds(run.found)]
        scored = [Told(run.found, self.sign * run.score) for run in inside if run.score is not None]
        seen = {id(run) for run in told if run.ended}
        return scored + [Told(run.settings, None) for run in runs if id(run) not in seen and self.space.holds(run.settings)]

    def _item(self, number: int, settings: Mapping[str, Any], share: float, told: Sequence[Run]) -> Item:
        content = {**self.content, "settings": dict(settings), "share": share}
        if self.race and (best := self.best(told)) is not None:
            content["best"] = list(best.folds)
        rung = self.shares.index(share)
        return Item(f"trial {number}" + (f" on 1/{round(1 / share)}" if rung < len(self.shares) - 1 else ""), content)

    def _is_too_late(self, item: Item, told: Sequence[Run], left: float | None) -> bool:
        """Whether a trial that takes as long as the others would end after the deadline, or leave no time to train on all rows."""
        spent = [run.seconds / run.share for run in told if run.score is not None]
        return left is not None and bool(spent) and left < median(spent) * (item.content["share"] + self.refit)
