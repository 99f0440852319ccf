"""Words and the words whose vectors are nearest."""

from __future__ import annotations

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import table
from pipelines.modules.text._embedding import Corpus, nearest

MOST_LISTED = 200
NEIGHBOURS = 5


def neighbour_report(found: Corpus, vectors: np.ndarray) -> Report:
    """What was fitted, and the neighbours of the most frequent words with their cosine similarities."""
    facts = [["Words", len(found.words)], ["Occurrences of these words", len(found.occurrences)], ["Dimensions", vectors.shape[1]]]
    order, cosines = nearest(vectors, MOST_LISTED, min(NEIGHBOURS, len(found.words) - 1))
    rows = []
    for word, count, near, likeness in zip(found.words, found.counts.tolist(), order, cosines, strict=False):
        rows.append([word, count, ", ".join(f"{found.words[at]} ({how:.2f})" for at, how in zip(near, likeness, strict=True))])
    words = "Words and the words nearest to them, with the cosine of their vectors"
    return Report("Word vectors", [table("Fitted", ["What", "Value"], facts), table(words, ["Word", "Occurrences", "Nearest"], rows)])
