"""What the name of a column says: whether it names things or rows, such as `customer_id`, `PassengerId` or `patient`."""

from __future__ import annotations

import re

IDS = frozenset({"id", "ids", "uuid", "guid"})
NUMBERED = frozenset({"no", "nr", "number", "num", "code", "name", "key", "hash"})
THINGS = frozenset(
    "account case client clinic company customer device driver employee family group hospital household invoice machine member order owner "
    "passenger patient person player record row school sensor session shop store student subject ticket transaction user vehicle".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_TOGETHER = re.compile(rf"({'|'.join(sorted(THINGS))})s?_?(id|key|no|nr|uuid|guid)")


def is_id(column: str) -> bool:
    """Return whether a column is named as an id: `id`, `customer_id`, `userId`, `customerid`, `row_number`."""
    words = words_of(column)
    numbered = len(words) > 1 and words[-1] in NUMBERED and words[-2] in THINGS
    return bool({*words[:1], *words[-1:]} & IDS) or numbered or words == ["key"] or bool(words and _TOGETHER.fullmatch(words[-1]))


def names_things(column: str) -> bool:
    """Return whether a column is named after the things that its values stand for: as an id, or `patient`, but not `patient_age`."""
    return is_id(column) or bool((words := words_of(column)) and words[-1].removesuffix("s") in THINGS)


def words_of(column: str) -> list[str]:
    """Return the words of a name, in small letters: those of `PassengerId` are `passenger` and `id`."""
    return [word.lower() for word in _WORD.findall(column)]
