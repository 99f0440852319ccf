"""The encoding below Yjs (lib0), read without recursion and with bounds: Yjs itself reads nested values by recursion, which deep ones overflow."""

from __future__ import annotations

DEEPEST = 60
LARGEST_CLIENT = 2**53
INTEGER, BYTES, ARRAY, OBJECT, TEXT = 125, 116, 117, 118, 119
FIXED_SIZE = {120: 0, 121: 0, 122: 8, 123: 8, 124: 4, 126: 0, 127: 0}
Id = tuple[int, int]


class BadUpdate(Exception):
    """Bytes that are no edit of this document."""


class TooDeep(BadUpdate):
    """An edit, or a draft, that is nested deeper than is kept."""

    def __init__(self) -> None:
        super().__init__(f"it is nested more than {DEEPEST} deep")


class Reader:
    """Bytes, and how far they are read. It raises IndexError or UnicodeDecodeError where they are cut off or damaged."""

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
        raise BadUpdate("a number in it is too large")

    def count(self) -> int:
        """How many parts follow, each of a byte at least: Yjs makes room for them before it reads them."""
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
            raise BadUpdate("a client's number in it is too large")
        return value

    def id(self) -> Id:
        return self.client(), self.uint()

    def json(self) -> None:
        """JSON text, which no canvas writes: so many brackets are not even counted one in another."""
        text = self.text()
        if text.count("[") + text.count("{") > DEEPEST:
            raise TooDeep

    def any(self) -> None:
        """A value with all that is in it."""
        left, keyed = [1], [False]  # values still to come, and whether each has a key, for the value and every list around it
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
            raise BadUpdate("it holds a value of no known kind")
