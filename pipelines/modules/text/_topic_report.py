"""The topics of texts: their words, and how much of the texts they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Block, chart, table

MOST_LISTED = 200
MOST_DRAWN = 30
MOST_WORDS = 10


def topic_report(
    facts: Sequence[Sequence[object]], names: Sequence[str], words: Sequence[str], topics: np.ndarray, shares: np.ndarray
) -> Report:
    """What was fitted, the most probable words of each topic, and a bar for the share of each.

    Args:
        facts: Names and values of what was fitted.
        names: The topics.
        words: The features.
        topics: The probability of each feature in each topic.
        shares: The mean share of each topic in the texts.
    """
    rows = []
    for name, topic, share in list(zip(names, topics, shares, strict=True))[:MOST_LISTED]:
        best = np.argsort(-topic, kind="stable")[:MOST_WORDS]
        rows.append([name, float(share), ", ".join(words[at] for at in best)])
    blocks = [
        table("Fitted", ["What", "Value"], facts),
        _bars(names, shares),
        table("Most probable words", ["Topic", "Share of the texts", "Words"], rows),
    ]
    return Report("Latent Dirichlet allocation", blocks)


def _bars(names: Sequence[str], shares: np.ndarray) -> Block:
    values = [{"topic": name, "share": float(share)} for name, share in list(zip(names, shares, strict=True))[:MOST_DRAWN]]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "share", "type": "quantitative", "title": "Mean share of the texts"},
            "y": {"field": "topic", "type": "nominal", "sort": None, "title": None},
        },
    }
    return chart("Share of each topic", "topics", "How much of the texts each topic is, on average.", spec)
