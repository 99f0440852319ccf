"""What is kept of requests: rows of a share of them, and the answers that truth is joined to later. Nothing is kept unless it is switched on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Annotated

import msgspec

SPAN = 2**32
LONGEST_ID = 200
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
# Words in the name of a column that often tell of a person.
PERSONAL = frozenset(
    "address age birth birthday birthdate dob email ethnicity fax firstname gender iban income ip lastname mail marital mobile name "
    "nationality passport phone postal postcode race religion salary sex ssn street surname telephone username zip zipcode".split()
)


class Rule(msgspec.Struct, frozen=True):
    """What serving processes keep.

    Args:
        share: The percent of requests whose rows are kept.
        columns: The input columns that are kept; None for all that are not sensitive.
        sensitive: The columns that are sensitive; None for those whose names sound so.
        answers: Whether the answers of all requests are kept.
        key: The input column by which truth is joined; empty for the request's id.
    """

    share: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.0
    columns: tuple[str, ...] | None = None
    sensitive: tuple[str, ...] | None = None
    answers: bool = False
    key: str = ""

    def samples(self, request: str) -> bool:
        """Whether the rows of a request are kept. The same request is kept by every process, or by none."""
        return zlib.crc32(f"kept:{request}".encode(errors="surrogatepass")) < self.share / 100 * SPAN

    def marked(self, names: Iterable[str]) -> list[str]:
        """Which columns are sensitive."""
        return [name for name in names if (sounds_personal(name) if self.sensitive is None else name in self.sensitive)]

    def kept(self, names: Sequence[str]) -> list[str]:
        """Which columns are kept. One that came with a later version is kept only if it was not chosen which ones are."""
        if self.columns is not None:
            return [name for name in names if name in self.columns]
        marked = {*self.marked(names)}
        return [name for name in names if name not in marked]


def sounds_personal(name: str) -> bool:
    """Whether a column sounds as if it told of a person; a guess by the words of its name."""
    words = [word.lower() for word in WORD.findall(name)]
    return not PERSONAL.isdisjoint(words) or not PERSONAL.isdisjoint(one + two for one, two in pairwise(words))


def clean(text: str) -> str:
    """A text as every database can hold it."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()[:LONGEST_ID]


def key_of(request: str, row: int) -> str:
    """The key of a row of a request, where no column is the key."""
    return f"{clean(request)}#{row}"
