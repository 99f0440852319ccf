"""Bounded lib0 reader without recursion: Yjs itself reads nested values recursively, and deep ones overflow the stack."""

from __future__ import annotations

DEEPEST = 60
LARGEST_CLIENT = 2**53
INTEGER, BYTES, ARRAY, OBJECT, TEXT = 125, 116, 117, 118, 119
FIXED_SIZE = {120: 0, 121: 0, 122: 8, 123: 8, 124: 4, 126: 0, 127: 0}
Id = tuple[int, int]


class BadUpdate(Exception):
    """Bytes that are not an edit of this document."""


class TooDeep(BadUpdate):
    """An edit or a draft that is nested deeper than allowed."""

    def __init__(self) -> None:
        super().__init__(f"it is nested more than {DEEPEST} levels deep")


class Reader:
    """Bytes and a read position. It raises IndexError or UnicodeDecodeError where they are cut off or damaged."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.size = data, 0, len(data)

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def uint(self) -> int:
        value = self.data[self.at]
        self.at += 1
        if value < 0x80:
            return value
        value &= 0x7F
        for shift in range(7, 63, 7):
            part = self.data[self.at]
            self.at += 1
            value |= (part & 0x7F) << shift
            if part < 0x80:
                return value
        raise BadUpdate("a number is too large")

    def count(self) -> int:
        """The number of parts that follow, each at least one byte: Yjs allocates memory for them before it reads them."""
        value = self.uint()
        if value > self.size - self.at:
            raise BadUpdate("it is cut off")
        return value

    def skip(self, length: int) -> None:
        self.at += length
        if self.at > self.size:
            raise BadUpdate("it is cut off")

    def text(self) -> str:
        length = self.uint()
        start = self.at
        self.skip(length)
        return str(self.data[start : self.at], "utf-8")

    def client(self) -> int:
        value = self.uint()
        if value > LARGEST_CLIENT:
            raise BadUpdate("a client number is too large")
        return value

    def id(self) -> Id:
        return self.client(), self.uint()

    def json(self) -> None:
        """JSON text, which no canvas writes: too many brackets are rejected whether nested or not."""
        text = self.text()
        if text.count("[") + text.count("{") > DEEPEST:
            raise TooDeep

    def any(self) -> None:
        """A value with its nested values."""
        left, keyed = [1], [False]  # values left, and whether each has a key, for the value and every list around it
        while left:
            if left[-1] == 0:
                left.pop()
                keyed.pop()
                continue
            left[-1] -= 1
            if keyed[-1]:
                self.text()
            tag = self.byte()
            if tag in (ARRAY, OBJECT):
                if len(left) > DEEPEST:
                    raise TooDeep
                left.append(self.count())
                keyed.append(tag == OBJECT)
            else:
                self._scalar(tag)

    def _scalar(self, tag: int) -> None:
        if tag == TEXT:
            self.text()
        elif tag == INTEGER:
            while self.byte() >= 0x80:
                pass
        elif tag == BYTES:
            self.skip(self.uint())
        elif tag in FIXED_SIZE:
            self.skip(FIXED_SIZE[tag])
        else:
            raise BadUpdate("it contains a value of unknown type")
