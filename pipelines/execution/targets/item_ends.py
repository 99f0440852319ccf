"""The worker's side of items that are executed in isolation: what the job sends of them is validated, and blobs are copied, since the job still runs."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from pipelines.catalogue.fan_out import FanOut, Strategy, by_key
from pipelines.catalogue.items import Failure, Item
from pipelines.execution.fan import BlobPlace, ItemEnd
from pipelines.execution.targets import ItemSink, Job, JobStopped
from pipelines.execution.targets.messages import Listed, Listing

NAME = re.compile(r"[0-9a-f]{1,64}")
LARGEST_LISTING = 128 * 1024**2
LONGEST_WORDS = 2000
PIECE = 1024**2
_listed = msgspec.json.Decoder(Listed)


class ItemEnds:
    """Takes ends of a job's own items, each once.

    Args:
        job: The job.
        outputs: The folder that it writes to.
        sink: Receives the ends, with their blobs in the job's store.
    """

    def __init__(self, job: Job, outputs: Path, sink: ItemSink) -> None:
        self._job, self._outputs, self._sink = job, outputs, sink
        self._left, self._room = set(job.fans.items or ()), job.limits.disk_bytes  # of all its blobs, also of those that are copied

    def take(self, ends: Sequence[ItemEnd]) -> None:
        """Pass ends on.

        Raises:
            JobStopped: When one is not an end of an item that is left, or its blob is none.
        """
        stored: dict[str, tuple[str, int]] = {}
        taken = []
        for end in ends:
            if end.key not in self._left:
                _refuse("the end of an item that is not its own")
            self._left.remove(end.key)
            blob = self._blob(end.blob, stored) if end.blob else None
            taken.append(replace(end, blob=blob, failure=end.failure and self._failure(end.failure), seconds=self._seconds(end.seconds)))
        self._sink.take(taken)

    def _blob(self, place: BlobPlace, stored: dict[str, tuple[str, int]]) -> BlobPlace:
        if place.digest not in stored:
            copy = self._job.store.scratch()
            try:
                copied(self._outputs, place.digest, copy, self._room)
                stored[place.digest] = self._job.store.keep(copy)
                self._room -= stored[place.digest][1]
            finally:
                copy.unlink(missing_ok=True)
        digest, size = stored[place.digest]
        if not (0 <= place.start <= place.start + place.length <= size):
            _refuse("a place outside its file")
        return BlobPlace(digest, place.start, place.length)

    def _failure(self, told: Failure) -> Failure:
        """Return a failure whose words are short, and whose place exists."""
        module = self._job.module
        port = told.port if module.input(told.port or "") or module.output(told.port or "") else None
        param = told.param if module.param(told.param or "") else None
        return Failure(_text(told.code, 60), _text(told.words), _text(told.remedy), port, param, told.column and _text(told.column))

    def _seconds(self, told: float) -> float:
        return min(max(0.0, told), self._job.limits.seconds)


def listed(job: Job, outputs: Path, listing: Listing) -> FanOut:
    """Return the fan-out, or the next items of a search, that a job has listed. Its functions are where the job was.

    Raises:
        ModuleError: When the list is none, or its items are not usable.
    """
    copy = job.store.scratch()
    try:
        copied(outputs, listing.file, copy, LARGEST_LISTING)
        found = _listed.decode(copy.read_bytes())
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise _broken(f"a list of items that is none ({wrong})") from wrong
    finally:
        copy.unlink(missing_ok=True)
    noun = _text(found.noun, 60)
    items = by_key([Item(one.key, one.content, one.of_inputs) for one in found.items], noun)
    return FanOut(items, elsewhere, noun, found.may_fail, found.strategy and Strategy(elsewhere, *found.strategy))


def copied(outputs: Path, name: str, target: Path, most: int) -> None:
    """Copy a file that a job wrote, without following links; the original is deleted where that is possible.

    Raises:
        JobStopped: When it is no regular file, or too large.
    """
    if not NAME.fullmatch(name):
        _refuse("a file outside its folder")
    try:
        with os.fdopen(os.open(outputs / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as source, target.open("xb") as copy:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                _refuse("something that is not a file")
            while piece := source.read(PIECE):
                copy.write(piece)
                if copy.tell() > most:  # it may grow while it is read
                    _refuse("a file that is too large")
        (outputs / name).unlink()
    except OSError as wrong:
        raise _broken(f"a file that cannot be read ({type(wrong).__name__})") from wrong


def elsewhere(*_: Any) -> NoReturn:
    """Stand in for a function of a module that is executed in isolation."""
    raise AssertionError("the functions of an isolated step exist where it is executed")


def _text(told: str, longest: int = LONGEST_WORDS) -> str:
    return told[:longest].replace("\0", "�")


def _broken(what: str) -> JobStopped:
    return JobStopped(
        "broken_output", f"The step returned {what}, which is not accepted.", remedy="Return only the results of its own items."
    )


def _refuse(what: str) -> NoReturn:
    raise _broken(what)
