"""Space for the table of a file: checked before parsing, and counted while the table is written."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import MOST_TABLE_BYTES, SPARE_DISK_BYTES
from pipelines.execution.memory import in_words

UNIT = 1024**2  # bytes written between two checks of the free space
UPLOAD = re.compile(r"upload-[0-9a-f]+")  # names of upload tables in a store's scratch folder
FEWER = "Upload fewer rows or columns"


class Room:
    """The size limit of a table: the limit of a dataset, of the workspace, and of the disk.

    Args:
        out: Where the table is written.
        file_bytes: The size of the source file.
        left: The bytes left in the workspace, shared with other uploads in progress; None without a limit.
    """

    def __init__(self, out: Path, file_bytes: int = 0, left: int | None = None) -> None:
        self.out, self._file_bytes, self._left = out, file_bytes, left
        self._others: dict[str, int] = {}
        self.refused: Unreadable | None = None

    def judge(self, size: int, decoded: int = 0) -> None:
        """Reject a table that is known to be too large before it is written.

        Args:
            size: Its least size once written.
            decoded: The total size of its values, where the source file stores equal ones once.

        Raises:
            Unreadable: `too_large`, `store_full` or `disk_full`.
        """
        if max(size, decoded) > MOST_TABLE_BYTES:
            raise self._no("too_large", max(size, decoded), f"the maximum is {in_words(MOST_TABLE_BYTES)}", f"{FEWER}, or split the file.")
        if self._left is not None and size > (left := self._left - self._of_others()):
            remedy = f"{FEWER}, delete unused datasets, or ask an admin to clean up storage or raise its limit."
            raise self._no("store_full", size, f"this workspace has {in_words(max(left, 0))} left", remedy)
        if size - _size(self.out) > (free := free_bytes(self.out.parent)):
            remedy = f"{FEWER}, or ask the administrator to free disk space of the storage."
            raise self._no("disk_full", size, f"the disk has {in_words(free)} left", remedy)

    def check_disk(self, coming: int) -> None:
        """Reject writes beyond the free space of the disk.

        Raises:
            Unreadable: `disk_full`.
        """
        if coming > free_bytes(self.out.parent):
            self.refused = disk_full()
            raise self.refused

    def _of_others(self) -> int:
        """The bytes of other uploads to the same store. A finished one still counts: its table may be stored."""
        for name, size in _uploads(self.out.parent):
            if name != self.out.name:
                self._others[name] = max(size, self._others.get(name, 0))
        return sum(self._others.values())

    def _no(self, code: str, size: int, limit: str, remedy: str) -> Unreadable:
        words = f"The file is {in_words(self._file_bytes)}, and its table uses {in_words(size)} or more; {limit}."
        self.refused = Unreadable(code, words, remedy)
        return self.refused


class Writing(io.FileIO):
    """A file that checks the space before each unit: the table itself, or a temporary file, which counts for the disk only."""

    def __init__(self, path: Path, room: Room) -> None:
        self._room, self._is_table = room, path == room.out
        self._written = self._looked = 0
        super().__init__(path, "wb")

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        for start in range(0, len(view), UNIT):
            self._write_piece(view[start : start + UNIT])
        return len(view)

    def _write_piece(self, piece: memoryview) -> None:
        self._written += len(piece)
        if self._written - self._looked >= UNIT or not self._looked:
            self._looked = self._written
            if self._is_table:
                self._room.judge(self._written)
            else:
                self._room.check_disk(len(piece))
        while piece:
            piece = piece[super().write(piece) :]


def free_bytes(folder: Path) -> int:
    """The bytes that may be written to a folder's disk. Some space always stays free: a full disk cannot even be cleaned up."""
    disk = os.statvfs(folder)
    return max(0, disk.f_bavail * disk.f_frsize - SPARE_DISK_BYTES)


def disk_full() -> Unreadable:
    """The refusal when the disk fills up during writing."""
    remedy = f"Ask the administrator to free disk space of the storage, or c{FEWER[1:]}."
    return Unreadable("disk_full", "The disk is too full for the table of the file.", remedy)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _uploads(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if UPLOAD.fullmatch(entry.name):
                try:
                    yield entry.name, entry.stat().st_size
                except FileNotFoundError:
                    continue
