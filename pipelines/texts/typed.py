"""Type inference from all rows: a column is a number only if every value in it is one, or a word for a missing value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.texts.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, in_doubt
from pipelines.texts.kinds import BOOLEAN, DATE, DATETIME, DECIMAL_COMMA, INSTANT, INTEGER, NUMBER, TextType
from pipelines.texts.notes import (
    NAMED,
    Count,
    as_infinite,
    as_missing,
    day_or_month,
    kept_words,
    nearly,
    read_as_dates,
    some,
)
from pipelines.texts.rules import USUAL, Rules

SAMPLE_ROWS = 100
MOMENTS = (DATE, DATETIME, INSTANT, *YEAR_FIRST, *DAY_FIRST, *MONTH_FIRST)
PLAIN = (BOOLEAN, INTEGER, NUMBER, *MOMENTS)
WITH_COMMA = (BOOLEAN, INTEGER, NUMBER, DECIMAL_COMMA, *MOMENTS)
ORDERED = {**dict.fromkeys(YEAR_FIRST, "year"), **dict.fromkeys(DAY_FIRST, "day"), **dict.fromkeys(MONTH_FIRST, "month")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The type of a column; `odd` when some of its values are words rather than values of the type."""

    kind: TextType
    odd: bool


def typed(frame: pl.LazyFrame, candidates: Sequence[TextType] = PLAIN, rules: Rules = USUAL) -> tuple[pl.LazyFrame, list[str]]:
    """Return the frame with its text columns parsed to their inferred types, and notes on the conversions.

    Empty text is missing; in a column of another type, so are spaces alone and the rules' words.
    """
    texts = [name for name, dtype in frame.collect_schema().items() if dtype == pl.String]
    if not texts:
        return frame, []
    present = frame.select(_present(name).alias(name) for name in texts)
    sample = present.head(SAMPLE_ROWS).collect()
    rows = present if len(sample) == SAMPLE_ROWS else sample.lazy()
    valued = sample.select(_without(pl.col(name), rules.small).alias(name) for name in texts)
    kinds = _in_order(candidates, rules)
    signs = {hint: _hinted(valued, hint) for hint in {kind.hint for kind in kinds}}
    seen = {kind: _misfits(valued.lazy(), dict.fromkeys(signs[kind.hint], kind), ()) for kind in kinds}
    chosen = _choose(rows, {name: [kind for kind in kinds if seen[kind].get(name, (1, 0))[0] == 0] for name in texts}, rules.small)
    for name in _valueless(rows, [name for name in chosen if valued[name].null_count() == len(valued)], rules.small):
        del chosen[name]
    doubtful = _doubtful(rows, chosen, rules)
    for name in doubtful:
        del chosen[name]
    stay = [name for name in texts if name not in chosen]
    counted = _counted(rows, _may_hold(chosen, rules.small), stay, rules)
    notes = [
        *as_missing(counted.missing, rules),
        *as_infinite(counted.infinite, rules),
        *read_as_dates({name: ORDERED[it.kind] for name, it in chosen.items() if it.kind in ORDERED}, _settling(rows, chosen), rules),
        *day_or_month(doubtful),
        *kept_words(counted.kept, rules),
        *_why_text(rows, [name for name in stay if name not in doubtful], signs, kinds, rules.small),
    ]
    reading = [
        it.kind.read(_without(_present(name), rules.small) if name in counted.missing else _present(name)).alias(name)
        for name, it in chosen.items()
    ]
    blank = [_blank(name, rules).alias(name) for name in stay]
    return frame.with_columns(*reading, *blank), notes


def _in_order(candidates: Sequence[TextType], rules: Rules) -> list[TextType]:
    """Return the candidates, with the requested order of day and month before the other."""
    if rules.dates != "month_first":
        return list(candidates)
    late = [kind for kind in candidates if kind in DAY_FIRST]
    return [*(kind for kind in candidates if kind not in late), *late]


def _hinted(sample: pl.DataFrame, hint: Callable[[pl.Expr], pl.Expr]) -> list[str]:
    """Return the columns with a value that matches the hint, or without values so far."""
    shown = sample.select(hint(pl.col(name)).any() | pl.col(name).is_null().all() for name in sample.columns)
    return [name for name, any_shown in zip(sample.columns, shown.row(0) if sample.width else (), strict=True) if any_shown]


