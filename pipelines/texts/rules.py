"""Rules for reading text: the words for missing values, and the order of day and month in dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Order = Literal["auto", "day_first", "month_first"]
# The missing values of R, pandas, SQL dumps, Excel, SAS and Weka. Compared case-insensitively.
MISSING_WORDS = ("NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null", "None", "?", "-", ".", "\\N")
LONGEST_WORD, MOST_WORDS = 40, 100


@dataclass(frozen=True, slots=True)
class Rules:
    """How the text columns of a table are read.

    Args:
        missing_words: Texts that mean a missing value, beside empty ones.
        in_text: Whether they do so in text columns too; else only in columns of numbers, dates, or true and false.
        dates: The order of dates such as 03/04/2024, if no value of the column determines it.
    """

    missing_words: tuple[str, ...] = MISSING_WORDS
    in_text: bool = False
    dates: Order = "auto"

    @property
    def small(self) -> tuple[str, ...]:
        """Return the words in lower case, as they are compared."""
        return tuple(dict.fromkeys(word.strip().lower() for word in self.missing_words if word.strip()))


USUAL = Rules()
