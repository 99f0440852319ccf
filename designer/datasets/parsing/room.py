"""Room for the table that a file becomes: judged before the file is read, and counted while the table is written."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import MOST_TABLE_BYTES, SPARE_DISK_BYTES
from pipelines.execution.memory import in_words

UNIT = 1024**2  # how much is written between two looks at what is left
UPLOAD = re.compile(r"upload-[0-9a-f]+")  # what tables of uploads are called in a store's scratch folder
FEWER = "Choose fewer rows or columns"


class Room:
    """What a table may take: by what a dataset may be, by what its workspace may still keep, and by the disk.

    Args:
        out: Where the table is written.
        file_bytes: The size of the file that it is made of.
        left: The bytes that the workspace may still keep, with other uploads that are being read; None without a limit.
    """

    def __init__(self, out: Path, file_bytes: int = 0, left: int | None = None) -> None:
        self.out, self._file_bytes, self._left = out, file_bytes, left
        self._others: dict[str, int] = {}
        self.refused: Unreadable | None = None

    def judge(self, size: int, decoded: int = 0) -> None:
        """Refuse a table that is known to be too large before it is written.

        Args:
            size: What it takes at least once written.
            decoded: What its values are together, where equal ones are kept once in the file that it is made of.

        Raises:
            Unreadable: `too_large`, `store_full` or `disk_full`.
        """
        if max(size, decoded) > MOST_TABLE_BYTES:
            raise self._no(
                "too_large", max(size, decoded), f"a table takes at most {in_words(MOST_TABLE_BYTES)}", f"{FEWER}, or split the file."
            )
        if self._left is not None and size > (left := self._left - self._of_others()):
            remedy = f"{FEWER}, delete datasets that nobody needs, or have an admin clean the store or allow it more."
            raise self._no("store_full", size, f"this workspace has room for {in_words(max(left, 0))}", remedy)
        if size - _size(self.out) > (free := free_bytes(self.out.parent)):
            remedy = f"{FEWER}, or ask whoever runs Easel to make room on the disk of the store."
            raise self._no("disk_full", size, f"the disk has room for {in_words(free)}", remedy)

    def check_disk(self, coming: int) -> None:
        """Refuse to write more than the disk takes.

        Raises:
            Unreadable: `disk_full`.
        """
        if coming > free_bytes(self.out.parent):
            self.refused = disk_full()
            raise self.refused

    def _of_others(self) -> int:
        """What other uploads to the same store take. One that is gone still counts: its table may have been kept."""
        for name, size in _uploads(self.out.parent):
            if name != self.out.name:
                self._others[name] = max(size, self._others.get(name, 0))
        return sum(self._others.values())

    def _no(self, code: str, size: int, limit: str, remedy: str) -> Unreadable:
        words = f"The file is {in_words(self._file_bytes)}, and the table in it takes {in_words(size)} or more; {limit}."
        self.refused = Unreadable(code, words, remedy)
        return self.refused


class Writing(io.FileIO):
    """A file that looks at the room before each unit: the table itself, or something written on the way to it, for which the disk counts."""

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
    """What may be written to a folder's disk, of which some is always left free: what is full cannot even be cleaned."""
    disk = os.statvfs(folder)
    return max(0, disk.f_bavail * disk.f_frsize - SPARE_DISK_BYTES)


def disk_full() -> Unreadable:
    """The refusal when the disk ends before the table does."""
    remedy = f"Ask whoever runs Easel to make room on the disk of the store; or c{FEWER[1:]}."
    return Unreadable("disk_full", "There is no room on the disk for the table that the file holds.", remedy)


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
