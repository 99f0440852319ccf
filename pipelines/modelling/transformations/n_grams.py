"""Counts of n-grams as columns; shared by the text shelf and Apply Transformation."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modelling.words import documents, need_texts, new_columns, wide


@dataclass(frozen=True)
class Pieces:
    """Which n-grams a text is split into. `units` are those of scikit-learn: word, char or char_wb (characters inside words)."""

    units: str = "word"
    smallest: int = 1
    largest: int = 1
    shortest: int = 1
    longest: int = 1_000
    lower_case: bool = True

    @property
    def for_scikit_learn(self) -> dict[str, Any]:
        """Return the arguments of a vectorizer."""
        letter = f"[{letters()}]"
        pattern = rf"(?<!{letter}){letter}{{{self.shortest},{self.longest}}}(?!{letter})"
        token = {"token_pattern": pattern} if self.units == "word" else {}
        return {"analyzer": self.units, "ngram_range": (self.smallest, self.largest), "lowercase": self.lower_case, **token}


@dataclass(frozen=True)
class Counted:
    """The n-grams of some texts in alphabetical order, how often each occurs in each text, and in how many texts."""

    n_grams: np.ndarray
    matrix: Any
    texts: np.ndarray

    def only(self, kept: np.ndarray) -> Counted:
        """Return the chosen n-grams alone."""
        return Counted(self.n_grams[kept], self.matrix[:, kept], self.texts[kept])

    def frequent(self, fewest: int, share: float, most: int) -> Counted:
        """Return the n-grams that occur in at least `fewest` texts and at most a share of them; of these the most frequent, and the log says so."""
        kept = np.flatnonzero((self.texts >= fewest) & (self.texts <= share * self.matrix.shape[0]))
        if len(kept) > most:
            log(f"{counted(len(kept), 'n-gram')} could be used; the {most:,} that occur most often are.", "warning")
            totals = np.asarray(self.matrix.sum(axis=0)).ravel()[kept]
            kept = np.sort(kept[np.argsort(-totals, kind="stable")[:most]])  # ties: in alphabetical order
        return self.only(kept)


def count(texts: Sequence[str], pieces: Pieces, vocabulary: Sequence[str] | None = None) -> Counted:
    """Count the n-grams of texts: all of them, or those of a vocabulary in its order."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    made = CountVectorizer(vocabulary=vocabulary, **pieces.for_scikit_learn)
    try:
        matrix = made.fit_transform(texts) if vocabulary is None else made.transform(texts)
    except ValueError as wrong:
        if "empty vocabulary" not in str(wrong):
            raise
        nothing = np.empty(0, dtype=object)
        return Counted(nothing, csr_array((len(texts), 0), dtype=np.int64), nothing.astype(np.int64))
    return Counted(made.get_feature_names_out(), matrix, np.bincount(matrix.indices, minlength=matrix.shape[1]))


@applies("n_grams")
def add_n_grams(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply a fitted extraction of n-grams."""
    column = state["column"]
    needed(table, [column])
    need_texts(table.frame, [column], param="column")
    found = count(documents(table.frame, column), Pieces(**state["pieces"]), state["n_grams"])
    if table.frame.height and (lost := int((np.diff(found.matrix.indptr) == 0).sum())):
        log(f"{counted(lost, 'text')} without any of the n-grams.")
    return with_n_grams(table, found, state)


def with_n_grams(table: Table, found: Counted, state: Mapping[str, Any]) -> Table:
    """Append the weighted counts of a fitted vocabulary, and leave the text out unless it is kept."""
    from sklearn.preprocessing import normalize

    weighting, matrix = state["weighting"], found.matrix.tocsr()
    if weighting in ("binary", "idf"):
        matrix = (matrix > 0).astype(np.int64)
    if weighting in ("idf", "tf_idf"):
        matrix = matrix.multiply(np.asarray(state["idf"], dtype=float)[None, :]).tocsr()
    if state["normalize"] and table.frame.height:
        matrix = normalize(matrix.astype(float))
    whole = {"binary": pl.UInt8, "tf": pl.Int32}
    dtype = pl.Float64 if state["normalize"] else whole.get(weighting, pl.Float64)
    made = wide(matrix, [f"{state['column']}.[{n_gram}]" for n_gram in state["n_grams"]], dtype)
    frame = table.frame if state["keep"] else table.frame.drop(state["column"])
    return table.with_frame(new_columns(frame, made))


@cache
def letters() -> str:
    """Return what words consist of, for a character class: \\w, and the marks that it leaves out, such as vowel signs, points and joiners."""
    points = [point for point in range(0x10000) if unicodedata.category(chr(point)).startswith("M") or point in (0x200C, 0x200D)]
    runs = [[point for _, point in run] for _, run in groupby(enumerate(points), lambda pair: pair[1] - pair[0])]
    return r"\w" + "".join(rf"\u{run[0]:04x}-\u{run[-1]:04x}" for run in runs)
