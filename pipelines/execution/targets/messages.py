"""Messages of an isolated step to the worker, as JSON lines. They are untrusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import msgspec

from pipelines.catalogue.reporting import Level, Listener
from pipelines.execution.fan import ItemEnd
from pipelines.execution.output import Output
from pipelines.execution.targets import JobStopped
from pipelines.execution.targets.fan_order import FanOrder
from pipelines.graph.problem import Problem

LONGEST_LINE = 8 * 1024**2  # the columns of a very wide table
MOST_BYTES = 32 * 1024**2
MOST_NOTES = 2000  # the maximum of a node's log


class Order(msgspec.Struct):
    """The only message to the isolated step, the file job.json. Inputs are in `inputs/`, named by their digests."""

    node: str
    step: dict[str, Any]
    inputs: dict[str, list[Output]]
    datasets: dict[str, Output]
    memory_bytes: int
    disk_bytes: int
    processes: int
    fans: FanOrder


class Progress(msgspec.Struct, tag="progress"):
    """The progress of the work."""

    done: float
    total: float
    words: str


class Note(msgspec.Struct, tag="note"):
    """A line for the node's log."""

    line: str
    level: Level


class Done(msgspec.Struct, tag="done"):
    """Success, with a record for each output port: its digest is the name of a file in `outputs/`, or that of an input.

    `peak_bytes` is the memory growth of the process; user code may report less.
    """

    outputs: dict[str, Output]
    peak_bytes: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Ends(msgspec.Struct, tag="ends"):
    """Ends of the items that the job executes, about each second. Their blobs are in one file of `outputs/`."""

    ends: list[ItemEnd]


class Listing(msgspec.Struct, tag="listing"):
    """Success, with items: those of a fan-out that the module waits for, or the next ones of a search. They are in a file of `outputs/`, as `Listed`."""

    file: str


class ListedItem(msgspec.Struct):
    """An item, without its payload."""

    key: str
    content: Any
    of_inputs: bool | tuple[str, ...]


class Listed(msgspec.Struct):
    """A fan-out without its function; `strategy` are `at_once`, `seconds` and `most` of a search."""

    items: list[ListedItem]
    noun: str
    may_fail: Annotated[int, msgspec.Meta(ge=0)] | None
    strategy: tuple[Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None, float | None, Annotated[int, msgspec.Meta(ge=0)] | None] | None


class Failed(msgspec.Struct, tag="failed"):
    """Failure, with the problem."""

    problem: Problem
    trace: str = ""
    transient: bool = False


Last = Done | Listing | Failed
Take = Callable[[Sequence[ItemEnd]], None]
_decoder = msgspec.json.Decoder(Progress | Note | Ends | Done | Listing | Failed)


def listen(chunks: Iterable[bytes], listener: Listener, take: Take) -> Last | None:
    """Forward messages to the listener, and ends of items to `take`; returns the final one, or None if the process ends without one.

    Raises:
        JobStopped: When there is too much output, or a line that is not a message.
    """
    rest, heard = b"", 0
    for chunk in chunks:
        heard += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        if heard > MOST_BYTES or len(rest) > LONGEST_LINE:
            raise JobStopped("said_too_much", "The step prints more than the log can store.", remedy="Print less.")
        for line in lines:
            if isinstance(end := _dispatch(line, listener, take), Last):
                return end
    return None


def _dispatch(line: bytes, listener: Listener, take: Take) -> Last | None:
    try:
        message = _decoder.decode(line)
    except msgspec.MsgspecError as wrong:
        raise JobStopped(
            "broken_message",
            f"The step's process sent an invalid message ({wrong}).",
            remedy="Use print(), and do not write to file descriptors directly.",
        ) from wrong
    match message:
        case Progress(done, total, words):
            listener.progress(done, total, words[:200])
        case Note(line=text, level=level):
            listener.log(text, level)
        case Ends(ends=ends):
            take(ends)
        case Done() | Listing() | Failed():
            return message
    return None
