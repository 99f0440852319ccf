"""The items of a fan-out: what each is, what comes of it, and its computation."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from pipelines.catalogue.errors import UNFORESEEN, ModuleError


@dataclass(frozen=True, slots=True)
class Item:
    """One unit of a fan-out.

    Args:
        key: Its name, from the data and never a position: the values of a partition, the number of a fold. Unique within the fan-out.
        content: JSON of all that its value depends on beside the module and, with `of_inputs`, its inputs: an item with the same content is not
            executed again. None for all settings, and the key. Names that begin with ~ are not part of that: hints that do not change a lasting value.
        of_inputs: Whether its value depends on the inputs as a whole, rather than on what `content` says of them; or the ports of those that it
            depends on.
        payload: Anything else that the mapped function needs. It is not stored: every process derives it again.
    """

    key: str
    content: Any = None
    of_inputs: bool | tuple[str, ...] = True
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an item: JSON, and bytes for what is large. One that is not `lasting`, such as ended early by a deadline, is of use to its run only."""

    figures: Any = None
    blob: bytes = b""
    lasting: bool = True


@dataclass(frozen=True)
class Failure:
    """Why an item has no value; the words are for people, and the place is as far as it is known."""

    code: str
    words: str
    remedy: str = ""
    port: str | None = None
    param: str | None = None
    column: str | None = None


def _no_blob() -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An item's result: its figures and its blob, which is read when asked for, or its failure."""

    key: str
    figures: Any = None
    failure: Failure | None = None
    seconds: float = 0.0
    blob: Callable[[], bytes] = _no_blob


@dataclass(frozen=True, slots=True)
class Trial:
    """An item that a strategy has asked for, and its result: None while it is executed."""

    item: Item
    result: ItemResult | None = None


Each = Callable[[Item], Value]


@dataclass(frozen=True)
class Computed:
    """What came of an item: its value or its failure, the seconds it took, and the traceback of an unforeseen exception."""

    value: Value = field(default_factory=Value)
    failure: Failure | None = None
    seconds: float = 0.0
    trace: str = ""


def compute(item: Item, each: Each) -> Computed:
    """Compute an item; whatever it raises is its failure."""
    started = time.perf_counter()
    try:
        value = each(item)
        msgspec.json.encode(value.figures)  # what cannot be stored is a failure of the item
        return Computed(value, seconds=time.perf_counter() - started)
    except ModuleError as wrong:
        failure, trace = Failure(wrong.code, wrong.words, wrong.remedy or "", wrong.port, wrong.param, wrong.column), ""
    except MemoryError:
        failure, trace = Failure("out_of_memory", "It ran out of memory.", "Use fewer rows or columns, or a machine with more memory."), ""
    except UNFORESEEN as stray:
        words = f"It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
        failure, trace = Failure("unexpected_error", words, "See the log of the step."), traceback.format_exc()
    return Computed(failure=failure, seconds=time.perf_counter() - started, trace=trace)
