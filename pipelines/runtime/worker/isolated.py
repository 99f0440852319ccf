"""Fan-outs in isolation: a job lists the items, others execute a chunk each or ask the strategy, and the last one goes on to the end of the step."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import FanOut, Strategy
from pipelines.catalogue.items import Item, Trial
from pipelines.catalogue.reporting import Figures, Level, Listener
from pipelines.execution.fan import Chunk
from pipelines.execution.step import Outcome
from pipelines.execution.targets import Job, JobStopped, Target
from pipelines.execution.targets.fan_order import FanOrder, Known
from pipelines.execution.targets.item_ends import elsewhere
from pipelines.execution.targets.job_folder import failed
from pipelines.runtime.ledger import items
from pipelines.runtime.ledger.claim import Claim
from pipelines.runtime.worker import strategies
from pipelines.runtime.worker.chunks import known_before, late
from pipelines.runtime.worker.item_commits import ItemCommits
from pipelines.runtime.worker.patience import patiently

LONGEST_SECONDS = 8.0  # of a chunk, each of which starts an interpreter
LONGEST_ASK_SECONDS = 20.0  # a process that neither executes nor commits for longer counts as gone


def execute_isolated(claim: Claim, job: Job, target: Target, listener: Listener) -> Outcome:
    """Execute a step, or a chunk of its items, on a target that isolates it.

    Args:
        claim: The claim.
        job: The step.
        target: Where it is executed.
        listener: Receives progress and log lines.

    Returns:
        The outcome; of a chunk, with the ends that are not committed yet.

    Raises:
        Stopped: When the step was cancelled, or another process has the chunk.
        ModuleError: When its target cannot execute it.
    """
    chunk, job = Chunk.of(claim.node), replace(job, fans=FanOrder(known_before(job.run, claim)))
    if chunk:
        return _execute_chunk(claim, chunk, replace(job, threads=_threads()), target, listener)
    outcome = replace(target.execute(job, listener), is_isolated=True)
    if outcome.fan is None or outcome.fan.strategy is None:
        return outcome
    plan = outcome.fan.strategy
    return replace(outcome, fan=replace(outcome.fan, strategy=replace(plan, ask=_Asking(job, target, plan.at_once).ask)))


def _execute_chunk(claim: Claim, chunk: Chunk, job: Job, target: Target, listener: Listener) -> Outcome:
    rows = patiently(partial(items.stored, job.run, chunk.node, chunk.fan, chunk.first, chunk.last))
    waiting = {row.key: row.asked for row in rows if not row.is_over}
    fan = left = None
    if searched := strategies.search_of(job.run, chunk):
        at_once, left = searched
        fan = FanOut({}, elsewhere, strategy=Strategy(_Asking(job, target, at_once).ask, at_once))
    if left is not None and left <= 0:
        return Outcome(items=late(waiting), fan=fan)
    if not waiting:
        return Outcome(fan=fan)
    told = {"items": waiting, "is_search": fan is not None, "seconds_left": left, "longest_seconds": LONGEST_SECONDS}
    commits, started = ItemCommits(claim, job.run, holds=fan is not None), time.monotonic()
    try:
        outcome = target.execute(replace(job, fans=msgspec.structs.replace(job.fans, **told)), listener, commits)
    except JobStopped as wrong:
        return replace(failed(job, wrong), of_items=True, items=commits.rest())
    overhead = max(0.0, time.monotonic() - started - commits.seconds)
    return outcome if outcome.problem else replace(outcome, items=commits.rest(), fan=fan, overhead=overhead)


def _threads() -> int:
    """Return how many threads an item may use, so that those of all processes fit this machine."""
    return max(1, (os.cpu_count() or 1) // patiently(strategies.processes))


class _NoListener:
    """Hears nothing: what a module says before its fan-out is known already."""

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None: ...


class _Asking:
    """Asks the strategy of a search where its module is: a job answers for several items, as long as none of them ends meanwhile."""

    def __init__(self, job: Job, target: Target, at_once: int | None) -> None:
        seconds = min(job.limits.seconds, LONGEST_ASK_SECONDS)
        self._job, self._target, self._at_once = replace(job, limits=replace(job.limits, seconds=seconds)), target, at_once
        self._next: list[Item | None] = []
        self._trials = 0

    def ask(self, trials: Sequence[Trial], left: float | None) -> Item | None:
        """Return the next item, as a strategy does."""
        follows = self._next and len(trials) == self._trials + 1 and trials[-1].result is None
        if not follows:
            self._next = self._answer(trials, left)
        self._trials = len(trials)
        return self._next.pop(0)

    def _answer(self, trials: Sequence[Trial], left: float | None) -> list[Item | None]:
        running = sum(trial.result is None for trial in trials)
        most = self._at_once or patiently(strategies.processes)
        told = {"trials": [_known(trial) for trial in trials], "want": max(1, most - running), "seconds_left": left}
        job = replace(self._job, fans=msgspec.structs.replace(self._job.fans, **told))
        try:
            outcome = self._target.execute(job, _NoListener())
        except JobStopped as wrong:
            words = f"While the next item was chosen: {wrong.words}"
            raise ModuleError(wrong.code, words, remedy=wrong.remedy) from wrong
        if problem := outcome.problem:
            raise ModuleError(
                problem.code, problem.words, port=problem.port, param=problem.param, column=problem.column, remedy=problem.remedy
            )
        assert outcome.fan
        return [*outcome.fan.items.values(), None]


def _known(trial: Trial) -> Known:
    """Return an item as strategies see it: without its blob, which none of them reads."""
    item, result = trial.item, trial.result
    if result is None:
        return Known(item.key, asked=item.content, is_over=False)
    return Known(item.key, result.figures, result.failure, result.seconds, None, item.content)
