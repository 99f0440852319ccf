"""The values that a search tries of one setting, written in a short form such as loguniform(0.01, 0.3) or 0.05; 0.1; 0.2."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from pipelines.catalogue.params import Range

MOST_VALUES = 1_000
CALL = re.compile(r"\s*(q?)(uniform|loguniform|normal|lognormal|randint|choice)\s*\((.*)\)\s*", re.S)
FORMS = "uniform(0, 1), loguniform(0.01, 1), normal(5, 1), lognormal(0, 1), or values such as 1; 2; 4"
Read = Callable[[Any], Any]  # a value that a setting accepts; else ValueError with the rest of a sentence


@dataclass(frozen=True)
class Values:
    """Some values, each as likely as the others."""

    values: tuple[Any, ...]

    def at(self, share: float) -> Any:
        """Return the value that a share of all lies below."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def share_of(self, value: Any) -> float:
        """Return the share in the middle of those whose value it is."""
        return (self.values.index(value) + 0.5) / len(self.values)

    def holds(self, value: Any) -> bool:
        """Return whether a value is one of these."""
        return value in self.values

    def grid(self, points: int) -> Sequence[Any]:
        """Return all values, however many there are."""
        return self.values


@dataclass(frozen=True)
class Numbers:
    """Numbers of a range; `log` spreads them evenly over their logarithms. With a `step`, they are low + k × step.

    Of a normal distribution, `mean` and `deviation` are known, of the logarithm if it is logarithmic; the range cuts it.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None
    whole: bool = False
    mean: float = 0.0
    deviation: float | None = None

    def at(self, share: float) -> float | int:
        """Return the number that a share of all lies below."""
        if self.whole and self.deviation is None and self.step is None and not self.log:
            return min(int(self.low + share * (self.high - self.low + 1)), int(self.high))
        low, high = self._unbent(self.low), self._unbent(self.high)
        if self.deviation is None:
            found = low + share * (high - low)
        else:
            normal = NormalDist(self.mean, self.deviation)
            least, most = normal.cdf(low), normal.cdf(high)
            found = normal.inv_cdf(min(max(least + share * (most - least), 1e-12), 1 - 1e-12))
        return self._stepped(math.exp(found) if self.log else found)

    def share_of(self, value: float) -> float:
        """Return the share of all numbers that lies below a number."""
        low, high, found = self._unbent(self.low), self._unbent(self.high), self._unbent(value)
        if self.deviation is not None:
            normal = NormalDist(self.mean, self.deviation)
            low, high, found = normal.cdf(low), normal.cdf(high), normal.cdf(found)
        return min(max((found - low) / (high - low), 0.0), 1.0) if high > low else 0.5

    def holds(self, value: Any) -> bool:
        """Return whether a value is a number of the range."""
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high

    def grid(self, points: int) -> Sequence[float | int]:
        """Return as many numbers, evenly spread from end to end; fewer where the range has fewer."""
        shares = [place / max(points - 1, 1) for place in range(points)]
        if self.deviation is not None:
            shares = [(place + 0.5) / points for place in range(points)]
        return list(dict.fromkeys(self.at(share) for share in shares))

    def _unbent(self, value: float) -> float:
        return (math.log(value) if value > 0 else -math.inf) if self.log else value

    def _stepped(self, value: float) -> float | int:
        """The number in the range that a number stands for, without the digits that rounding adds."""
        if self.step is not None:
            value = float(f"{self.low + round((value - self.low) / self.step) * self.step:.12g}")
            value = value if value <= self.high else float(f"{value - self.step:.12g}")
        found = min(max(value, self.low), self.high)
        return round(found) if self.whole else found


Distribution = Values | Numbers


def parsed(text: str, read: Read, *, whole: bool, number: bool, bounds: Range) -> Distribution:
    """Return the distribution that a short form describes.

    Args:
        text: The short form.
        read: Reads a value of the setting.
        whole: Whether its values are whole numbers.
        number: Whether its values are numbers.
        bounds: The numbers that it accepts.

    Raises:
        ValueError: With the rest of a sentence that starts with the setting's name.
    """
    call = CALL.fullmatch(text)
    if call is None or call[2] == "choice":
        listed = text if call is None else call[3].replace(",", ";")
        return _values([part.strip() for part in listed.split(";") if part.strip()], read, text)
    if not number:
        raise ValueError(f"has no numbers to draw; give values such as a; b, not {text.strip()[:60]}")
    quantised, name, inside = call.groups()
    try:
        arguments = [float(part) for part in inside.split(",")]
    except ValueError:
        raise ValueError(f"cannot be searched over “{text.strip()[:60]}”; write {FORMS}") from None
    expected = (1 if name == "randint" and len(arguments) == 1 else 2) + bool(quantised)
    if len(arguments) != expected or not all(map(math.isfinite, arguments)):
        raise ValueError(f"needs {expected} finite numbers in {quantised}{name}(…), not “{inside.strip()[:60]}”")
    return _numbers(name, arguments, bool(quantised), read, whole, bounds)


def _numbers(name: str, arguments: Sequence[float], quantised: bool, read: Read, whole: bool, bounds: Range) -> Numbers:
    step = arguments[-1] if quantised else None
    if step is not None and step <= 0:
        raise ValueError("needs a step above 0")
    log = name.startswith("log")
    if name == "randint":  # as HyperDrive has it: below the number
        low, high = (0.0, arguments[0] - 1) if len(arguments) == 1 else (arguments[0], arguments[1])
    elif name.endswith("normal"):
        mean, deviation = arguments[:2]
        if deviation <= 0:
            raise ValueError("needs a standard deviation above 0")
        ends = mean - 4 * deviation, mean + 4 * deviation
        try:
            low, high = (math.exp(ends[0]), math.exp(ends[1])) if log else ends
        except OverflowError:
            raise ValueError("has numbers that are too large") from None
        return Numbers(*_cut(low, high, bounds, whole), log, step, whole, mean, deviation)
    else:
        low, high = arguments[:2]
    if low > high:
        raise ValueError(f"needs a range from the lower to the higher number, not from {low:g} to {high:g}")
    if log and low <= 0:
        raise ValueError(f"needs numbers above 0 for a logarithmic range, not {low:g}")
    return Numbers(read(low), read(high), log, step, whole)


def _cut(low: float, high: float, bounds: Range, whole: bool) -> tuple[float, float]:
    """The ends of a normal distribution within the bounds of the setting."""
    least, most = bounds.min if bounds.min is not None else -math.inf, bounds.max if bounds.max is not None else math.inf
    least = math.nextafter(least, math.inf) if bounds.exclusive_min else least
    most = math.nextafter(most, -math.inf) if bounds.exclusive_max else most
    low, high = max(low, least), min(high, most)
    if low > high:
        raise ValueError(f"has no values that it accepts between {low:g} and {high:g}")
    return (float(math.ceil(low)), float(math.floor(high))) if whole else (low, high)


def _values(parts: Sequence[str], read: Read, text: str) -> Values:
    if not 1 <= len(parts) <= MOST_VALUES:
        raise ValueError(f"needs 1 to {MOST_VALUES:,} values, such as 1; 2; 4, not “{text.strip()[:60]}”")
    return Values(tuple(dict.fromkeys(read(part) for part in parts)))
