"""Word vectors from how often words occur near each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Seed, Title
from pipelines.catalogue.phrases import counted
from pipelines.modelling.transformations.n_grams import Pieces

# A small matrix is decomposed as a whole, which is exact and needs no iteration.
DENSE = 1_000
# Vectors are kept as JSON in the transformation.
MOST_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Embedding:
    """The settings of word vectors.

    Args:
        dimensions: The number of columns of a vector.
        window: How many words before and after a word count as near it.
        fewest: Words that occur less often are left out.
        most: The number of words: those that occur most often.
        smoothing: Counts of near words are raised to this power, so that rare ones weigh less; 1 leaves counts as they are.
        seed: Start of the singular value decomposition.
    """

    dimensions: Annotated[int, Title("Embedding length"), Range(2, 2000)] = 100
    window: Annotated[int, Title("Window size"), Range(1, 100)] = 5
    fewest: Annotated[int, Title("Minimum word count"), Range(1)] = 5
    most: Annotated[int, Title("Maximum vocabulary size"), Range(10, 100_000)] = 10_000
    smoothing: Annotated[float, Title("Context smoothing"), Range(0, 1)] = 0.75
    seed: Seed = Seed(0)

    def fit(self, found: Corpus) -> np.ndarray:
        """Return a row of numbers for each word.

        Raises:
            ModuleError: `too_few`, `too_large`, `does_not_vary` or `not_converged`.
        """
        size = len(found.words)
        if size < self.dimensions:
            found_words = f"{counted(size, 'word')} with at least {counted(self.fewest, 'occurrence')}"
            words = f"{found_words} cannot have vectors of {self.dimensions:,} dimensions."
            remedy = "Lower “Embedding length” or “Minimum word count”, or use more texts."
            raise ModuleError("too_few", words, param="dimensions", port="table", remedy=remedy)
        if size * self.dimensions > MOST_NUMBERS:
            words = f"{counted(size, 'word')} with {self.dimensions:,} dimensions have more than {MOST_NUMBERS:,} numbers."
            raise ModuleError("too_large", words, param="most", remedy="Lower “Maximum vocabulary size” or “Embedding length”.")
        information = positive_information(near(found, self.window), self.smoothing)
        if not information.nnz:
            words = "No two words occur near each other more often than by chance."
            raise ModuleError("does_not_vary", words, param="window", port="table", remedy="Use longer texts, or a larger window.")
        return vectors(information, self.dimensions, self.seed)


@dataclass(frozen=True)
class Corpus:
    """The words of texts that are frequent enough, most frequent first; and their occurrences in order, as numbers, with the number of the text."""

    words: list[str]
    counts: np.ndarray
    occurrences: np.ndarray
    texts: np.ndarray


def corpus(texts: Sequence[str], pieces: Pieces, fewest: int, most: int) -> Corpus:
    """Return the words that occur at least `fewest` times, at most so many; ties are in alphabetical order."""
    pattern = re.compile(pieces.for_scikit_learn["token_pattern"])
    lists = pl.Series("word", [pattern.findall(text.lower()) for text in texts], dtype=pl.List(pl.String))
    every = lists.to_frame().with_row_index("text").explode("word").drop_nulls("word")
    kept = (
        every.group_by("word").len("count").filter(pl.col("count") >= fewest).sort(["count", "word"], descending=[True, False]).head(most)
    )
    known = every.join(kept.select("word").with_row_index("at"), on="word", how="inner", maintain_order="left")
    return Corpus(kept["word"].to_list(), kept["count"].to_numpy(), known["at"].to_numpy().astype(np.int64), known["text"].to_numpy())


def near(found: Corpus, window: int) -> Any:
    """Return how often each word has each other one among the `window` words before and after it, as a sparse symmetric matrix."""
    from scipy.sparse import csr_array

    size = len(found.words)
    whole = csr_array((size, size), dtype=np.float64)
    for distance in range(1, min(window, len(found.occurrences) - 1) + 1):
        together = found.texts[:-distance] == found.texts[distance:]
        pairs = found.occurrences[:-distance][together], found.occurrences[distance:][together]
        one_way = csr_array((np.ones(int(together.sum())), pairs), shape=(size, size))
        whole = whole + one_way + one_way.T
    return whole


def positive_information(pairs: Any, smoothing: float) -> Any:
    """Return the positive pointwise mutual information of pairs. Counts of the second word are raised to a power, so that rare ones weigh less."""
    from scipy.sparse import coo_array, csr_array

    entries = coo_array(pairs)
    words = np.asarray(pairs.sum(axis=1)).ravel()
    contexts = words**smoothing
    row, column = entries.coords
    information = np.log(entries.data * contexts.sum() / (words[row] * contexts[column]))
    positive = information > 0
    return csr_array((information[positive], (row[positive], column[positive])), shape=pairs.shape)


def vectors(information: Any, dimensions: int, seed: int) -> np.ndarray:
    """Return the left singular vectors times the square roots of their singular values, the largest first; the largest number of each is positive.

    Raises:
        ModuleError: `not_converged`.
    """
    from scipy.sparse.linalg import ArpackError, svds

    if information.shape[0] <= max(DENSE, dimensions):
        left, singular, _ = np.linalg.svd(information.toarray())
    else:
        start = np.random.Generator(np.random.PCG64(seed)).normal(size=information.shape[0])
        try:
            left, singular, _ = svds(information, k=dimensions, v0=start)
        except ArpackError as wrong:
            words = "The singular value decomposition did not converge."
            raise ModuleError("not_converged", words, param="dimensions", remedy="Lower “Embedding length”, or use more texts.") from wrong
    order = np.argsort(-singular, kind="stable")[:dimensions]
    left, singular = left[:, order], np.clip(singular[order], 0, None)
    largest = left[np.abs(left).argmax(axis=0), np.arange(dimensions)]
    found: np.ndarray = left * np.where(largest < 0, -1.0, 1.0) * np.sqrt(singular)
    return found


def nearest(found: np.ndarray, words: int, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each of the first words, the numbers and cosines of the words nearest to it."""
    length = np.linalg.norm(found, axis=1, keepdims=True)
    unit = found / np.where(length > 0, length, 1.0)
    cosines = unit[:words] @ unit.T
    cosines[np.arange(len(cosines)), np.arange(len(cosines))] = -np.inf
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :neighbours]
    return order, np.take_along_axis(cosines, order, axis=1)
