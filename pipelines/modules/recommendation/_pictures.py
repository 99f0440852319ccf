"""Pictures of ratings and recommendations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.evaluation.charts import Block, bin_edges, chart

MOST_BARS = 20
MOST_VALUES = 25
BANDS = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, 199), (200, 499), (500, 999), (1000, None))


def distribution(groups: Mapping[str, np.ndarray], of: str) -> Block:
    """How often each rating is there: a bar for each value, or for each range where there are many; of several groups a line for each."""
    together = np.concatenate(list(groups.values()))
    different = np.unique(together)
    edges = bin_edges(together, MOST_VALUES)
    few = len(different) <= MOST_VALUES and len(groups) == 1
    values: list[dict[str, Any]] = []
    for name, ratings in groups.items():
        if few:
            shown, many = (part.tolist() for part in np.unique(ratings, return_counts=True))
        else:
            shown, many = ((edges[:-1] + edges[1:]) / 2).tolist(), np.histogram(ratings, edges)[0].tolist()
        values += [{"group": name, "rating": one, "share": count / len(ratings)} for one, count in zip(shown, many, strict=True)]
    share = {"field": "share", "type": "quantitative", "title": "Share of the ratings", "axis": {"format": ".0%"}}
    if len(groups) == 1:
        x = {"field": "rating", "type": "ordinal", "title": of, "axis": {"format": ".4~g"}}
        spec: Mapping[str, Any] = {"mark": {"type": "bar", "tooltip": True}, "encoding": {"x": x, "y": share}}
    else:
        x = {"field": "rating", "type": "quantitative", "title": of, "scale": {"zero": False}}
        colour = {"field": "group", "type": "nominal", "title": "Ratings", "sort": list(groups)}
        spec = {"mark": {"type": "line", "tooltip": True, "point": True}, "encoding": {"x": x, "y": share, "color": colour}}
    words = "How often each rating is there." if few else "How often ratings of each range are there; a point is the middle of its range."
    return chart("Distribution of ratings", "ratings", words, {"data": {"values": values}, **spec})


def most_frequent(counts: pl.DataFrame, column: str, title: str, role: str, axis: str, of: str, share: bool = False) -> Block:
    """A bar for each of the items with the most; of equally many, the first in order."""
    most = counts.sort(column, "item", descending=[True, False]).head(MOST_BARS)
    values = [{"item": item, "value": value} for item, value in most.select("item", column).rows()]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "item", "type": "nominal", "sort": None, "title": of},
            "x": {"field": "value", "type": "quantitative", "title": axis} | ({"axis": {"format": ".0%"}} if share else {}),
        },
    }
    return chart(title, role, f"{title}; at most {MOST_BARS} are shown.", spec)


def by_band(names: Sequence[str], figures: Sequence[tuple[np.ndarray, np.ndarray]], title: str, words: str, axis: str, root: bool) -> Block:
    """The mean of a figure of users by their number of ratings, a line for each model; `root` draws the root of the mean."""
    values = []
    for name, (many, figure) in zip(names, figures, strict=True):
        for low, high in BANDS:
            inside = (many >= low) & (many <= (high or np.inf))
            if inside.any():
                mean = float(figure[inside].mean())
                band = f"{low:,}" if low == high else f"{low:,}–{high:,}" if high else f"{low:,} or more"
                values.append({"model": name, "band": band, "figure": mean**0.5 if root else mean})
    order = [f"{low:,}" if low == high else f"{low:,}–{high:,}" if high else f"{low:,} or more" for low, high in BANDS]
    seen = {value["band"] for value in values}
    spec = {
        "data": {"values": values},
        "mark": {"type": "line", "point": True, "tooltip": True},
        "encoding": {
            "x": {"field": "band", "type": "ordinal", "sort": [band for band in order if band in seen], "title": words},
            "y": {"field": "figure", "type": "quantitative", "title": axis},
            "color": {"field": "model", "type": "nominal", "title": "Model"},
        },
    }
    return chart(title, "by_ratings_of_user", f"{axis} of the users with so many ratings.", spec)
