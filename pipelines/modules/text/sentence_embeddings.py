"""Sentence Embeddings: numbers for texts, so that texts with a similar meaning have similar numbers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import TEXT
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.words import chosen_texts, new_columns

CHUNK = 10_000  # texts between two reports of progress


def _columns(table: Table, *, columns: Columns, dimensions: str, **_: object) -> Table:
    names = [name for column in chosen_texts(table, columns) for name in _names(column, int(dimensions))]
    return table.with_frame(new_columns(table.frame, [pl.Series(name, [], dtype=pl.Float32) for name in names]))


def _names(column: str, dimensions: int) -> list[str]:
    return [f"{column} E{at + 1}" for at in range(dimensions)]


@module(
    "Sentence Embeddings",
    icon="vector-spline",
    columns=_columns,
    aliases=("text embeddings", "sentence vectors", "document vectors", "semantic similarity", "wordllama", "pretrained"),
    libraries=("wordllama",),
    extra="text",
    lineage=Lineage(rows="same", fits=False),
)
def sentence_embeddings(
    table: Table,
    *,
    columns: Columns = TEXT,
    dimensions: Annotated[Literal["64", "128", "256"], Title("Embedding length")] = "256",
    normalize: Annotated[bool, Title("Normalize vectors")] = True,
) -> Table:
    """Represent each text by a vector of a pretrained model.

    Adds columns “NAME E1”, “NAME E2” and so on. Texts with a similar meaning have vectors with a cosine near 1, also if they share no word, so
    learners, clusters and neighbours can use them. The vector of a text is the mean of the vectors of its tokens; the order of words does not
    matter. A missing text, or one without tokens, has no vector; the log counts them. The first numbers of a longer vector are the shorter one,
    before normalization.

    The model is l2_supercat_256 in the package wordllama, MIT licence: 32,000 token vectors of 256 dimensions, trained from the token embeddings
    of Llama 2 models, mainly for English. It is a file of the package; nothing is downloaded.

    Source: D. L. Miller, "WordLlama: recycled token embeddings from large language models" (2024), github.com/dleemiller/WordLlama.

    When to use:
        To compare texts by meaning, or as features for a learner, when there are too few texts to learn from.

    Args:
        table: The table with texts.
        columns: The text columns.
        dimensions: The number of columns of a vector. Shorter ones take less memory and say a little less.
        normalize: Divide each vector by its length, so that the product of two is their cosine.

    Returns:
        The table with the vectors.

    Example:
        data.dataset: {"dataset": "artworks"}
        columns: ["title"]
        table: {"transform.partition_and_sample": {"mode": "rate", "rate": 0.1}}
    """
    made: list[pl.Series] = []
    for column in chosen_texts(table, columns):
        vectors = _embedded(table.frame[column].cast(pl.String), int(dimensions), normalize)
        lost = ~vectors.any(axis=1)
        if lost.any():
            log(f"“{column}”: no vector in {counted(int(lost.sum()), 'row')} without a text.")
        vectors[lost] = np.nan
        names = _names(column, int(dimensions))
        made += [pl.Series(name, vectors[:, at].copy()).fill_nan(None) for at, name in enumerate(names)]
    return table.with_frame(new_columns(table.frame, made))


@cache
def _model(dimensions: int) -> Any:
    import wordllama

    # without the folder and the flag, the package looks elsewhere and then downloads
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, trunc_dim=dimensions, disable_download=True)


def _embedded(texts: pl.Series, dimensions: int, normalize: bool) -> np.ndarray:
    """Return a row for each text; 0 where there is none."""
    vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
    filled = texts.fill_null("").to_list()
    for start in range(0, len(texts), CHUNK):
        progress(start, len(texts), "texts")
        vectors[start : start + CHUNK] = _model(dimensions).embed(filled[start : start + CHUNK])
    if normalize:
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(length > 0, length, 1)
    return vectors
