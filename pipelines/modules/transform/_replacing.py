"""Values that take the place of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Frame
from pipelines.modules.transform._casting import cast

ARROW = "=>"
TRUTH = {"true": True, "false": False}
Pairs = Mapping[str | None, str | None]  # old to new; None is a missing value


@dataclass(frozen=True)
class Replaced:
    """A column after its values were replaced: its values, how many are new, and which old values were met."""

    values: pl.Series
    count: int
    met: set[str | None]


def typed_pairs(text: str) -> Pairs:
    """The pairs that a text lists, one in a line: old => new.

    Raises:
        ModuleError: `wrong_pair`, naming the line.
    """
    pairs: dict[str | None, str | None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        old, arrow, new = line.partition(ARROW)
        if not arrow:
            raise _wrong(f"Line {number} has no {ARROW}: “{line.strip()[:60]}”.", f"Write it as: old value {ARROW} new value.")
        if _bare(old) in pairs:
            raise _wrong(f"Line {number} replaces “{_bare(old) or ''}” a second time.", "Remove one of the two lines.")
        pairs[_bare(old)] = _bare(new)
    return pairs


def table_pairs(mapping: Frame) -> Pairs:
    """The pairs that a table lists: its first column holds the old values, its second the new ones.

    Raises:
        ModuleError: `wrong_mapping`.
    """
    if mapping.width < 2:
        raise _unmapped("The mapping has fewer than two columns.", "Add a column of old values and one of new values.")
    old, new = map(_as_texts, mapping.get_columns()[:2])
    texts = pl.DataFrame({"old": old, "new": new}).unique(maintain_order=True)
    if twice := texts.filter(pl.col("old").is_duplicated())["old"].to_list():
        raise _unmapped(f"The mapping replaces “{twice[0]}” with different values.", "Keep one row for each old value.")
    return dict(texts.rows())


def _as_texts(values: pl.Series) -> pl.Series:
    if kind_of(values.dtype) == "other" and values.dtype != pl.Null:
        words = f"The column “{values.name}” of the mapping contains {values.dtype} values."
        raise _unmapped(words, "Use columns of numbers, texts, dates or booleans.")
    return values.dt.to_string() if values.dtype == pl.Duration else values.cast(pl.String)


def replaced(values: pl.Series, pairs: Pairs, match_case: bool, keep_others: bool) -> Replaced:
    """Replace the values of a column, read as its own type; old values that the type cannot hold are not in it.

    Raises:
        ModuleError: `wrong_pair` or, for a new value that the type cannot hold, `wrong_value`.
    """
    is_text = kind_of(values.dtype) == "text"
    wanted = pl.String() if isinstance(values.dtype, pl.Enum) else values.dtype
    base = pl.String() if is_text else values.dtype
    column = values.cast(base)
    key = column.fill_nan(None) if base.is_float() else column.str.to_lowercase() if is_text and not match_case else column
    read = {old: _read(old if match_case or not is_text else old.lower(), base) for old in pairs if old is not None}
    olds = {old: value for old, value in read.items() if value is not None}
    news = [_new(pairs[old], base, values.name) for old in olds]
    if len(first := {value: old for old, value in reversed(olds.items())}) < len(olds):
        twice = next(old for old, value in olds.items() if first[value] != old)
        raise _wrong(f"“{values.name}”: “{twice}” is replaced a second time in another spelling.", "Remove one of the two lines.")
    before, after = pl.Series(list(olds.values()), dtype=base), pl.Series(news, dtype=base)
    places = _places(key, before)
    matched = places.is_not_null()
    if keep_others and None not in pairs and not matched.any():
        return Replaced(values.cast(wanted), 0, set())
    found = after.gather(places)
    result = found.zip_with(matched, column) if keep_others else found
    here = set(places.unique())
    met: set[str | None] = {old for at, old in enumerate(olds) if at in here}
    if None in pairs and (gaps := key.is_null()).any():
        fill = pl.Series([_new(pairs[None], base, values.name)], dtype=base).new_from_index(0, len(column))
        result, matched, met = fill.zip_with(gaps, result), matched | gaps, met | {None}
    return Replaced(result.cast(wanted).alias(values.name), int(matched.sum()), met)


def _places(values: pl.Series, olds: pl.Series) -> pl.Series:
    """Where each value is among some; missing where it is not."""
    if not len(olds):
        return pl.Series([None], dtype=pl.UInt32).new_from_index(0, len(values))
    if olds.dtype == pl.String:
        return values.cast(pl.Enum(olds), strict=False).to_physical().cast(pl.UInt32)
    return values.replace_strict(olds, range(len(olds)), default=None, return_dtype=pl.UInt32)


def _new(text: str | None, kind: pl.DataType, column: str) -> Any:
    if text is None or (value := _read(text, kind)) is not None:
        return None if text is None else value
    raise ModuleError(
        "wrong_value",
        f"“{column}” has type {kind}, which cannot hold “{text[:60]}”.",
        column=column,
        param="pairs",
        port="table",
        remedy="Select columns of one type, or convert the column to text with Edit Metadata first.",
    )


@lru_cache(maxsize=2**16)
def _read(text: str, kind: pl.DataType) -> Any:
    """A text as a value of a type; None where it is none."""
    if kind == pl.String:
        return text
    if kind == pl.Boolean:
        return TRUTH.get(text.lower())
    given = pl.Series([text.strip()])
    if kind.is_numeric():
        number = given.cast(pl.Float64, strict=False)
        whole = kind.is_integer() and number.is_finite()[0] and number[0] % 1 == 0 and not given.str.contains(r"^[+-]?\d+$")[0]
        read = (number.cast(pl.Int64, strict=False) if whole else given).cast(kind, strict=False)
        return None if number.is_nan()[0] else read[0]
    if isinstance(kind, pl.Date | pl.Datetime):
        try:
            return cast(given, "datetime").cast(kind)[0]
        except ModuleError:
            return None
    return None


def _wrong(words: str, remedy: str) -> ModuleError:
    return ModuleError("wrong_pair", words, param="pairs", remedy=remedy)


def _unmapped(words: str, remedy: str) -> ModuleError:
    return ModuleError("wrong_mapping", words, port="mapping", remedy=remedy)


def _bare(text: str) -> str | None:
    """A typed value: nothing is a missing value, and quotes keep spaces or an empty text."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1]
    return text or None