def _choose(rows: pl.LazyFrame, fitting: Mapping[str, Sequence[TextType]], words: Sequence[str]) -> dict[str, Chosen]:
    """Return the first type that fits every value of a column, for each column that has one; one pass over the rows per attempt."""
    chosen: dict[str, Chosen] = {}
    still = {name: list(kinds) for name, kinds in fitting.items() if kinds}
    while still:
        for name, (wrong, odd) in _misfits(rows, {name: kinds[0] for name, kinds in still.items()}, words).items():
            kind = still[name].pop(0)
            if wrong == 0:
                chosen[name] = Chosen(kind, odd > 0)
        still = {name: kinds for name, kinds in still.items() if kinds and name not in chosen}
    return chosen


def _present(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _is_word(text: pl.Expr, words: Sequence[str]) -> pl.Expr:
    return text.str.to_lowercase().is_in(words)


def _without(text: pl.Expr, words: Sequence[str]) -> pl.Expr:
    return pl.when(~_is_word(text, words)).then(text) if words else text


def _blank(name: str, rules: Rules) -> pl.Expr:
    """Return a column that stays text: empty texts become null, and so do the missing-value words if they apply to text."""
    text = pl.col(name)
    filled = text != ""
    if rules.in_text and rules.small:
        filled &= ~_is_word(text.str.strip_chars(), rules.small)
    return pl.when(filled).then(text)


def _misfits(rows: pl.LazyFrame, asked: Mapping[str, TextType], words: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Count each column's values that a type does not fit: those that are not words either, and all."""
    unfit = {name: pl.col(name).is_not_null() & ~kind.fits(pl.col(name)) for name, kind in asked.items()}
    every = _row(rows, {name: test.sum() for name, test in unfit.items()})
    kept = {name: [*words, *asked[name].also] for name, count in every.items() if count}  # most columns have none: one pass is enough
    said = _row(rows, {name: _is_word(pl.col(name).filter(unfit[name]), such).sum() for name, such in kept.items() if such})
    return {name: (count - said.get(name, 0), count) for name, count in every.items()}


def _row(rows: pl.LazyFrame, asked: Mapping[str, pl.Expr]) -> dict[str, Any]:
    """Return one value per name, in one pass over the rows."""
    return rows.select(**asked).collect(engine="streaming").row(0, named=True) if asked else {}


def _valueless(rows: pl.LazyFrame, names: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the columns that contain nothing but words, or nothing at all."""
    found = _row(rows, {name: _without(pl.col(name), words).is_not_null().any() for name in names})
    return [name for name, any_value in found.items() if not any_value]


def _doubtful(rows: pl.LazyFrame, chosen: Mapping[str, Chosen], rules: Rules) -> dict[str, str]:
    """Return the date columns with an ambiguous order of day and month, each with an example; none if an order was requested."""
    days = [name for name, it in chosen.items() if it.kind in DAY_FIRST] if rules.dates == "auto" else []
    if not days:
        return {}
    texts = {name: _without(pl.col(name), rules.small) for name in days}
    all_so = [(in_doubt(text) | text.is_null()).all().alias(f"all {name}") for name, text in texts.items()]
    found = rows.select(*all_so, *(text.drop_nulls().first().alias(f"one {name}") for name, text in texts.items()))
    said = found.collect(engine="streaming").row(0, named=True)
    return {name: said[f"one {name}"] for name in days if said[f"all {name}"]}


def _settling(rows: pl.LazyFrame, chosen: Mapping[str, Chosen]) -> dict[str, str | None]:
    """Return, for each date column in one of the two orders, a value that does not parse in the other; None without one."""
    other = {**dict.fromkeys(DAY_FIRST, MONTH_FIRST[1]), **dict.fromkeys(MONTH_FIRST, DAY_FIRST[1])}
    asked = {name: other[it.kind] for name, it in chosen.items() if it.kind in other}
    if not asked:
        return {}
    settling = [
        pl.col(name).filter(~kind.fits(pl.col(name)) & chosen[name].kind.fits(pl.col(name))).first().alias(name)
        for name, kind in asked.items()
    ]
    found: dict[str, str | None] = rows.select(settling).collect(engine="streaming").row(0, named=True)
    return found


def _may_hold(chosen: Mapping[str, Chosen], words: Sequence[str]) -> dict[str, TextType]:
    """Return the columns that may contain words: they have misfits, or a word such as -999 is a value of their type."""
    written = pl.DataFrame({"word": words}, schema={"word": pl.String})
    kinds = {it.kind for it in chosen.values()}
    valued = {kind for kind in kinds if written.select(kind.fits(pl.col("word")).any()).item()}
    return {name: it.kind for name, it in chosen.items() if it.odd or it.kind in valued}


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of words in columns: those read as missing, those read as infinite, and those kept."""

    missing: Count
    infinite: Count
    kept: Count


def _counted(rows: pl.LazyFrame, kinds: Mapping[str, TextType], stay: Sequence[str], rules: Rules) -> Counted:
    words = rules.small
    infinite = {name: tuple(word for word in kind.also if word not in words) for name, kind in kinds.items()}
    return Counted(
        missing=_how_often(rows, dict.fromkeys([*kinds, *(stay if rules.in_text else ())], words)),
        infinite=_how_often(rows, infinite),
        kept=_how_often(rows, {} if rules.in_text else dict.fromkeys(stay, words)),
    )


def _how_often(rows: pl.LazyFrame, asked: Mapping[str, Sequence[str]]) -> Count:
    """Count the words in each column that has any: each word in the columns that notes name, all together in the others."""
    asked = {name: words for name, words in asked.items() if words}
    short = {  # words are short, so most values are excluded early
        name: pl.col(name).filter(pl.col(name).str.len_bytes() <= max(len(word.encode()) for word in words))
        for name, words in asked.items()
    }
    held = _row(rows, {name: _is_word(short[name], words).sum() for name, words in asked.items()})
    counts: Count = {name: {"": count} for name, count in held.items() if count}
    named = list(counts)[:NAMED]
    pairs = [(name, word) for name in named for word in asked[name]]
    each = _row(rows, {f"{place}": (short[name].str.to_lowercase() == word).sum() for place, (name, word) in enumerate(pairs)})
    for name in named:
        counts[name] = {}
    for (name, word), count in zip(pairs, each.values(), strict=True):
        if count:
            counts[name][word] = count
    return counts


def _why_text(
    rows: pl.LazyFrame,
    names: Sequence[str],
    signs: Mapping[Callable[[pl.Expr], pl.Expr], Sequence[str]],
    tried: Sequence[TextType],
    words: Sequence[str],
) -> list[str]:
    """Return notes on columns that are text because of a few values."""
    notes = []
    numbers = (NUMBER, DECIMAL_COMMA) if DECIMAL_COMMA in tried else (NUMBER,)
    for kinds in (numbers, (YEAR_FIRST[1], DAY_FIRST[1], MONTH_FIRST[1])):
        asked = [name for name in names if name in signs.get(kinds[0].hint, ())]
        if not asked:
            continue
        fits = {name: pl.any_horizontal(kind.fits(pl.col(name)) for kind in kinds) for name in asked}
        odd = {name: pl.col(name).is_not_null() & ~fits[name] & ~_is_word(pl.col(name), [*words, *kinds[0].also]) for name in asked}
        found = rows.select(
            *(test.sum().alias(f"odd {name}") for name, test in odd.items()),
            *(fits[name].sum().alias(f"fit {name}") for name in asked),
            *(pl.col(name).filter(test).first().alias(f"one {name}") for name, test in odd.items()),
        )
        said = found.collect(engine="streaming").row(0, named=True)
        mostly = [name for name in asked if said[f"fit {name}"] and said[f"odd {name}"] <= said[f"fit {name}"]]
        notes += [note for name in mostly for note in nearly(name, kinds[0].title, said[f"odd {name}"], said[f"one {name}"])]
    return some(notes, "{:,} more columns are text for similar reasons.")
