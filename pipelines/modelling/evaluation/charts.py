"""Building blocks of reports: figures, and Vega-Lite charts with their data inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Block = Mapping[str, Any]


def figures(title: str, columns: Sequence[tuple[str, str, str | None]], metrics: Sequence[Mapping[str, Any]]) -> Block:
    """A table of figures, a row for each model."""
    heads = [{"key": key, "title": head, "better": better} for key, head, better in columns]
    rows = [{"name": one["name"], "values": {key: one["metrics"][key] for key, _, _ in columns}} for one in metrics]
    return {"type": "figures", "title": title, "columns": heads, "rows": rows}


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Block:
    """A table of values."""
    return {"type": "table", "title": title, "columns": list(columns), "rows": list(rows)}


def chart(title: str, role: str, description: str, spec: Mapping[str, Any]) -> Block:
    """A chart and the sentence that says what it shows."""
    return {"type": "chart", "title": title, "description": description, "spec": spec, "role": role}


def layer(*layers: Mapping[str, Any], x: tuple[str, str], y: tuple[str, str], zero: bool = True) -> Mapping[str, Any]:
    """Layers over the same two axes."""
    axes = {
        axis: {"field": field, "type": "quantitative", "title": title, "scale": {"zero": zero}}
        for axis, (field, title) in (("x", x), ("y", y))
    }
    return {"layer": list(layers), "encoding": axes}


def curves(
    points: Sequence[Mapping[str, Any]], guide: Sequence[Mapping[str, Any]], *, x: tuple[str, str], y: tuple[str, str], dots: bool = False
) -> Mapping[str, Any]:
    """A line for each model, with a dashed guide under them."""
    lines = {
        "mark": {"type": "line", "tooltip": True, "point": dots},
        "data": {"values": list(points)},
        "encoding": {"color": {"field": "model", "type": "nominal", "title": "Model"}, "order": {"field": "at", "type": "quantitative"}},
    }
    dashed = {"mark": {"type": "line", "strokeDash": [4, 4], "color": "#8a8f98"}, "data": {"values": list(guide)}, "encoding": {}}
    return layer(*((dashed,) if guide else ()), lines, x=x, y=y)


def thinned(length: int, most: int) -> list[int]:
    """At most so many indices, evenly spread, with the first and the last."""
    if length <= most:
        return list(range(length))
    return sorted({int(index) for index in np.linspace(0, length - 1, most).round()})
