"""Execute one step: values in, call the module, save its outputs. No database access."""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from pipelines.catalogue import checkpoint
from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.fan_out import FanOut, Runner, run_by
from pipelines.catalogue.invoke import compose
from pipelines.catalogue.module import Module
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import Listener, reporting_to
from pipelines.compilation import Step
from pipelines.execution.codecs import Value, save
from pipelines.execution.deferred import IN_MEMORY, OutputMode, finalize
from pipelines.execution.fan import FannedOut, ItemEnd
from pipelines.execution.output import Output
from pipelines.execution.paths import require_extra
from pipelines.execution.repetition import bound
from pipelines.execution.store import LARGE, Store, StoreUnavailable
from pipelines.graph.problem import Problem
from pipelines.graph.run_options import STORE_AWAY


class Stopped(BaseException):
    """Raised inside a cancelled step. No module catches it by accident: it is no Exception."""


# Polars does not set errno, but its message contains the number: no space left, or quota exceeded.
FULL = re.compile(rf"\b(Errno|os error) ({errno.ENOSPC}|{errno.EDQUOT})\b")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a step: records and values of its outputs, or a problem and the traceback for the log.

    A transient problem may disappear on a retry. `peak_bytes` is the memory growth of the executing process, if that is another one.
    `fan` is the fan-out whose results the module waits for; of a chunk, `items` are the ends of its items. `lost` says that the process on another machine
    that executed it has ended, as a sentence. In isolation, a problem `of_items` is one of its items rather than of its module, and `overhead` are the seconds
    that a chunk took beside its items.
    """

    outputs: Mapping[str, Output] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    problem: Problem | None = None
    trace: str = ""
    transient: bool = False
    peak_bytes: int | None = None
    fan: FanOut | None = None
    items: Sequence[ItemEnd] = ()
    lost: str = ""
    is_isolated: bool = False
    of_items: bool = False
    overhead: float = 0.0


def execute_step(
    step: Step,
    module: Module,
    inputs: Mapping[str, Sequence[Value]],
    given: Mapping[str, Any],
    store: Store,
    listener: Listener,
    manner: OutputMode = IN_MEMORY,
    keeper: checkpoint.Keeper | None = None,
    runner: Runner | None = None,
) -> Outcome:
    """Call the step's module and save its outputs.

    Args:
        step: The step.
        module: Its module.
        inputs: The values at every input port, in order.
        given: The tables of its dataset settings, and the connections of its connection settings.
        store: The store for the outputs.
        listener: Receives progress and log lines.
        manner: How lazy outputs are finalized.
        keeper: Keeps the checkpoints of the module.
        runner: Executes its fan-outs; None for here, one item after the other.

    Returns:
        The outcome; module errors and unforeseen exceptions are in it.

    Raises:
        Stopped: When the step was cancelled while it ran.
    """
    try:
        require_extra(module)
        with reporting_to(listener), checkpoint.kept_by(keeper), run_by(runner):
            module, inputs = bound(step, module, inputs)
            settings = {**module.read_settings({**step.settings, **dict.fromkeys(given, "given")}), **given}
            values = finalize(compose(module, module.function, inputs, settings), store, manner)
        outputs = _save_all(values, store)
        values = {port: _as_stored(value, outputs[port]) for port, value in values.items()}
    except FannedOut as fanned:
        return Outcome(fan=fanned.fan)
    except ModuleError as wrong:
        problem = Problem(wrong.code, wrong.words, step.node, wrong.port, wrong.param, wrong.column, None, wrong.remedy)
        return Outcome(problem=problem, transient=wrong.transient)
    except MemoryError:
        remedy = "Use fewer rows or columns, or a machine with more memory."
        return Outcome(problem=Problem("out_of_memory", "The step ran out of memory.", step.node, remedy=remedy))
    except UNFORESEEN as stray:
        return unexpected_error(module.title, step.node, stray)
    return Outcome(outputs, values)


def _as_stored(value: Value, output: Output) -> Value:
    """Return a value as its stored file gives it. The sum of a column depends on its chunks, and readers should get the same from memory."""
    if not isinstance(value, Table):
        return value
    frame = value.frame if value.kept or value.frame.estimated_size() > LARGE else value.frame.rechunk()
    return Table(frame, output.roles, output)


def _save_all(values: Mapping[str, Value], store: Store) -> dict[str, Output]:
    """Save every output; large ones concurrently, since writing and hashing release the GIL."""
    large = sum(value.frame.estimated_size() for value in values.values() if isinstance(value, Table) and value.kept is None) > LARGE
    if not large or len(values) == 1:
        return {port: save(value, store) for port, value in values.items()}
    with ThreadPoolExecutor(len(values)) as savers:
        return dict(zip(values, savers.map(lambda value: save(value, store), values.values()), strict=True))


def unexpected_error(title: str, node: str, stray: BaseException) -> Outcome:
    """Return the outcome of an unforeseen exception; call it in the except block."""
    if isinstance(stray, StoreUnavailable):
        words = f"The result storage did not answer: {str(stray)[:300]}"
        problem = Problem(
            STORE_AWAY, words, node, remedy="Run again in a moment. For details, ask the administrator for the log of the workers."
        )
        return Outcome(problem=problem, transient=True)
    if isinstance(stray, OSError) and FULL.search(str(stray)):
        words = "The disk is full; the result of the step was not saved."
        problem = Problem("disk_full", words, node, remedy="Free disk space of the storage, then run again. Finished steps are reused.")
        return Outcome(problem=problem, transient=True)
    words = f"{title} stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
    problem = Problem("unexpected_error", words, node, remedy="See the log of the step for the full traceback.")
    return Outcome(problem=problem, trace=traceback.format_exc(), transient=isinstance(stray, ConnectionError | TimeoutError))
