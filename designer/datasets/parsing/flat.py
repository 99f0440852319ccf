"""The unpacked sizes of an Arrow file's batches, from their metadata, before any is unpacked.

The metadata are FlatBuffers; only the fields used here are read. Source: format/File.fbs and format/Message.fbs of Apache Arrow.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC, CONTINUED = b"ARROW1", b"\xff\xff\xff\xff"
BLOCK, BUFFER = struct.Struct("<qi4xq"), struct.Struct("<qq")
AS_IT_IS = -1  # the length written before a buffer that compression did not make smaller


@dataclass(frozen=True, slots=True)
class Piece:
    """A record batch or a dictionary: the unpacked bytes of its buffers, and whether they are compressed."""

    bytes: int
    packed: bool


class Table:
    """A FlatBuffers table at an offset of a buffer."""

    def __init__(self, data: memoryview, at: int) -> None:
        self._data, self._at = data, at
        self._fields = at - _int(data, at)

    @classmethod
    def root(cls, data: memoryview) -> Table:
        """The root table of a buffer."""
        return cls(data, _uint(data, 0))

    def place(self, field: int) -> int | None:
        """The offset of a field; None when it is absent."""
        slot = 4 + 2 * field
        if slot >= int.from_bytes(self._data[self._fields : self._fields + 2], "little"):
            return None
        offset = int.from_bytes(self._data[self._fields + slot : self._fields + slot + 2], "little")
        return self._at + offset if offset else None

    def table(self, field: int) -> Table | None:
        """A field that is a table."""
        at = self.place(field)
        return None if at is None else Table(self._data, at + _uint(self._data, at))

    def structs(self, field: int, form: struct.Struct) -> Iterator[tuple[int, ...]]:
        """A field that is a vector of structs."""
        if (at := self.place(field)) is not None:
            start = at + _uint(self._data, at)
            count = _uint(self._data, start)
            yield from form.iter_unpack(self._data[start + 4 : start + 4 + count * form.size])


def pieces(data: memoryview) -> Iterator[Piece]:
    """The dictionaries and batches in an Arrow file's footer.

    Raises:
        ValueError: When it is damaged.
    """
    try:
        end = len(data) - len(MAGIC) - 4
        footer = Table.root(data[end - _uint(data, end) : end])
        for blocks in (2, 3):
            for offset, description, _ in footer.structs(blocks, BLOCK):
                yield _piece(data, offset, description, is_dictionary=blocks == 2)
    except (struct.error, IndexError) as wrong:
        raise ValueError("the description of an Arrow file is damaged") from wrong


def _piece(data: memoryview, offset: int, description: int, *, is_dictionary: bool) -> Piece:
    start = offset + (8 if data[offset : offset + 4] == CONTINUED else 4)
    batch = Table.root(data[start : offset + description]).table(2)
    if batch is not None and is_dictionary:
        batch = batch.table(1)
    if batch is None:
        raise ValueError("a piece of an Arrow file has no description")
    body, packed = offset + description, batch.place(3) is not None
    return Piece(sum(_unpacked(data, body + at, length) if packed else length for at, length in batch.structs(2, BUFFER)), packed)


def _unpacked(data: memoryview, at: int, length: int) -> int:
    if length < 8:
        return 0
    said = int.from_bytes(data[at : at + 8], "little", signed=True)
    return length - 8 if said == AS_IT_IS else max(said, 0)


def _int(data: memoryview, at: int) -> int:
    found: int = struct.unpack_from("<i", data, at)[0]
    return found


def _uint(data: memoryview, at: int) -> int:
    found: int = struct.unpack_from("<I", data, at)[0]
    return found
