"""The topics of texts by a fitted latent Dirichlet allocation; shared by the text shelf and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modelling.transformations.n_grams import Pieces, count
from pipelines.modelling.words import documents, need_texts, new_columns


@applies("topics")
def add_topics(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply a fitted allocation to new texts."""
    column = state["column"]
    needed(table, [column])
    need_texts(table.frame, [column], param="column")
    return with_topics(table, counts_of(documents(table.frame, column), state), state)


def counts_of(texts: Sequence[str], state: Mapping[str, Any]) -> Any:
    """Return how often each feature occurs in each text, as a sparse matrix: n-grams of the dictionary, or hashes."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import HashingVectorizer

    pieces = Pieces(**state["pieces"])
    if state["n_grams"] is not None:
        return count(texts, pieces, state["n_grams"]).matrix
    width = 2 ** state["bits"]
    vectorizer = HashingVectorizer(n_features=width, norm=None, alternate_sign=False, **pieces.for_scikit_learn)
    return vectorizer.transform(texts) if texts else csr_array((0, width))


def with_topics(table: Table, counts: Any, state: Mapping[str, Any]) -> Table:
    """Append the share of each topic in counted texts."""
    names = state["names"]
    if table.frame.height and (lost := int((np.diff(counts.indptr) == 0).sum())):
        log(f"{counted(lost, 'text')} without a known feature: all topics are equally probable.", "warning")
    shares = _allocation(state).transform(counts, normalize=state["normalize"]) if table.frame.height else np.empty((0, len(names)))
    return table.with_frame(new_columns(table.frame, (pl.Series(name, shares[:, at].copy()) for at, name in enumerate(names))))


def _allocation(state: Mapping[str, Any]) -> Any:
    """Return scikit-learn's estimator as it was fitted: of its topics, transforming uses exp(E[log probability]) alone."""
    from sklearn.decomposition import LatentDirichletAllocation

    topics = np.asarray(state["topics"], dtype=float)
    made = LatentDirichletAllocation(len(topics))
    made.components_ = made.exp_dirichlet_component_ = topics
    made.doc_topic_prior_, made.n_features_in_ = state["alpha"], topics.shape[1]
    return made
