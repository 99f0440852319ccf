"""Items of fan-outs in a worker: those that are known already, the results of earlier ones, and the execution of a chunk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from cachetools import LRUCache
from django.db.models.functions import Now

from pipelines.catalogue.fan_out import FanOut, until
from pipelines.catalogue.items import Failure, Item, Trial
from pipelines.catalogue.reporting import Listener
from pipelines.execution.codecs import load, save
from pipelines.execution.deferred import value_of
from pipelines.execution.fan import Chunk, ItemEnd, execute_items, item_keys
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome
from pipelines.execution.store import Store
from pipelines.execution.targets import Job, ray
from pipelines.execution.targets.batch import Batch
from pipelines.execution.targets.fan_order import FanOrder, Known
from pipelines.models import Fan
from pipelines.runtime.ledger import items
from pipelines.runtime.ledger.claim import Claim
from pipelines.runtime.ledger.fans import FEWEST_AT_ONCE
from pipelines.runtime.ledger.items import Asked, KnownValue, NewItem
from pipelines.runtime.ledger.run_spec import RunSpec
from pipelines.runtime.storage.artifacts import store
from pipelines.runtime.worker import strategies
from pipelines.runtime.worker.item_commits import ItemCommits
from pipelines.runtime.worker.patience import patiently

CHUNKS_EACH = 2  # for each process, so that none waits for a chunk to be cut
LATE = Failure("no_time_left", "The time of the search was over before it started.", "Give the search more time.")
# The fan-outs whose items this process has executed last: with their function, which holds what the module computed before.
_open: LRUCache[tuple[str, str, int], FanOut] = LRUCache(2)


def listed_items(claim: Claim, outcome: Outcome, spec: RunSpec) -> Asked:
    """Return the items of a fan-out, with the values that are known and whose blobs are stored.

    In isolation each chunk starts an interpreter, so that there are few: the items are shared out at once, and what a chunk cannot do in its time is cut again.
    """
    assert outcome.fan
    listed = list(outcome.fan.items.values())
    contents = list(item_keys(claim.ingredients, claim.fans, listed, strategies.code_of(claim, spec)))
    known: Mapping[str, KnownValue] = {}
    if not spec.is_forced(claim.node):
        found, files = patiently(lambda: items.known_values(spec.scope, contents)), store(spec.scope)
        sound = {digest: files.has(digest) for digest in {value.place.digest for value in found.values() if value.place}}
        known = {key: value for key, value in found.items() if value.place is None or sound[value.place.digest]}
    new = [NewItem(item, content, known.get(content)) for item, content in zip(listed, contents, strict=True)]
    at_once = CHUNKS_EACH * patiently(strategies.processes)
    if outcome.is_isolated:
        return Asked(new, at_once=at_once, size=-(-len(listed) // at_once))
    return Asked(new, at_once=max(FEWEST_AT_ONCE, at_once))


def known_before(run: str, claim: Claim) -> list[list[Known]]:
    """Return the items of the fan-outs of a step that come before the claimed one."""
    chunk = Chunk.of(claim.node)
    node, count = (chunk.node, chunk.fan) if chunk else (claim.node, claim.fans)
    before = [patiently(partial(items.stored, run, node, index)) for index in range(count)]
    return [[Known(row.key, row.figures, row.failure, row.seconds, row.blob, row.asked) for row in rows] for rows in before]


def opened_at(run: str, node: str) -> float:
    """Return when the first fan-out of a step was opened, as time.monotonic of this process."""
    fan = patiently(Fan.objects.annotate(now=Now()).filter(run_id=run, node=node, index=0).get)
    return time.monotonic() - float((fan.now - fan.opened_at).total_seconds())


def results_before(run: str, claim: Claim, files: Store) -> list[list[Trial]]:
    """Return the results of the fan-outs of a step that come before the claimed one."""
    return [[one.trial(files) for one in of] for of in known_before(run, claim)]


def late(keys: Iterable[str]) -> list[ItemEnd]:
    """Return the ends of items that the time of their search did not allow to start."""
    return [ItemEnd(key, None, LATE, 0.0) for key in keys]


def execute_chunk(claim: Claim, chunk: Chunk, job: Job, listener: Listener, replay: Callable[[], Outcome]) -> Outcome:
    """Execute the items of a chunk.

    Args:
        claim: The claim of the chunk.
        chunk: The chunk.
        job: Its step, with the store that keeps the blobs.
        listener: Receives the log lines.
        replay: Calls the module, up to its fan-out.

    Returns:
        The ends that are not committed yet, or the problem of the module.

    Raises:
        Stopped: When the step was cancelled, or another process has the chunk.
        ModuleError: When its target cannot execute it.
    """
    run, files, on_cluster = job.run, job.store, job.step.execution.target == "ray" and not job.module.freshness
    place = (run, chunk.node, chunk.fan)
    fan = _open.get(place)
    if fan is None:
        outcome = replay()
        if outcome.fan is None:
            return outcome
        fan = _open[place] = outcome.fan
    left = strategies.seconds_left(run, chunk) if fan.strategy else None
    rows = patiently(lambda: items.stored(run, chunk.node, chunk.fan, chunk.first, chunk.last))
    waiting = [row for row in rows if not row.is_over]
    if left is not None and left <= 0:
        return Outcome(items=late(row.key for row in waiting), fan=fan)
    if on_cluster and waiting:
        return replace(ray.execute(_batch(claim, job, fan, waiting, left), files, listener), fan=fan)
    if fan.strategy:
        fan = replace(fan, items={row.key: Item(row.key, row.asked) for row in waiting})
    with until(left):
        return Outcome(items=_execute_here(claim, job, fan, [row.key for row in waiting], listener), fan=fan)


def _execute_here(claim: Claim, job: Job, fan: FanOut, keys: Sequence[str], listener: Listener) -> Sequence[ItemEnd]:
    """Execute items in this process; returns the ends that are not committed yet."""
    commits = ItemCommits(claim, job.run, holds=fan.strategy is not None)

    def flush(ends: Sequence[ItemEnd]) -> None:
        commits.take(ends)
        commits.commit()

    commits.take(execute_items(fan, keys, job.store, listener, flush))
    return commits.rest()


def _batch(claim: Claim, job: Job, fan: FanOut, waiting: Sequence[items.StoredItem], left: float | None) -> Batch:
    """Return the message that has items executed on another machine."""
    files, node = job.store, job.step.node
    outputs = {port: [_stored(output, claim, files) for output in outputs] for port, outputs in job.inputs.items()}
    asked = {row.key: row.asked for row in waiting}
    order = FanOrder(known_before(job.run, claim), asked, is_search=fan.strategy is not None, seconds_left=left)
    return Batch(claim.key, node, job.step.as_json(), outputs, dict(job.datasets), order, job.limits.memory_bytes)


def _stored(output: Output, claim: Claim, files: Store) -> Output:
    """Return an input as a file, if it is deferred."""
    return save(value_of(output, claim.upstream, partial(load, store=files)), files) if output.deferred else output
