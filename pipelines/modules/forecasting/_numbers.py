"""Lists of whole numbers in a text setting."""

from __future__ import annotations

from pipelines.catalogue.errors import ModuleError

MOST = 200


def whole_numbers(text: str, param: str, largest: int = 100_000) -> tuple[int, ...]:
    """Return the numbers of a list with ranges, such as "1-4, 8".

    Raises:
        ModuleError: `wrong_numbers`.
    """
    found: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        low, dash, high = (piece.strip() for piece in part.partition("-"))
        plain = low.isdecimal() and (high.isdecimal() or not dash) and len(low) < 7 and len(high) < 7
        first, last = (int(low), int(high or low)) if plain else (0, 0)
        if not 1 <= first <= last <= largest or last - first >= MOST:
            raise _wrong(text, param, largest)
        found |= set(range(first, last + 1))
    if len(found) > MOST:
        raise _wrong(text, param, largest)
    return tuple(sorted(found))


def _wrong(text: str, param: str, largest: int) -> ModuleError:
    words = f"“{text[:40]}” is not a list of whole numbers from 1 to {largest:,}."
    return ModuleError("wrong_numbers", words, param=param, remedy=f"Give up to {MOST} numbers or ranges, such as 1-4, 8.")
