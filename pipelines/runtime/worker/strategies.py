"""Searches in a worker: a strategy is asked for the next items, between two transactions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
from django.db.models.functions import Now

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.fan_out import FanOut, next_item
from pipelines.catalogue.items import Item, ItemResult, Trial
from pipelines.execution import fan as fans
from pipelines.execution.fan import Chunk, ItemEnd, item_keys
from pipelines.execution.step import Outcome, unexpected_error
from pipelines.execution.store import Store
from pipelines.graph.problem import Problem
from pipelines.models import Fan
from pipelines.runtime.ledger import items
from pipelines.runtime.ledger.claim import Claim, StepEnd
from pipelines.runtime.ledger.items import Asked, KnownValue, NewItem
from pipelines.runtime.ledger.run_spec import RunSpec
from pipelines.runtime.storage.artifacts import store
from pipelines.runtime.worker.patience import patiently
from pipelines.runtime.worker.registry import workers

ASK_SECONDS = 1.0  # then what it has asked for is committed first


def processes() -> int:
    """Return how many processes of workers there are: so many items a search executes at the same time by default."""
    return max(1, sum(worker.processes for worker in workers()))


def with_next(run: str, spec: RunSpec, end: StepEnd) -> StepEnd:
    """Return the end of a step that opens a search, or of one of its chunks, with the items that the strategy asks for next."""
    assert end.outcome and end.outcome.fan and end.outcome.fan.strategy
    try:
        return replace(end, asked=_ask(run, spec, end.claim, end.outcome.fan, end.outcome.items))
    except ModuleError as wrong:
        problem = Problem(wrong.code, wrong.words, fans.node_of(end.claim.node), wrong.port, wrong.param, wrong.column, None, wrong.remedy)
        return replace(end, outcome=Outcome(problem=problem))
    except UNFORESEEN as stray:
        title = catalogue().modules[spec.step(end.claim.node).module].title
        return replace(end, outcome=unexpected_error(title, fans.node_of(end.claim.node), stray))


def _ask(run: str, spec: RunSpec, claim: Claim, fan: FanOut, ends: Sequence[ItemEnd]) -> Asked:
    assert fan.strategy
    chunk, files = Chunk.of(claim.node), store(spec.scope)
    if chunk is None:
        index, trials, most, left = claim.fans, [], fan.strategy.at_once or patiently(processes), fan.strategy.seconds
    else:
        index, trials, (most, left) = chunk.fan, _history(run, chunk, ends, files), patiently(partial(_limits, run, chunk))
    seen, ended = len(trials), sum(trial.result is not None for trial in trials)
    code = code_of(claim, spec)
    running, started, new = seen - ended, time.monotonic(), list[NewItem]()
    while running < most:
        taken = time.monotonic() - started
        if new and taken > ASK_SECONDS:
            return Asked(new, seen, ended, True, most)
        item = next_item(fan, trials, None if left is None else left - taken)
        if item is None:
            break
        (content,) = item_keys(claim.ingredients, index, [item], code)
        known = None if spec.is_forced(claim.node) else _known(spec.scope, content, files)
        new.append(NewItem(item, content, known))
        trials.append(Trial(item, _value(item, known, files) if known else None))
        running += known is None
    return Asked(new, seen, ended, at_once=most)


def _history(run: str, chunk: Chunk, ends: Sequence[ItemEnd], files: Store) -> list[Trial]:
    """Return all items of a search, with the ends of this chunk, which are not committed yet."""
    mine = {end.key: end for end in ends}
    trials = []
    for row in patiently(partial(items.stored, run, chunk.node, chunk.fan)):
        end: Any = row if row.is_over else mine.get(row.key)
        result = fans.trial(row.key, end.figures, end.failure, end.seconds, end.blob, files).result if end else None
        trials.append(Trial(Item(row.key, row.asked), result))
    return trials


def search_of(run: str, chunk: Chunk) -> tuple[int, float | None] | None:
    """Return how many items a search executes at the same time, and the seconds until its deadline; None if the chunk is not one of a search."""
    search = patiently(lambda: Fan.objects.filter(run_id=run, node=chunk.node, index=chunk.fan, search=True).exists())
    return patiently(partial(_limits, run, chunk)) if search else None


def code_of(claim: Claim, spec: RunSpec) -> Sequence[str]:
    """Return what identifies the user code of a step: models that hold some; for a script all that its result depends on."""
    if catalogue().modules[spec.step(claim.node).module].runs_code:
        return [claim.key]
    return sorted(output.content for outputs in claim.inputs.values() for output in outputs if output.by_code)


def _limits(run: str, chunk: Chunk) -> tuple[int, float | None]:
    """Return how many items a search executes at the same time, and the seconds until its deadline."""
    fan = Fan.objects.annotate(now=Now()).get(run_id=run, node=chunk.node, index=chunk.fan)
    return fan.at_once or processes(), None if fan.budget is None else fan.budget - (fan.now - fan.opened_at).total_seconds()


def seconds_left(run: str, chunk: Chunk) -> float | None:
    """Return the seconds until the deadline of the search that a chunk belongs to; None without one."""
    return patiently(partial(_limits, run, chunk))[1]


def _known(scope: str, content: str, files: Store) -> KnownValue | None:
    value = patiently(partial(items.known_values, scope, [content])).get(content)
    return value if value and (value.place is None or files.has(value.place.digest)) else None


def _value(item: Item, known: KnownValue, files: Store) -> ItemResult | None:
    figures = None if known.figures is None else msgspec.json.decode(known.figures)
    return fans.trial(item.key, figures, None, known.seconds, known.place, files).result
