"""The reference: what each input column and score of a version held in training, in the bins that live rows are counted in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec
import numpy as np

from pipelines.monitoring.tally import Numbers, Tally, numbers_of, tally_numbers, tally_presence, tally_texts, text_of

FINE_BINS = 50  # of a number, for distances: five of them are a decile
GROUP_SHARE = 0.1  # of the reference in each group of bins that PSI compares
CATEGORY_SHARE = 0.01  # of the reference from which a category has its own bin
CLEAR_SHARE = 0.02  # from which there is no doubt of that
MOST_TEXTS = 1000  # distinct texts; a column with more is free text
Kind = Literal["number", "category", "presence"]
Role = Literal["input", "score"]
KINDS: Mapping[str, Kind] = {"integer": "number", "number": "number", "text": "category", "boolean": "category"}
NO_KIND = "Only gaps are watched: dates and times differ from those of training at any time."
FREE_TEXT = f"Only gaps are watched: training had more than {MOST_TEXTS:,} different texts, or hardly one twice."
NO_VALUES = "Only gaps are watched: the reference has no value."


class ColumnProfile(msgspec.Struct, frozen=True, dict=True):
    """A column of the reference.

    Args:
        name: Its name.
        role: Whether requests give it, or the version answers it.
        kind: How it is counted; `presence` counts gaps alone, for the reason in `why`.
        tally: The counts of the reference.
        edges: Upper ends of the bins of a number, but the last.
        spread: The standard deviation of a number.
        categories: The texts with a bin each. The bin after them has the other texts of the reference, the last one new texts.
        others: The texts of the reference that share a bin.
        singles: How many texts the reference has once: their share estimates that of new texts without any change (Good and Turing).
        texts: The rows of the reference with a text, of which `tally` may count half.
        why: Why gaps alone are counted.
        importance: The share of an input in the importance of all; None where it was not measured.
    """

    name: str
    role: Role
    kind: Kind
    tally: Tally
    edges: tuple[float, ...] = ()
    spread: float = 0.0
    categories: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    singles: int = 0
    texts: int = 0
    why: str = ""
    importance: float | None = None

    @cached_property
    def _edges(self) -> Numbers:
        return np.array(self.edges, dtype=np.float64)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self.categories)} | dict.fromkeys(self.others, len(self.categories))

    def count(self, values: Sequence[Any]) -> Tally:
        """Count values as they stand in requests and answers, in JSON."""
        if self.kind == "number":
            low, high = self.tally.low, self.tally.high
            return tally_numbers(values, self._edges, -np.inf if low is None else low, np.inf if high is None else high)
        if self.kind == "category":
            return tally_texts(values, self._places, len(self.categories) + 2)
        return tally_presence(values)

    @cached_property
    def groups(self) -> list[int]:
        """Return the first bin of each group of bins that PSI compares: deciles of a number, where ties allow, and each bin of a category.

        New texts are one group with the other rare ones: no reference has them, so that alone they would always differ.
        """
        bins = self.tally.bins
        if self.kind != "number":
            return [*range(len(bins) - 1)]
        least, starts, held = GROUP_SHARE * sum(bins) * (1 - 1e-9), [0], 0
        for place, count in enumerate(bins[:-1]):
            held += count
            if held >= least:
                starts.append(place + 1)
                held = 0
        return starts


class Profile(msgspec.Struct, frozen=True):
    """The reference of a version: its columns, the number of its rows, and which rows they are, in words."""

    columns: tuple[ColumnProfile, ...]
    rows: int
    words: str = ""

    def count(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, Tally]:
        """Count rows, given by column; a column that is not given is left out."""
        return {column.name: column.count(columns[column.name]) for column in self.columns if column.name in columns}

    def weighted(self, importance: Mapping[str, float]) -> Profile:
        """Return the reference with the importance of its inputs."""
        return msgspec.structs.replace(
            self, columns=tuple(msgspec.structs.replace(column, importance=importance.get(column.name)) for column in self.columns)
        )


def profile(inputs: Mapping[str, tuple[str, Sequence[Any]]], scores: Mapping[str, tuple[str, Sequence[Any]]], words: str = "") -> Profile:
    """Describe reference rows.

    Args:
        inputs, scores: By name the type that a signature gives the column, and its values in JSON.
        words: Which rows they are.
    """
    sides: tuple[tuple[Role, Mapping[str, tuple[str, Sequence[Any]]]], ...] = (("input", inputs), ("score", scores))
    found = [column_profile(name, role, type, values) for role, columns in sides for name, (type, values) in columns.items()]
    return Profile(tuple(found), max((column.tally.rows for column in found), default=0), words)


def column_profile(name: str, role: Role, type: str, values: Sequence[Any]) -> ColumnProfile:
    """Describe a column of the reference."""
    kind = KINDS.get(type)
    if kind == "number":
        found, _ = numbers_of(values)
        found = found[np.isfinite(found)]
        if len(found):
            return _number_profile(name, role, values, found)
    elif kind == "category":
        counts = Counter(text_of(value) for value in values if value is not None)
        rows = counts.total()
        if len(counts) > MOST_TEXTS or (rows > 20 and len(counts) > rows / 2):
            return ColumnProfile(name, role, "presence", tally_presence(values), why=FREE_TEXT)
        if rows:
            return _category_profile(name, role, values, counts)
    return ColumnProfile(name, role, "presence", tally_presence(values), why=NO_VALUES if kind else NO_KIND)


def _number_profile(name: str, role: Role, values: Sequence[Any], found: Numbers) -> ColumnProfile:
    edges = np.unique(np.quantile(found, np.arange(1, FINE_BINS) / FINE_BINS, method="inverted_cdf"))
    low, high = float(found.min()), float(found.max())
    tally = tally_numbers(values, edges, low, high)
    return ColumnProfile(name, role, "number", tally, tuple(edges.tolist()), float(found.std()))


def _category_profile(name: str, role: Role, values: Sequence[Any], counts: Counter[str]) -> ColumnProfile:
    """Which texts have a bin is decided by half of the rows where some are rare, and the other half is counted.

    Shares of texts that were chosen for being frequent in the same rows are too large: without any change later rows would differ from them.
    """
    rows, counted = counts.total(), values
    own = tuple(sorted(counts))
    if min(counts.values()) < CLEAR_SHARE * rows:
        chosen, counted = Counter(text_of(value) for value in values[::2] if value is not None), values[1::2] or values
        own = tuple(sorted(text for text, count in chosen.items() if count >= CATEGORY_SHARE * chosen.total()))
    others = tuple(sorted(counts.keys() - {*own}))
    singles = sum(count == 1 for count in counts.values())
    places = {text: place for place, text in enumerate(own)} | dict.fromkeys(others, len(own))
    tally = tally_texts(counted, places, len(own) + 2)
    return ColumnProfile(name, role, "category", tally, categories=own, others=others, singles=singles, texts=rows)
