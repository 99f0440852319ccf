"""Deferred outputs: over large data, a lazy step leaves its query to the consumer, which runs both as one stream.

The sources of a deferred output are in the plan of its run: its step and that step's inputs, which are stored or deferred as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import compose, computed
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import TABLE, Query, Table, telling_of_values
from pipelines.compilation import Plan, Step
from pipelines.execution.codecs import LAYOUT, load_table, releasing_pages
from pipelines.execution.output import Output, describe
from pipelines.execution.store import ScratchFile, Store

LARGE = 64 * 1024 * 1024  # bytes; storing a smaller table costs less than a user's wait for it to be computed
MOST_TOGETHER = 24  # steps in one query
MOST_READERS = 2  # reading a row-wise chain twice is faster than writing it once

Inputs = Mapping[str, Sequence[Output]]


@dataclass(frozen=True)
class DeferredSource:
    """The source of a deferred output: a step, the port, and the step's inputs."""

    step: Step
    port: str
    inputs: Inputs


Upstream = Mapping[str, DeferredSource]  # by the output's key; each after its own inputs


@dataclass(frozen=True)
class OutputMode:
    """How lazy outputs are finalized: computed in memory, streamed to the store if `large`, or, if it `waits`, deferred to their consumer.

    `bytes` is the size of the step's inputs.
    """

    large: bool = False
    waits: bool = False
    key: str = ""
    bytes: int = 0


IN_MEMORY = OutputMode()


def find_upstream(plan: Plan, node: str, outputs: Callable[[str], Mapping[str, Output]]) -> dict[str, DeferredSource]:
    """Return all deferred sources of a step's inputs, direct and indirect."""
    found: dict[str, DeferredSource] = {}
    for end in (end for ends in plan.steps[node].sources.values() for end in ends):
        output = outputs(end.node)[end.port]
        if output.deferred and output.key not in found:
            source = plan.steps[end.node]
            inputs = {port: [outputs(one.node)[one.port] for one in ends] for port, ends in source.sources.items()}
            found |= {**find_upstream(plan, end.node, outputs), output.key: DeferredSource(source, end.port, inputs)}
    return found


def may_defer(plan: Plan, node: str, behind: Upstream) -> bool:
    """Return whether a step's output may be deferred: few consumers, all executed in the worker, and not requested by name."""
    step, modules = plan.steps[node], catalogue().modules
    if not modules[step.module].is_deferrable or node in plan.asked or _elsewhere(step) or len(behind) >= MOST_TOGETHER:
        return False
    readers = [plan.steps[reader] for reader in plan.feeds[node]]
    if any(reader.execution != step.execution or reader.module not in modules or modules[reader.module].runs_code for reader in readers):
        return False
    row_wise = all(len(modules[one.module].inputs) == 1 for one in (step, *(waiting.step for waiting in behind.values())))
    reads = sum(end.node == node for reader in readers for ends in reader.sources.values() for end in ends)
    return 0 < reads <= (MOST_READERS if row_wise else 1)


def _elsewhere(step: Step) -> bool:
    """Return whether a step is executed in isolation, where only files can be read."""
    return step.execution.target not in (None, "worker")


def output_mode(module: Module, key: str, inputs: Inputs, behind: Upstream, waits: bool) -> OutputMode:
    """Choose how a step's tables are finalized, by the size of its inputs."""
    size = sum(output.bytes for outputs in inputs.values() for output in outputs)
    if not behind and size < LARGE:
        return IN_MEMORY
    return OutputMode(True, waits, key if module.is_deferrable else "", size)


def value_of(output: Output, behind: Upstream, load: Callable[[Output], Any]) -> Any:
    """Return the value of an output: loaded, or the query that computes it."""
    if not output.deferred:
        return load(output)
    one = behind[output.key]
    module = catalogue().modules[one.step.module]
    inputs = {port: [value_of(each, behind, load) for each in outputs] for port, outputs in one.inputs.items()}
    return compose(module, module.function, inputs, module.read_settings(one.step.settings))[one.port]


def finalize(values: Mapping[str, Any], store: Store, manner: OutputMode) -> dict[str, Any]:
    """Compute the queries among a module's outputs, or defer them.

    Raises:
        ModuleError: `query_failed`, when a value cannot be computed.
    """
    settled, waiting = dict(values), {}
    for port, query in ((port, value) for port, value in values.items() if isinstance(value, Query)):
        if query.kept is not None:  # its columns are in a stored file
            settled[port] = load_table(msgspec.structs.replace(query.kept, columns=describe(query.head)), store)
        elif manner.waits:
            record = Output(TABLE, "", manner.bytes, None, describe(query.head), deferred=True, key=f"{manner.key}.{port}")
            settled[port] = replace(query, kept=record)
        else:
            waiting[port] = query
    if waiting:
        settled |= _stream(waiting, store, manner.key) if manner.large else computed(waiting)
    return settled


def _stream(queries: Mapping[str, Query], store: Store, key: str) -> dict[str, Table]:
    """Stream the results of queries into the store without holding any in memory; common subplans are computed once."""
    with ExitStack() as stack:
        drafts = {port: stack.enter_context(ScratchFile(store)) for port in queries}
        sinks = [_rewrite_strings(query.frame).sink_ipc(drafts[port], lazy=True, **LAYOUT) for port, query in queries.items()]
        with telling_of_values(), releasing_pages():
            pl.collect_all(sinks, engine="streaming")
        with ThreadPoolExecutor(len(drafts)) as savers:
            kept = dict(zip(drafts, savers.map(ScratchFile.keep, drafts.values()), strict=True))
    tables = {}
    for port, (digest, size) in kept.items():
        record = Output(TABLE, digest, size, None, describe(queries[port].head), key=key and f"{key}.{port}")
        table = load_table(record, store)
        tables[port] = replace(table, kept=msgspec.structs.replace(record, rows=table.frame.height))
    return tables


def _rewrite_strings(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Rewrite string columns in row order so that file bytes are deterministic; a stream leaves them in arbitrary order in memory."""
    return frame.with_columns(
        pl.concat_str(name, pl.lit("")).alias(name) for name, kind in frame.collect_schema().items() if kind == pl.String
    )


def find_faulty_input(behind: Upstream, load: Callable[[Output], Any], store: Store) -> tuple[str, ModuleError] | None:
    """Return the first upstream step that fails, and its error: each is executed alone, and its output is discarded."""
    for key, one in behind.items():
        query = value_of(Output(TABLE, "", 0, deferred=True, key=key), behind, load)
        file = store.scratch()
        try:
            with telling_of_values():
                query.frame.sink_ipc(file, **LAYOUT)
        except ModuleError as wrong:
            return one.step.node, wrong
        finally:
            file.unlink(missing_ok=True)
    return None
