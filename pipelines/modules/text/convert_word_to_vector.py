"""Convert Word to Vector: numbers for words, so that words that are used alike have similar numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Title, Titles
from pipelines.catalogue.ports import Report, Table, Transform
from pipelines.modelling.transformations.n_grams import Pieces
from pipelines.modelling.transformations.text_vectors import add_text_vectors
from pipelines.modelling.words import documents, need_texts, new_columns
from pipelines.modules.text._embedding import Embedding, corpus
from pipelines.modules.text._neighbour_report import neighbour_report

Rows = Annotated[
    Literal["words", "texts"], Titles(words="The words with their vectors", texts="The texts with the mean vector of their words")
]


class Vectors(NamedTuple):
    """The vectors, and how texts get theirs.

    Args:
        table: A row for each word, the most frequent first, with its vector V1, V2 and so on; or the texts with their vectors.
        transform: Adds the mean vector of its words to each text, for Apply Transformation.
        report: The most frequent words and the words nearest to them.
    """

    table: Table
    transform: Transform
    report: Report


def _columns(table: Table, *, column: str, rows: str, how: Embedding) -> tuple[Table, None, None]:
    if rows == "words":
        schema = {"Word": pl.String, **dict.fromkeys(_names(how), pl.Float64)}
        return Table(pl.DataFrame(schema=schema)), None, None
    wider = new_columns(table.frame, [pl.Series(f"{column} {name}", [], dtype=pl.Float64) for name in _names(how)])
    return table.with_frame(wider), None, None


def _names(how: Embedding) -> list[str]:
    return [f"V{at + 1}" for at in range(how.dimensions)]


@module(
    "Convert Word to Vector",
    icon="vector",
    columns=_columns,
    aliases=("word2vec", "word embedding", "fasttext", "glove", "word vectors", "document vectors", "ppmi", "lsa"),
    libraries=("numpy", "scikit-learn", "scipy"),
    lineage=Lineage(rows=lambda settings: "same" if settings["rows"] == "texts" else "new"),
)
def convert_word_to_vector(
    table: Table, *, column: Annotated[Column, Title("Text column")], rows: Annotated[Rows, Title("Result")] = "words", how: Embedding
) -> Vectors:
    """Learn a vector for each word from the words near it.

    Words that have the same neighbours get vectors with a cosine near 1. The method counts how often two words occur within a window of each other,
    takes the positive pointwise mutual information of these counts, and reduces it by a truncated singular value decomposition, with square roots of
    the singular values as weights. That is what word2vec's skip-gram with negative sampling factorizes implicitly; with the same settings results are
    about as good, and they are the same every time. Words that are left out do not count as a place in the window.

    Vectors are learned from the texts of this table alone: with a few thousand words they say little. Words are sequences of letters, digits and
    underscores, in lower case. The vector of a text is the mean of those of its words, each as often as it occurs; a text without a known word has
    none.

    Source: O. Levy, Y. Goldberg, "Neural word embedding as implicit matrix factorization", NIPS (2014); O. Levy, Y. Goldberg, I. Dagan, "Improving
    distributional similarity with lessons learned from word embeddings", TACL 3 (2015).

    When to use:
        To compare words by meaning, or to turn texts into a few numbers, learned from your own texts.

    Args:
        table: The table with texts.
        column: The column with the texts.
        rows: What the table that is returned has.

    Example:
        data.dataset: {"dataset": "artworks"}
        table: {"transform.partition_and_sample": {"mode": "rate", "rate": 0.2}}
        column: "title"
        dimensions: 20
    """
    require(column, table, param="column")
    need_texts(table.frame, [column], param="column")
    pieces = Pieces()
    found = corpus(documents(table.frame, column), pieces, how.fewest, how.most)
    made, names = how.fit(found), _names(how)
    state = {"column": column, "pieces": asdict(pieces), "words": found.words, "vectors": made.tolist()}
    state["names"] = [f"{column} {name}" for name in names]
    if rows == "words":
        series = [pl.Series("Word", found.words), *(pl.Series(name, made[:, at].copy()) for at, name in enumerate(names))]
        result = Table(pl.DataFrame(series))
    else:
        result = add_text_vectors(table, state)
    return Vectors(result, Transform("text_vectors", state), neighbour_report(found, made))
