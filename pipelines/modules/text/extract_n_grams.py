"""Extract N-Gram Features from Text: a column for each word or sequence of words that occurs often enough."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Title, Titles
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.transformations.n_grams import add_n_grams, count, with_n_grams
from pipelines.modelling.words import documents, need_texts
from pipelines.modules.text._extraction import Extraction
from pipelines.modules.text._vocabulary import SCHEMA, created, fitting, merged, read

Mode = Annotated[
    Literal["create", "read", "merge"], Title("Vocabulary mode"), Titles(create="Create", read="Read only", merge="Merge with new texts")
]


class Extracted(NamedTuple):
    """The features, and what they are made with.

    Args:
        table: The table with a column NAME.[n-gram] for each n-gram.
        vocabulary: The n-grams with their number of texts (DF) and inverse document frequency (IDF).
        transform: The same extraction, for Apply Transformation.
    """

    table: Table
    vocabulary: Table
    transform: Transform


def _columns(table: Table, vocabulary: Table | None = None, **_: object) -> tuple[None, Table, None]:
    return None, Table(pl.DataFrame(schema=SCHEMA)), None


@module(
    "Extract N-Gram Features from Text",
    icon="abc",
    columns=_columns,
    aliases=("n-gram", "ngram", "bag of words", "tf-idf", "tfidf", "term frequency", "count vectorizer", "vocabulary"),
    libraries=("numpy", "scikit-learn"),
    lineage=Lineage(rows="same", of=("table",), fits=lambda settings: settings["mode"] != "read"),
)
def extract_n_grams(
    table: Table,
    vocabulary: Table | None = None,
    *,
    column: Annotated[Column, Title("Text column")],
    mode: Mode = "create",
    how: Extraction,
) -> Extracted:
    """Turn texts into columns of numbers that learners can use.

    An n-gram is a sequence of words, or of characters. Size 2 also gives n-grams of size 1, unless the smallest size is 2. Words are sequences of
    letters, digits and underscores; Preprocess Text cleans texts first. A missing text counts as a text without words. Columns are in alphabetical
    order, in Read only in the order of the vocabulary.

    Binary is 1 where the n-gram occurs. TF is how often it occurs in the text. IDF is ln(N / DF) where it occurs: N texts, DF of them with the
    n-gram. TF-IDF is the product. To score new texts, use Apply Transformation, or connect the vocabulary of the training texts and choose Read
    only. Merge adds the new texts to the counts of a vocabulary; an n-gram that was not in it counts as absent from its texts.

    Every n-gram is a column, so memory grows with the number of texts times n-grams: up to 10,000 n-grams and 2 GB. Feature Hashing has a fixed
    number of columns.

    When to use:
        For learners, when single words and short phrases decide, such as in reviews. Create the vocabulary on training rows.

    Args:
        table: The table with texts.
        vocabulary: The vocabulary of other texts, for Read only and Merge.
        column: The column with the texts.
        mode: Find the n-grams in these texts, use those of a vocabulary, or both.

    Example:
        data.dataset: {"dataset": "artworks"}
        column: "title"
        most: 50
    """
    require(column, table, param="column")
    need_texts(table.frame, [column], param="column")
    old = read(vocabulary) if mode != "create" else None
    pieces = how.pieces
    state: dict[str, Any] = {"column": column, "weighting": how.weighting, "normalize": how.normalize, "keep": how.keep}
    if old and mode == "read":
        state |= {"pieces": asdict(fitting(old, pieces)), "n_grams": old.n_grams, "idf": old.idf.tolist()}
        return Extracted(add_n_grams(table, state), old.table, Transform("n_grams", state))
    texts = documents(table.frame, column)
    found = count(texts, pieces).frequent(how.fewest, how.share, how.most)
    if old:
        words, pieces, found = merged(old, found, texts, pieces)
    elif len(found.n_grams):
        words = created(found, len(texts))
    else:
        wrong = f"No n-gram of “{column}” occurs in at least {how.fewest:,} of {len(texts):,} texts and in at most {how.share:.3g} of them."
        raise ModuleError("no_n_grams", wrong, param="fewest", column=column, port="table", remedy="Lower “Minimum number of texts”.")
    state |= {"pieces": asdict(pieces), "n_grams": words.n_grams, "idf": words.idf.tolist()}
    return Extracted(with_n_grams(table, found, state), words.table, Transform("n_grams", state))
