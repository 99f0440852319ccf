"""How text is read: which words mean that a value is missing, and which comes first in a date, day or month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Order = Literal["auto", "day_first", "month_first"]
# What R, pandas, SQL dumps, Excel, SAS and Weka write for a missing value. Compared without regard to case.
MISSING_WORDS = ("NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null", "None", "?", "-", ".", "\\N")
LONGEST_WORD, MOST_WORDS = 40, 100


@dataclass(frozen=True, slots=True)
class Rules:
    """How the text columns of a table are read.

    Args:
        missing_words: Texts that mean a missing value, beside empty ones.
        in_text: Whether they do so in columns that stay text too; else only where all other values are numbers, dates, or true and false.
        dates: Which comes first in dates such as 03/04/2024, where no value of the column tells.
    """

    missing_words: tuple[str, ...] = MISSING_WORDS
    in_text: bool = False
    dates: Order = "auto"

    @property
    def small(self) -> tuple[str, ...]:
        """The words as they are compared."""
        return tuple(dict.fromkeys(word.strip().lower() for word in self.missing_words if word.strip()))


USUAL = Rules()
