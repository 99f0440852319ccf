"""The words of cleaned texts without stop words, as stems."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import polars as pl

from pipelines.modules.text._cleaning import BREAK, END, Cleaning
from pipelines.modules.text._languages import NAMES, stemmer, stop_words

# A longer run of characters is no word, and a stemmer takes long for it.
LONGEST = 100
REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)


def rewritten(texts: pl.Series, languages: pl.Series, how: Cleaning, own: Collection[str], *, only_own: bool) -> pl.Series:
    """Return each text with its words rewritten, separated by single spaces. `own` are stop words in lower case. Missing texts stay missing."""
    words = pl.DataFrame({"language": languages.cast(pl.String).fill_null(""), "word": texts.str.extract_all(r"\S+")}).with_row_index("row")
    words = words.explode("word").drop_nulls("word")
    different = words.select("language", "word").unique(maintain_order=True)
    after = pl.Series("after", [None] * different.height, dtype=pl.String)
    if different.height:
        rewriters = {code: _rewriter(code, how, own, only_own=only_own) for code in different["language"].unique().sort()}
        after = pl.Series("after", [rewriters[code](word) for code, word in different.iter_rows()], dtype=pl.String)
    joined = (
        words.join(different.with_columns(after), on=["language", "word"], how="left", maintain_order="left")
        .drop_nulls("after")
        .group_by("row", maintain_order=True)
        .agg(pl.col("after").str.join(" "))
    )
    rows = texts.alias("text").to_frame().with_row_index("row").join(joined, on="row", how="left", maintain_order="left")
    return rows.select(pl.when(pl.col("text").is_not_null()).then(pl.col("after").fill_null("")).alias(texts.name)).to_series()


def _rewriter(code: str, how: Cleaning, own: Collection[str], *, only_own: bool) -> Callable[[str], str | None]:
    """Return the function from a word of a language to its written form, None for a word that is removed."""
    stops: Collection[str] = frozenset()
    if how.remove_stop_words:
        stops = frozenset(own) if only_own else frozenset(own) | stop_words(code)
    stem = stemmer(code).stemWord if how.stem and code in NAMES and stemmer(code) else None  # type: ignore[union-attr]

    def rewrite(word: str) -> str | None:
        if word == END:
            return BREAK
        if stops and word.lower().replace("’", "'") in stops:
            return None
        if how.remove_duplicate_characters:
            word = REPEATED.sub(r"\1\1", word)
        return stem(word) if stem and len(word) <= LONGEST else word

    return rewrite
