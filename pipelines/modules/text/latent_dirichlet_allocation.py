"""Latent Dirichlet Allocation: the topics of texts, found by the words that occur together."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Title
from pipelines.catalogue.ports import Report, Table, Transform
from pipelines.modelling.transformations.n_grams import Pieces, count
from pipelines.modelling.transformations.topics import counts_of, with_topics
from pipelines.modelling.words import documents, need_texts, new_columns
from pipelines.modules.text._allocating import Allocation
from pipelines.modules.text._topic_report import topic_report


class Topics(NamedTuple):
    """The topics of the texts, and what the topics are.

    Args:
        table: The table with columns Topic 1, Topic 2 and so on: the share of each topic in each text.
        features: A row for each feature, a word or sequence of words: its probability in each topic.
        transform: The same topics, for Apply Transformation.
        report: The most probable words of each topic.
    """

    table: Table
    features: Table
    transform: Transform
    report: Report


def _names(topics: int) -> list[str]:
    return [f"Topic {at + 1}" for at in range(topics)]


def _columns(table: Table, *, how: Allocation, **_: object) -> tuple[Table, Table, None, None]:
    names = _names(how.topics)
    wider = new_columns(table.frame, [pl.Series(name, [], dtype=pl.Float64) for name in names])
    return table.with_frame(wider), Table(pl.DataFrame(schema={"Feature": pl.String, **dict.fromkeys(names, pl.Float64)})), None, None


@module(
    "Latent Dirichlet Allocation",
    icon="topology-star-3",
    columns=_columns,
    aliases=("lda", "topic model", "topics"),
    libraries=("numpy", "scikit-learn", "scipy"),
    lineage=Lineage(rows="same"),
)
def latent_dirichlet_allocation(table: Table, *, column: Annotated[Column, Title("Text column")], how: Allocation) -> Topics:
    """Find topics: groups of words that often occur in the same texts.

    A text is a mixture of topics, and a topic is a probability of each word. Both are found from the counts of words alone, by scikit-learn's online
    variational Bayes. Topics have no names or order. Clean texts with Preprocess Text first, since frequent words without a
    meaning would dominate every topic. Words are sequences of at least two letters, digits and underscores, in lower case. A text without a known
    word has all topics equally; the log counts them.

    Source: D. Blei, A. Ng, M. Jordan, "Latent Dirichlet allocation", JMLR 3 (2003); M. Hoffman, D. Blei, F. Bach, "Online learning for latent
    Dirichlet allocation", NIPS (2010).

    When to use:
        To find what a collection of texts is about, or to describe each text by a few topics.

    Args:
        table: The table with texts.
        column: The column with the texts.

    Example:
        data.dataset: {"dataset": "artworks"}
        table: {"transform.partition_and_sample": {"mode": "rate", "rate": 0.2}}
        column: "medium"
        topics: 4
        passes: 2
    """
    require(column, table, param="column")
    need_texts(table.frame, [column], param="column")
    texts, pieces, names = documents(table.frame, column), Pieces(largest=how.size, shortest=2), _names(how.topics)
    state: dict[str, Any] = {
        "column": column,
        "pieces": asdict(pieces),
        "n_grams": None,
        "bits": how.bits,
        "normalize": how.normalize,
        "names": names,
    }
    if how.features == "dictionary":
        found = count(texts, pieces).frequent(1, 1.0, how.most)
        counts, state["n_grams"] = found.matrix, found.n_grams.tolist()
    else:
        counts = counts_of(texts, state)
    if not counts.nnz:
        remedy = "Select a column with texts of words."
        raise ModuleError("no_words", f"“{column}” has no words.", column=column, param="column", port="table", remedy=remedy)
    fitted = how.fit(counts)
    state |= {"topics": fitted.exp_dirichlet_component_.tolist(), "alpha": how.alpha}
    probable = fitted.components_ / fitted.components_.sum(axis=1, keepdims=True)
    words = state["n_grams"] or [f"hash_{at}" for at in range(counts.shape[1])]
    shown = probable if how.normalize else fitted.components_
    features = pl.DataFrame([pl.Series("Feature", words), *(pl.Series(name, row) for name, row in zip(names, shown, strict=True))])
    wider = with_topics(table, counts, state)
    shares = wider.frame.select(names).to_numpy()
    facts = [["Texts", len(texts)], ["Features", len(words)], ["Passes", how.passes], ["Perplexity", float(fitted.bound_)]]
    report = topic_report(facts, names, words, probable, np.mean(shares / shares.sum(axis=1, keepdims=True), axis=0))
    return Topics(wider, Table(features), Transform("topics", state), report)
