"""Notes for users on how text was read: missing values, dates, and why a column stayed text."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.texts.rules import Rules

Count = dict[str, dict[str, int]]
"""How often each word stands in each column; for columns past those that are named, how often any does."""
NAMED = 20
LONGEST = 40


def as_missing(counts: Count, rules: Rules) -> list[str]:
    """Report the words read as missing, by column."""
    return _each(
        counts, rules, "Column {}: {} read as missing.", "{:,} more columns have values that were read as missing, {:,} cells in total."
    )


def as_infinite(counts: Count, rules: Rules) -> list[str]:
    """Report infinite numbers, which few steps support."""
    words = "Column {}: {} read as infinite. To read them as missing, add inf and -inf to the missing values in the upload options, or leave the cells empty."
    return _each(counts, rules, words, "{:,} more columns have infinite numbers, {:,} cells in total.")


def kept_words(counts: Count, rules: Rules) -> list[str]:
    """Report words that stay values because their columns are text."""
    if not counts:
        return []
    listed = [f"{_named(name)} ({_times(words, rules)})" for name, words in list(counts.items())[:NAMED]]
    more = f" and {len(counts) - NAMED:,} more" if len(counts) > NAMED else ""
    return [
        f"Text columns contain words that may mean a missing value: {', '.join(listed)}{more}. If they do, turn on “Also in text columns” in the upload options, or leave the cells empty."
    ]


def read_as_dates(orders: Mapping[str, str], settling: Mapping[str, str | None], rules: Rules) -> list[str]:
    """Report the columns with dates that are not ISO, and how they were read."""
    notes = []
    for name, first in orders.items():
        value = settling.get(name)
        why = (
            f", as “{value[:LONGEST]}” shows"
            if value
            else ", as set in the upload options"
            if first != "year" and rules.dates != "auto"
            else ""
        )
        notes.append(f"Column {_named(name)} was read as dates, {first} first{why}.")
    return some(notes, "{:,} more columns were read as dates.")


def day_or_month(doubtful: Mapping[str, str]) -> list[str]:
    """Report columns that stay text because the order of day and month is ambiguous."""
    notes = [
        f"Column {_named(name)} stays text: its dates, such as “{value[:LONGEST]}”, can be read day first or month first. Select the order in the upload options, or write dates as 2024-12-31."
        for name, value in doubtful.items()
    ]
    return some(notes, "{:,} more columns of dates stay text for the same reason.")


def nearly(name: str, title: str, odd: int, example: str | None) -> list[str]:
    """Report why a column is text although most of its values have another type."""
    if odd == 0:
        if title != "dates":
            return [f"Column {_named(name)} is text because some of its numbers have a decimal point, others a decimal comma."]
        return [f"Column {_named(name)} is text because its dates have different formats, or different orders of day and month."]
    if example is None or example.isdecimal():  # a long number, which serves as an identifier
        return []
    count = f"a value is not {_one(title)}" if odd == 1 else f"{odd:,} values are not {title}"
    return [f"Column {_named(name)} is text because {count}: “{example[:LONGEST]}”."]


def _one(title: str) -> str:
    return "a number" if title == "numbers" else "a date"


def _each(counts: Count, rules: Rules, words: str, more: str) -> list[str]:
    notes = []
    for name, found in list(counts.items())[:NAMED]:
        verb = "was" if sum(found.values()) == 1 else "were"
        notes.append(words.format(_named(name), f"{_times(found, rules)} {verb}"))
    if left := list(counts.values())[NAMED:]:
        notes.append(more.format(len(left), sum(sum(found.values()) for found in left)))
    return notes


def _times(found: Mapping[str, int], rules: Rules) -> str:
    shown = {word.strip().lower(): word.strip() for word in reversed(rules.missing_words)}
    said = [f"{count:,} × “{shown.get(word, word)[:LONGEST]}”" for word, count in found.items()]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def some(notes: list[str], more: str) -> list[str]:
    """Return the first notes, and how many more there are."""
    return notes if len(notes) <= NAMED else [*notes[:NAMED], more.format(len(notes) - NAMED)]


def _named(name: str) -> str:
    return f"“{name[:60]}”"
