"""Building blocks of reports: figures, and Vega-Lite charts with their data inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Block = Mapping[str, Any]
# Of a model: the figure's title, its value, and its interval if one is known.
Sure = tuple[str, str, float | None, tuple[float, float] | None]
SHARE = {"scale": {"domain": [0, 1]}, "axis": {"values": [0, 0.25, 0.5, 0.75, 1], "format": ".2~f"}}


def bin_edges(values: np.ndarray, most: int) -> np.ndarray:
    """Return the edges of bins of one width over some numbers; of fewer bins where numbers so large lie no closer together."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = low - max(0.5, np.spacing(abs(low))), high + max(0.5, np.spacing(abs(high)))
    return np.unique(np.linspace(low, high, most + 1))


def figures(
    title: str, columns: Sequence[tuple[str, str, str | None]], metrics: Sequence[Mapping[str, Any]], sure: Sequence[Sure] = ()
) -> Block:
    """A table of figures, a row for each model, with how many rows they are of and the intervals that are known."""
    heads = [{"key": key, "title": head, "better": better} for key, head, better in columns]
    known = {(model, figure): (value, interval) for model, figure, value, interval in sure}
    rows = []
    for one in metrics:
        name = one["name"]
        found = {key: known[name, head][1] for key, head, _ in columns if (name, head) in known}
        row = {
            "name": name,
            "values": {key: one["metrics"][key] for key, _, _ in columns},
            "intervals": {key: list(interval) for key, interval in found.items() if interval is not None},
        }
        rows.append(row | ({"rows": known[name, "Rows"][0]} if (name, "Rows") in known else {}))
    return {"type": "figures", "title": title, "columns": heads, "rows": rows}


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Block:
    """A table of values."""
    return {"type": "table", "title": title, "columns": list(columns), "rows": list(rows)}


def chart(title: str, role: str, description: str, spec: Mapping[str, Any]) -> Block:
    """A chart and the sentence that says what it shows."""
    return {"type": "chart", "title": title, "description": description, "spec": spec, "role": role}


def layer(*layers: Mapping[str, Any], x: tuple[str, str], y: tuple[str, str], zero: bool = True, shares: str = "") -> Mapping[str, Any]:
    """Layers over the same two axes; those in `shares` run from 0 to 1."""
    axes = {
        axis: {"field": field, "type": "quantitative", "title": title} | (SHARE if axis in shares else {"scale": {"zero": zero}})
        for axis, (field, title) in (("x", x), ("y", y))
    }
    return {"layer": list(layers), "encoding": axes}


def guide(name: str, line: Sequence[Mapping[str, float]], at: Mapping[str, float], *, above: bool = False) -> Sequence[Mapping[str, Any]]:
    """A line to compare with, and its name at a point of it: under the line to the right of the point, or above it to the left.

    Its colours and dashes are those of the styles `guide` and `guide-name` of the page that shows it.
    """
    beside = {"align": "right", "baseline": "bottom"} if above else {"align": "left", "baseline": "top"}
    return [
        {"mark": {"type": "line", "style": "guide", "strokeWidth": 1, "tooltip": False}, "data": {"values": list(line)}, "encoding": {}},
        {
            "mark": {"type": "text", "style": "guide-name", "fontSize": 11, "tooltip": False, **beside},
            "data": {"values": [{**at, "name": name}]},
            "encoding": {"text": {"field": "name", "type": "nominal"}},
        },
    ]


def curves(
    points: Sequence[Mapping[str, Any]],
    guides: Sequence[Mapping[str, Any]],
    *,
    x: tuple[str, str],
    y: tuple[str, str],
    shares: str = "",
    dots: bool = False,
) -> Mapping[str, Any]:
    """A line for each model over the guides."""
    lines = {
        "mark": {"type": "line", "tooltip": True, "point": dots},
        "data": {"values": list(points)},
        "encoding": {"color": {"field": "model", "type": "nominal", "title": "Model"}, "order": {"field": "at", "type": "quantitative"}},
    }
    return layer(*guides, lines, x=x, y=y, shares=shares)


def thinned(length: int, most: int) -> list[int]:
    """At most so many indices, evenly spread, with the first and the last."""
    if length <= most:
        return list(range(length))
    return sorted({int(index) for index in np.linspace(0, length - 1, most).round()})
