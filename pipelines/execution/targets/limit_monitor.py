"""Limit monitor: measures all processes of an isolated step from outside, and raises when a limit is exceeded."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from pipelines.execution.memory import in_words
from pipelines.execution.targets import JobStopped, Limits
from pipelines.procfs import family, held_together, open_files

SAMPLE_SECONDS = 0.05
DISK_LOOK_SECONDS = 0.5
MOST_FILES = 1000
SPARE_DISK_BYTES = 256 * 1024**2  # free space that a step must leave on the store's disk, however it hides its files
_OR_MORE = "or raise the limit under “How it runs” of the module, or in the limits of the workspace (Team page)."
LESS_MEMORY, LESS_TIME = f"Use fewer rows or columns, {_OR_MORE}", f"Use less data, {_OR_MORE}"


class LimitMonitor:
    """Samples a step's processes periodically."""

    def __init__(self, root: int, limits: Limits, outputs: Path) -> None:
        self._root, self._limits, self._outputs = root, limits, outputs
        self._until = time.monotonic() + limits.seconds
        self._next = self._next_disk = 0.0

    def sample(self) -> None:
        """Take a sample, unless one was taken just now.

        Raises:
            JobStopped: When a limit is exceeded.
        """
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + SAMPLE_SECONDS
        if now > self._until:
            raise _over("took_too_long", f"exceeded its time limit of {self._limits.seconds:g}\u00a0s", LESS_TIME)
        pids = list(family(self._root, self._limits.processes))
        if len(pids) > self._limits.processes:
            raise _over("too_many_processes", f"started more than {self._limits.processes} processes", "Start fewer processes at a time.")
        if held_together(pids, self._limits.memory_bytes) > self._limits.memory_bytes:
            raise _over("out_of_memory", f"exceeded its memory limit of {in_words(self._limits.memory_bytes)}", LESS_MEMORY)
        if now >= self._next_disk:
            self._next_disk = now + DISK_LOOK_SECONDS
            self._sample_disk(pids)

    def _sample_disk(self, pids: list[int]) -> None:
        disk = os.statvfs(self._outputs)
        if disk.f_bavail * disk.f_frsize < SPARE_DISK_BYTES:
            raise _over("disk_full", "almost filled the disk of the storage", "Free disk space of the storage, or write less.")
        taken = list(islice(chain(sizes(self._outputs), _deleted_open_files(pids, self._outputs)), MOST_FILES + 1))
        if len(taken) > MOST_FILES or sum(taken) > self._limits.disk_bytes:
            raise _over(
                "disk_full",
                f"wrote more than {in_words(self._limits.disk_bytes)} or {MOST_FILES:,} files",
                "Write less data or fewer files.",
            )


def sizes(folder: Path) -> Iterator[int]:
    """Yield the disk usage, in bytes, of the files and folders below a folder, as far as they are readable, at any depth."""
    waiting = [str(folder)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _deleted_open_files(pids: Iterable[int], beside: Path) -> Iterator[int]:
    """Yield the disk usage of deleted files that are still open, on the same disk."""
    device = beside.stat().st_dev
    for file in chain.from_iterable(map(open_files, pids)):
        with suppress(OSError):
            facts = file.stat()
            if facts.st_nlink == 0 and facts.st_dev == device:
                yield facts.st_blocks * 512


def _over(code: str, did: str, remedy: str) -> JobStopped:
    return JobStopped(code, f"The step {did} and was stopped.", remedy=remedy)
