"""The values of a number that a search tries."""

from __future__ import annotations

from dataclasses import dataclass
from math import log


@dataclass(frozen=True)
class Span:
    """The values of a number that are tried: between two bounds, by their logarithm or not, whole or not."""

    low: float
    high: float
    log: bool = True
    whole: bool = False

    def at(self, place: float) -> float | int:
        """Return the value at a place from 0 to 1."""
        place = min(max(place, 0.0), 1.0)
        value = self.low * (self.high / self.low) ** place if self.log else self.low + (self.high - self.low) * place
        return round(value) if self.whole else float(f"{value:.4g}")

    def place(self, value: float) -> float:
        """Return the place of a value, from 0 to 1."""
        share = (
            log(max(value, self.low) / self.low) / log(self.high / self.low) if self.log else (value - self.low) / (self.high - self.low)
        )
        return min(max(share, 0.0), 1.0)
