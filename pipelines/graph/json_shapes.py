"""What values in a document's JSON may be."""

from __future__ import annotations

import math
import re
import reprlib

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
LONGEST_TEXT = 1_000_000
DEEPEST = 20
SHORT = reprlib.Repr()  # repr() itself fails on deeply nested values
SHORT.maxstring = 60


def is_group(value: object) -> bool:
    """Return whether it can be the id of a sub-pipeline, or none."""
    return value is None or (isinstance(value, str) and (value == "" or ID.match(value) is not None))


def is_position(value: object) -> bool:
    """Return whether it is a place on the canvas."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(is_coordinate(number) for number in value)


def is_endpoint(end: object) -> bool:
    """Return whether it names a port of a node."""
    return isinstance(end, str) and end.count(".") == 1 and all(ID.match(part) for part in end.split("."))


def is_text(value: object, longest: int) -> bool:
    """Return whether it is a text, not longer than `longest`."""
    return isinstance(value, str) and len(value) <= longest and trouble_of(value) is None


def is_coordinate(number: object) -> bool:
    """Return whether it is a finite number."""
    return isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e9 and math.isfinite(number)


def trouble_of(value: object, depth: int = 0) -> str | None:
    """Return why a JSON value may not be stored, as the end of a sentence; None when it may."""
    if depth > DEEPEST:
        return f"lists or objects nested more than {DEEPEST} deep"
    match value:
        case None | bool():
            return None
        case int() if abs(value) > 2**63 - 1:
            return "a whole number beyond 64 bits"
        case float() if not math.isfinite(value):
            return "a number that is not finite"
        case str() if len(value) > LONGEST_TEXT:
            return "text longer than a million characters"
        case str() if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            return "text with a character that cannot be stored"
        case int() | float() | str():
            return None
        case list() | tuple():
            return next((trouble for item in value if (trouble := trouble_of(item, depth + 1))), None)
        case dict():
            return next((trouble for pair in value.items() for item in pair if (trouble := trouble_of(item, depth + 1))), None)
    return f"a {type(value).__name__}, which is not JSON"


def short(value: object) -> str:
    """Return a short representation of any value."""
    text = SHORT.repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
