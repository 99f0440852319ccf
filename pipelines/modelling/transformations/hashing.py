"""Texts as a fixed number of columns by hashing; shared by the text shelf and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.transformations.n_grams import Pieces
from pipelines.modelling.words import MOST_COLUMNS, documents, need_texts, new_columns, wide


@applies("feature_hashing", by_column("columns"))
def add_hashes(table: Table, state: Mapping[str, Any]) -> Table:
    """Append the hash columns of each text column, and leave the texts out unless they are kept."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import HashingVectorizer

    columns, width = state["columns"], 2 ** state["bits"]
    needed(table, columns)
    need_texts(table.frame, columns)
    if len(columns) * width > MOST_COLUMNS:
        words = f"{len(columns)} columns with {width:,} hash columns each are more than {MOST_COLUMNS:,}."
        raise ModuleError("too_many_columns", words, param="bits", remedy="Lower the bit size, or select fewer columns.")
    made: list[pl.Series] = []
    for column in columns:
        vectorizer = HashingVectorizer(
            n_features=width, norm=None, alternate_sign=state["signed"], **Pieces(**state["pieces"]).for_scikit_learn
        )
        texts = documents(table.frame, column)
        counts = vectorizer.transform(texts) if texts else csr_array((0, width))  # scikit-learn refuses no texts at all
        made += wide(counts, [f"{column}.hash_{at}" for at in range(width)], pl.Int32)
    frame = table.frame if state["keep"] else table.frame.drop(columns)
    return table.with_frame(new_columns(frame, made))
