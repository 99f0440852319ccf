"""How much each new column holds, and of what it is made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.catalogue.ports import Report
from pipelines.modelling.evaluation.charts import Block, chart, table

MOST_DRAWN = 30
MOST_COLUMNS = 12
MOST_LISTED = 300


def variance_report(
    title: str, columns: Sequence[str], names: Sequence[str], weights: np.ndarray, variances: np.ndarray | None, shares: np.ndarray
) -> Report:
    """A chart of the shares, a table of them, and the weights of the columns. `variances` are those of components, if there are such."""
    prefix = names[0][:2]
    labels = [f"{prefix}{place + 1}" for place in range(len(shares))]
    total = np.minimum(shares.cumsum(), 1.0)
    head = ["", *(["Variance"] if variances is not None else []), "Share", "Share so far", "Kept"]
    rows = [
        [
            label,
            *([float(variances[at])] if variances is not None else []),
            float(shares[at]),
            float(total[at]),
            "yes" if at < len(names) else "no",
        ]
        for at, label in enumerate(labels[:MOST_LISTED])
    ]
    kept = names[:MOST_COLUMNS]
    made = [[column, *map(float, weights[: len(kept), at])] for at, column in enumerate(columns[:MOST_LISTED])]
    what = "variance" if variances is not None else "spread between the classes"
    blocks = [_bars(labels, shares, total, what), table(f"Share of the {what}", head, rows)]
    words = "Weights of the columns, each divided by its standard deviation" if variances is None else "Weights of the columns"
    return Report(title, [*blocks, table(words, ["Column", *kept], made)])


def _bars(labels: Sequence[str], shares: np.ndarray, total: np.ndarray, what: str) -> Block:
    values = [
        {"name": label, "share": float(share), "so far": float(sum_)}
        for label, share, sum_ in list(zip(labels, shares, total, strict=True))[:MOST_DRAWN]
    ]
    y = {"type": "quantitative", "title": f"Share of the {what}", "scale": {"domain": [0, 1]}}
    spec = {
        "data": {"values": values},
        "encoding": {"x": {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0}}},
        "layer": [
            {"mark": {"type": "bar", "tooltip": True}, "encoding": {"y": {"field": "share", **y}}},
            {"mark": {"type": "line", "point": True, "tooltip": True}, "encoding": {"y": {"field": "so far", **y}}},
        ],
    }
    return chart(f"Share of the {what}", "explained_variance", f"Bars: the share of the {what} of each; line: of all so far.", spec)
