"""A file that is no table, the name it comes under, and the failures it may be told by."""

from __future__ import annotations

from typing import NamedTuple

GOOD_ROWS = "id,name,price\n" + "".join(f"{number},car {number},{number * 10.5}\n" for number in range(40))
TEXT_KINDS = ("csv", "tsv", "txt")


class Broken(NamedTuple):
    """A file nobody can read, and the codes that would be right for it."""

    what: str
    name: str
    content: bytes
    codes: frozenset[str]


def broken(what: str, name: str, content: bytes | str, *codes: str) -> Broken:
    return Broken(what, name, content.encode() if isinstance(content, str) else content, frozenset(codes))
