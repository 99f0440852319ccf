"""Columns of random values, described in lines such as "age = normal(40, 12)"."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError

LINE = re.compile(r"\s*(?P<name>.+?)\s*=\s*(?P<kind>\w+)\s*\((?P<arguments>.*)\)\s*$")
NAMED = re.compile(r"\s*([a-z]+)\s*=(.*)$")
MISSING = "missing"  # an argument that every distribution takes
Draw = Callable[..., Any]


@dataclass(frozen=True)
class Distribution:
    """A kind of column: its arguments with their defaults, how they are read, and how values are drawn."""

    arguments: Mapping[str, Any]
    draw: Draw
    read: Callable[[str], Any] = float
    dtype: Any = pl.Float64


@dataclass(frozen=True)
class Column:
    """A column as its line describes it. `values` are the values of a choice."""

    name: str
    kind: str
    line: int
    arguments: Mapping[str, Any]
    missing: float | None
    dtype: Any
    values: tuple[str, ...] = ()


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _start(text: str) -> Any:
    """The start of a sequence, or its step: a date, a whole number or a number."""
    for read in (int, float, _date):
        try:
            return read(text)
        except ValueError:
            pass
    raise ValueError


def _days(source: np.random.Generator, rows: int, first: date, last: date) -> Any:
    return np.datetime64(first) + source.integers(0, (last - first).days, rows, endpoint=True)


def _times(source: np.random.Generator, rows: int, first: datetime, last: datetime) -> Any:
    return np.datetime64(first, "us") + source.integers(0, round((last - first).total_seconds()), rows, endpoint=True) * np.timedelta64(
        1, "s"
    )


def _sequence(source: np.random.Generator, rows: int, start: Any, step: Any) -> Any:
    return (np.datetime64(start) if isinstance(start, date) else start) + np.arange(rows) * step


DISTRIBUTIONS: Mapping[str, Distribution] = {
    "normal": Distribution({"mean": 0.0, "deviation": 1.0}, lambda source, rows, mean, deviation: source.normal(mean, deviation, rows)),
    "lognormal": Distribution(
        {"mean": 0.0, "deviation": 1.0}, lambda source, rows, mean, deviation: source.lognormal(mean, deviation, rows)
    ),
    "uniform": Distribution({"low": 0.0, "high": 1.0}, lambda source, rows, low, high: source.uniform(low, high, rows)),
    "exponential": Distribution({"mean": 1.0}, lambda source, rows, mean: source.exponential(mean, rows)),
    "gamma": Distribution({"shape": 1.0, "scale": 1.0}, lambda source, rows, shape, scale: source.gamma(shape, scale, rows)),
    "beta": Distribution({"a": 1.0, "b": 1.0}, lambda source, rows, a, b: source.beta(a, b, rows)),
    "poisson": Distribution({"mean": 1.0}, lambda source, rows, mean: source.poisson(mean, rows), dtype=pl.Int64),
    "binomial": Distribution({"n": 1, "p": 0.5}, lambda source, rows, n, p: source.binomial(int(n), p, rows), dtype=pl.Int64),
    "integers": Distribution(
        {"low": 0, "high": 100}, lambda source, rows, low, high: source.integers(low, high, rows, endpoint=True), int, pl.Int64
    ),
    "bernoulli": Distribution({"p": 0.5}, lambda source, rows, p: source.binomial(1, p, rows).astype(bool), dtype=pl.Boolean),
    "dates": Distribution({"first": date(2024, 1, 1), "last": date(2024, 12, 31)}, _days, _date, pl.Date),
    "times": Distribution({"first": datetime(2024, 1, 1), "last": datetime(2024, 12, 31, 23, 59, 59)}, _times, _moment, pl.Datetime("us")),
    "sequence": Distribution({"start": 1, "step": 1}, _sequence, _start, None),
}
CHOICE = "choice"
KINDS = (*DISTRIBUTIONS, CHOICE)


def read_columns(text: str) -> list[Column]:
    """Return the columns of a text, one a line.

    Raises:
        ModuleError: `wrong_distribution`, with the line, and the column where it is known.
    """
    found = [
        _column(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.lstrip().startswith("#")
    ]
    if not found:
        raise ModuleError("no_data", "No column is described.", param="lines", remedy="Enter a line such as “age = normal(40, 12)”.")
    for place, each in enumerate(found):
        if each.name in (earlier.name for earlier in found[:place]):
            raise _wrong(each.line, each.name, "an earlier column has this name")
    return found


def draw(column: Column, rows: int, seed: int, missing: float) -> pl.Series:
    """Return a column of random values. Its name is part of its seed: other columns do not change it.

    Raises:
        ModuleError: `wrong_distribution`, when NumPy refuses the arguments.
    """
    source = np.random.default_rng([seed, crc32(column.name.encode())])
    try:
        if column.kind == CHOICE:
            shares = np.array(column.arguments["shares"])
            values = pl.Series(column.values, dtype=pl.String).gather(source.choice(len(shares), rows, p=shares / shares.sum()))
        else:
            values = pl.Series(DISTRIBUTIONS[column.kind].draw(source, rows, **column.arguments), dtype=column.dtype)
    except (ValueError, TypeError, OverflowError, pl.exceptions.PolarsError) as wrong:
        raise _wrong(column.line, column.name, " ".join(str(wrong).split())[:200].rstrip(".")) from wrong
    share = column.missing if column.missing is not None else 0 if column.kind == "sequence" else missing
    if share:
        values = values.to_frame("value").select(pl.when(pl.Series(source.random(rows) >= share)).then(pl.col("value"))).to_series()
    return values.alias(column.name)


def _column(number: int, line: str) -> Column:
    found = LINE.match(line)
    if found is None:
        raise _wrong(number, None, f"“{line.strip()[:60]}” is not a column such as “age = normal(40, 12)”")
    name, kind = found["name"], found["kind"].lower()
    if kind not in KINDS:
        raise _wrong(number, name, f"there is no distribution “{kind}”; there are {', '.join(KINDS)}")
    parts = [part.strip() for part in next(csv.reader([found["arguments"]], skipinitialspace=True), [])]
    given = [(match[1], match[2].strip()) if (match := NAMED.match(part)) else ("", part) for part in parts]
    missing = [value for key, value in given if key == MISSING]
    share = _read(number, name, MISSING, float, missing[-1]) if missing else None
    if share is not None and not 0 <= share <= 1:
        raise _wrong(number, name, f"the share of missing values is {share:g}, not 0 to 1")
    given = [(key, value) for key, value in given if key != MISSING]
    if kind == CHOICE:
        values, shares = _shares(number, name, [value if not key else f"{key}={value}" for key, value in given])
        return Column(name, kind, number, {"shares": shares}, share, pl.String, values)
    arguments = _arguments(number, name, DISTRIBUTIONS[kind], given)
    return Column(name, kind, number, arguments, share, DISTRIBUTIONS[kind].dtype or _dtype(arguments))


def _dtype(arguments: Mapping[str, Any]) -> Any:
    """The type of a sequence."""
    if isinstance(arguments["start"], date):
        return pl.Date
    return pl.Int64 if all(isinstance(value, int) for value in arguments.values()) else pl.Float64


def _arguments(number: int, name: str, kind: Distribution, given: Sequence[tuple[str, str]]) -> dict[str, Any]:
    known, found = list(kind.arguments), dict(kind.arguments)
    if len(given) > len(known):
        raise _wrong(number, name, f"{len(given)} arguments, but there are {len(known)}: {', '.join(known)}")
    for place, (key, text) in enumerate(given):
        key = key or known[place]
        if key not in known:
            raise _wrong(number, name, f"there is no argument “{key}”; there are {', '.join(known)}")
        found[key] = _read(number, name, key, kind.read, text)
    if "first" in found and found["last"] < found["first"]:
        raise _wrong(number, name, f"the last of {found['first']} to {found['last']} is before the first")
    if isinstance(found.get("start"), date) and not isinstance(found["step"], int):
        raise _wrong(number, name, "the step between dates is a whole number of days")
    return found


def _shares(number: int, name: str, parts: Sequence[str]) -> tuple[tuple[str, ...], list[float]]:
    """The values of a choice and their shares, such as "red: 3, blue: 1"; 1 without a share."""
    values, shares = [], []
    for part in parts:
        value, colon, share = part.rpartition(":")
        values.append((value if colon else part).strip())
        shares.append(_read(number, name, f"share of “{values[-1]}”", float, share) if colon else 1.0)
    if not values or min(shares) < 0 or not 0 < sum(shares) < float("inf"):
        raise _wrong(number, name, "a choice needs values with shares of at least 0 that are not all 0, such as choice(red: 3, blue: 1)")
    return tuple(values), shares


def _read(number: int, name: str, key: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        value = read(text.strip())
    except ValueError:
        raise _wrong(number, name, f"“{text.strip()[:40]}” is no value of the argument {key}") from None
    if isinstance(value, float) and not np.isfinite(value):
        raise _wrong(number, name, f"the argument {key} is not finite")
    return value


def _wrong(number: int, name: str | None, what: str) -> ModuleError:
    words = f"Line {number}{f', column “{name}”' if name else ''}: {what}."
    return ModuleError(
        "wrong_distribution", words, param="lines", column=name, remedy="Correct this line; the help lists the distributions."
    )
