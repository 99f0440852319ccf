"""Nesting limits of a draft, checked on the bytes: Yjs parses nested content recursively, and a stack overflow ends the process."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc

from designer.documents.lib0 import DEEPEST, BadUpdate, Id, Reader, TooDeep
from designer.http.errors import Refusal

LARGEST_CLOCK = 2**31
GC, SKIP, TYPE = 0, 10, 7
MAP_ARRAY_TEXT = (0, 1, 2)


@dataclass
class Scan:
    """A scanned update: for each client the clock after its last struct, and the parents of its items."""

    ends: dict[int, int] = field(default_factory=dict)
    types: list[Id] = field(default_factory=list)
    rooted: bool = True
    starts: dict[int, list[int]] = field(default_factory=dict)
    places: dict[Id, tuple[Id | None, int]] = field(default_factory=dict)

    def covered_by(self, vector: bytes) -> bool:
        """Whether a document with this state vector has all of the update; structs with a missing dependency stay pending."""
        clocks = clocks_of(vector)
        return all(clocks.get(client, 0) >= end for client, end in self.ends.items())

    def place_types(self) -> None:
        """Compute the nesting depth of each shared type; `rooted` records whether this update alone determines it.

        Raises:
            TooDeep: When the nesting is too deep.
        """
        depths: dict[Id, int] = {}
        for type_ in self.types:
            if self._depth(type_, depths) > DEEPEST:
                raise TooDeep

    def _depth(self, item: Id, depths: dict[Id, int]) -> int:
        """Follows parents and neighbours up to a root, or to an item of another update."""
        path: list[tuple[Id, int]] = []
        above: Id | None = item
        depth = 0
        while above is not None:
            at = self._item(above)
            if at is None:
                self.rooted = False
                break
            if at in depths:
                depth = depths[at]
                break
            if len(path) > len(self.places):
                raise BadUpdate("its items depend on each other")
            above, step = self.places[at]
            path.append((at, step))
        for at, step in reversed(path):
            depths[at] = depth = depth + step
        return depth

    def _item(self, id: Id) -> Id | None:
        """The start of the item that contains this clock."""
        client, clock = id
        starts = self.starts.get(client, [])
        index = bisect_right(starts, clock) - 1
        if index < 0 or clock >= self.ends[client]:
            return None
        found = client, starts[index]
        return found if found in self.places else None


def scan(update: bytes) -> Scan:
    """Read an update (lib0, version 1) without recursion.

    Raises:
        TooDeep: When a value or its shared types are nested too deep.
        BadUpdate: When it cannot be read, or has content that no pipeline has.
    """
    try:
        found = _Reader(update).update()
    except (IndexError, UnicodeDecodeError) as cut:
        raise BadUpdate("it is cut off or damaged") from cut
    if found.types:
        found.place_types()
    return found


def clocks_of(vector: bytes) -> dict[int, int]:
    """The clocks of a state vector.

    Raises:
        BadUpdate: When it is invalid.
    """
    reader = _Reader(vector)
    try:
        return dict(reader.id() for _ in range(reader.count()))
    except IndexError as cut:
        raise BadUpdate("a state vector is cut off") from cut


def apply(doc: Doc[Any], update: bytes) -> Scan:
    """Scan an update, then apply it.

    Raises:
        BadUpdate: When it is invalid or nested too deep.
    """
    found = scan(update)
    apply_scanned(doc, update)
    return found


def apply_scanned(doc: Doc[Any], update: bytes) -> None:
    """Apply an update that `scan` accepted.

    Raises:
        BadUpdate: When it is invalid.
    """
    try:
        doc.apply_update(update)
    except BaseException as fault:
        raise as_bad_update(fault) from fault


def as_bad_update(fault: BaseException) -> BadUpdate:
    """Return what the Yjs library raises as a BadUpdate; a panic of the Rust library is not an Exception."""
    if isinstance(fault, KeyboardInterrupt | SystemExit):
        raise fault
    return BadUpdate(str(fault))


def apply_kept(doc: Doc[Any], updates: Iterable[bytes]) -> None:
    """Apply updates from the database, which a version of Easel without these limits may have stored.

    Raises:
        BadUpdate: When one is invalid, or the document is nested too deep.
    """
    rooted = [apply(doc, update).rooted for update in updates]
    if not all(rooted):
        check(doc)


def check(doc: Doc[Any]) -> None:
    """Check a whole document.

    Raises:
        TooDeep: When shared types are nested too deep.
    """
    scan(doc.get_update())


def require_within(update: bytes) -> None:
    """Check an edit by the API, which has the same limits as all edits.

    Raises:
        Refusal: `too_deep`.
    """
    try:
        scan(update)
    except BadUpdate as fault:
        words = f"The pipeline cannot be saved: {fault}."
        raise Refusal(422, "too_deep", words, remedy="Use settings with less nesting.") from fault


def unreadable(fault: BadUpdate) -> Refusal:
    """The refusal of a draft that an older version of Easel stored and that cannot be opened."""
    return Refusal(
        409,
        "draft_unreadable",
        f"This pipeline cannot be opened: a saved edit cannot be read, because {fault}.",
        remedy="Replace its graph over the API (PUT graph), or delete the pipeline.",
    )


class _Reader(Reader):
    """Reader of the bytes of an update."""

    def update(self) -> Scan:
        found = Scan()
        for _ in range(self.count()):
            self._structs(found)
        for _ in range(self.count()):
            self.client()
            for _ in range(self.count()):
                self._fits(self.uint(), self.uint())
        if self.at != self.size:
            raise BadUpdate("there is data after its end")
        return found

    def _structs(self, found: Scan) -> None:
        """All structs of one client, in sequence."""
        number, client, clock = self.count(), self.client(), self.uint()
        if client in found.ends:
            raise BadUpdate("a client occurs twice")
        starts = found.starts[client] = []
        for _ in range(number):
            info = self.byte()
            starts.append(clock)
            if info in (GC, SKIP):
                length = self.uint()
            else:
                found.places[client, clock] = self._place(info)
                if info & 31 == TYPE:
                    found.types.append((client, clock))
                length = self._content(info & 31)
            clock = self._fits(clock, length)
        found.ends[client] = clock

    def _fits(self, clock: int, length: int) -> int:
        if not 0 < length < LARGEST_CLOCK or clock + length >= LARGEST_CLOCK:
            raise BadUpdate("a length is invalid")
        return clock + length

    def _place(self, info: int) -> tuple[Id | None, int]:
        """The anchor of an item and its depth below it: the parent, or a neighbour in the same parent; None is a root."""
        left = self.id() if info & 0x80 else None
        right = self.id() if info & 0x40 else None
        beside = left or right
        if beside is not None:
            return beside, 0
        if self.uint() == 1:
            parent = None
            self.text()
        else:
            parent = self.id()
        if info & 0x20:
            self.text()
        return parent, 1

    def _content(self, kind: int) -> int:
        """Read an item's content; returns its number of clocks."""
        match kind:
            case 1:
                return self.uint()
            case 2:
                number = self.count()
                for _ in range(number):
                    self.json()
                return number
            case 3:
                self.skip(self.uint())
            case 4:
                return len(self.text().encode("utf-16-le")) // 2
            case 5:
                self.json()
            case 6:
                self.text()
                self.json()
            case 7:
                if self.uint() not in MAP_ARRAY_TEXT:
                    raise BadUpdate("it contains an unknown shared type")
            case 8:
                number = self.count()
                for _ in range(number):
                    self.any()
                return number
            case _:
                raise BadUpdate("it contains unknown content")
        return 1
