"""Vocabularies as tables: one row for each n-gram, with the number of texts that have it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.transformations.n_grams import Counted, Pieces, count

SCHEMA = {"ID": pl.Int64(), "NGram": pl.String(), "DF": pl.Int64(), "IDF": pl.Float64()}


class Vocabulary(NamedTuple):
    """N-grams with their numbers of texts and inverse document frequencies, ln(texts / texts with it)."""

    n_grams: list[str]
    texts: np.ndarray
    idf: np.ndarray

    @property
    def table(self) -> Table:
        """Return it as a table."""
        columns = (range(len(self.n_grams)), self.n_grams, self.texts, self.idf)
        return Table(pl.DataFrame(dict(zip(SCHEMA, columns, strict=True)), schema=SCHEMA))


def created(found: Counted, rows: int) -> Vocabulary:
    """Return the vocabulary of counted texts."""
    return Vocabulary(found.n_grams.tolist(), found.texts, np.log(rows / found.texts))


def read(given: Table | None) -> Vocabulary:
    """Read the vocabulary of another table.

    Raises:
        ModuleError: `no_vocabulary` or `bad_vocabulary`, of the port `vocabulary`.
    """
    if given is None:
        remedy = "Connect the vocabulary of another Extract N-Gram Features from Text, or set “Vocabulary mode” to Create."
        raise ModuleError("no_vocabulary", "This mode needs a vocabulary, and none is connected.", port="vocabulary", remedy=remedy)
    frame = given.frame
    if absent := [name for name in ("NGram", "DF", "IDF") if name not in frame.columns]:
        raise _bad(f"The vocabulary has no column “{absent[0]}”.", absent[0])
    frame = frame.select("NGram", "DF", "IDF")
    if wrong := [name for name, kind in (("NGram", "text"), ("DF", "number"), ("IDF", "number")) if kind_of(frame.schema[name]) != kind]:
        raise _bad(f"“{wrong[0]}” of the vocabulary has {frame.schema[wrong[0]]} values.", wrong[0])
    frame = frame.cast({"NGram": pl.String, "DF": pl.Float64, "IDF": pl.Float64})
    sound = frame.drop_nulls().filter(pl.col("IDF").is_finite(), pl.col("IDF") >= 0, pl.col("DF").is_finite(), pl.col("DF") >= 1)
    if sound.height < frame.height or not frame.height:
        rows = counted(frame.height - sound.height, "row")
        raise _bad(
            f"The vocabulary has {rows} without an n-gram, a DF from 1, or an IDF from 0." if frame.height else "The vocabulary is empty."
        )
    if twice := frame.filter(pl.col("NGram").is_duplicated())["NGram"].to_list():
        raise _bad(f"The vocabulary has “{twice[0]}” more than once.", "NGram")
    return Vocabulary(frame["NGram"].to_list(), frame["DF"].round().cast(pl.Int64).to_numpy(), frame["IDF"].to_numpy())


def _bad(words: str, column: str | None = None) -> ModuleError:
    remedy = "Connect the vocabulary output of Extract N-Gram Features from Text."
    return ModuleError("bad_vocabulary", words, port="vocabulary", column=column, remedy=remedy)


def fitting(old: Vocabulary, pieces: Pieces) -> Pieces:
    """Return the pieces with the sizes of a vocabulary's n-grams in place of those of the settings."""
    sizes = [len(n_gram.split(" ")) if pieces.units == "word" else len(n_gram) for n_gram in old.n_grams]
    return replace(pieces, smallest=min(sizes), largest=max(sizes))


def merged(old: Vocabulary, new: Counted, texts: list[str], pieces: Pieces) -> tuple[Vocabulary, Pieces, Counted]:
    """Return a vocabulary of the n-grams of both, with counts of the texts of both, the pieces that find all of them, and their counts here."""
    fit = fitting(old, pieces)
    both = replace(fit, smallest=min(fit.smallest, pieces.smallest), largest=max(fit.largest, pieces.largest))
    n_grams = sorted({*old.n_grams, *new.n_grams.tolist()})
    here = count(texts, both, n_grams)
    before = dict(zip(old.n_grams, old.texts.tolist(), strict=True))
    # each row of a vocabulary says of how many texts it was made: IDF is the logarithm of all texts to DF
    rows = round(float(np.max(old.texts * np.exp(old.idf))))
    found = here.texts + np.array([before.get(n_gram, 0) for n_gram in n_grams])
    added = counted(len(n_grams) - len(old.n_grams), "n-gram")
    log(f"{added} added to {len(old.n_grams):,} of the vocabulary, which was made of {counted(rows, 'text')}.")
    return Vocabulary(n_grams, found, np.log((rows + len(texts)) / found)), both, here
