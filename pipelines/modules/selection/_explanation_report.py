"""Pictures of contributions: each feature over all rows, and one row from the base to its prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Model, Report
from pipelines.modelling.contributions import Contributions
from pipelines.modelling.evaluation.charts import Block, chart, table, thinned

MOST_FEATURES = 15
MOST_DOTS = 120  # of each feature
MOST_STEPS = 10
MOST_LISTED = 500
MOST_LETTERS = 24


def explanation_report(
    model: Model, class_name: str, frame: pl.DataFrame, features: pl.DataFrame, ids: pl.Series, found: Contributions, shown: Sequence[int]
) -> Report:
    """Return what was explained, the features by how much they move predictions, and a picture of each selected row.

    Args:
        model: The model.
        class_name: The class that was asked for, if any.
        frame: The explained rows as they arrive.
        features: The same as the model takes them.
        ids: What names each row.
        found: Their contributions.
        shown: The places of the rows to draw.
    """
    unit = _unit(model, class_name, found)
    sizes = np.abs(found.values).mean(axis=0)
    order = np.argsort(-sizes, kind="stable").tolist()
    names = [column for column, _ in model.features]
    facts: list[list[Any]] = [
        ["Model", model.name],
        ["Explains", unit],
        ["Method", found.method],
        ["Rows", frame.height],
        ["Base", found.base],
    ]
    if found.errors is not None:
        facts.append(["Largest standard error", float(np.nanmax(found.errors, initial=0.0))])
    rows = [[names[at], float(sizes[at]), float(found.values[:, at].min()), float(found.values[:, at].max())] for at in order[:MOST_LISTED]]
    heads = ["Feature", "Mean absolute contribution", "Lowest", "Highest"]
    blocks = [
        table("Explained", ["What", "Value"], facts),
        _bars([(names[at], float(sizes[at])) for at in order[:MOST_FEATURES]], unit),
        _swarm(features, names, order[:MOST_FEATURES], found, unit),
        *(_waterfall(frame, names, ids, found, place, unit) for place in shown),
        table("Features", heads, rows),
    ]
    return Report("Explanation of predictions", blocks)


def _unit(model: Model, class_name: str, found: Contributions) -> str:
    """What the contributions add up to, such as the log-odds of a class."""
    of = (class_name or model.classes[-1]) if model.classes else model.label
    return f"“{of}”" if found.unit == "label" else f"{found.unit} of “{of}”"


def _bars(sizes: Sequence[tuple[str, float]], unit: str) -> Block:
    spec = {
        "data": {"values": [{"feature": name, "size": size} for name, size in sizes]},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "size", "type": "quantitative", "title": "Mean absolute contribution"},
        },
    }
    return chart("Features by contribution", "importance", f"How far each feature moves the {unit} on average, up or down.", spec)


def _swarm(features: pl.DataFrame, names: Sequence[str], order: Sequence[int], found: Contributions, unit: str) -> Block:
    """A dot for each row and feature, coloured by the feature's value from its lowest to its highest."""
    rows = thinned(features.height, MOST_DOTS)
    dots = []
    for at in order:
        strength = _ranks(features[names[at]])
        offsets = _apart(found.values[rows, at])
        for row, off in zip(rows, offsets, strict=True):
            dot = {"feature": names[at], "contribution": round(float(found.values[row, at]), 6), "off": round(float(off), 3)}
            level = None if strength is None else strength[row]
            dots.append(dot if level is None else {**dot, "level": round(level, 2)})
    colour = {
        "field": "level",
        "type": "quantitative",
        "title": "Value",
        "legend": {"values": [0, 1], "labelExpr": "datum.value ? 'high' : 'low'"},
    }
    spec = {
        "data": {"values": dots},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": [names[at] for at in order], "title": None},
            "yOffset": {"field": "off", "type": "quantitative", "scale": {"domain": [-1.2, 1.2]}},
            "x": {"field": "contribution", "type": "quantitative", "title": f"Contribution to the {unit}"},
        },
        "layer": [  # a dot without a level would be left out of a layer that is coloured by it
            {
                "transform": [{"filter": "isValid(datum.level)"}],
                "mark": {"type": "circle", "opacity": 0.8, "tooltip": True},
                "encoding": {"color": colour},
            },
            {"transform": [{"filter": "!isValid(datum.level)"}], "mark": {"type": "circle", "opacity": 0.4, "tooltip": True}},
        ],
    }
    words = f"Each dot is a row. It is to the right where the feature raises the {unit} of the row. Numbers are coloured from their lowest to their highest."
    return chart("Contributions of all rows", "contributions", words, spec)


def _ranks(values: pl.Series) -> list[float | None] | None:
    if not values.dtype.is_numeric():
        return None
    ranks = (values.rank("average") - 1) / max(values.len() - values.null_count() - 1, 1)
    return ranks.to_list()


def _apart(values: np.ndarray) -> np.ndarray:
    """How far dots of about the same value are moved apart, up and down in turn, from -1 to 1."""
    spread = float(np.ptp(values)) if len(values) else 0.0
    bins = np.floor((values - values.min(initial=0.0)) / (spread or 1.0) * 30).astype(int)
    found = np.zeros(len(values))
    for each in np.unique(bins):
        here = np.flatnonzero(bins == each)
        steps = (np.arange(len(here)) + 1) // 2 * np.where(np.arange(len(here)) % 2, 1, -1)
        found[here] = steps / max(np.bincount(bins).max() / 2, 1)
    return np.clip(found, -1, 1)


def _waterfall(frame: pl.DataFrame, names: Sequence[str], ids: pl.Series, found: Contributions, place: int, unit: str) -> Block:
    """The steps from the base to the prediction of a row, the largest first; what is left is one step."""
    values = found.values[place]
    order = np.argsort(-np.abs(values), kind="stable").tolist()
    steps = [(f"{names[at]} = {_shown(frame[names[at]][place])}", float(values[at])) for at in order[:MOST_STEPS]]
    if rest := order[MOST_STEPS:]:
        steps.append((f"{len(rest)} other features", float(values[rest].sum())))
    bars, at = [], found.base
    for name, step in steps:
        bars.append({"feature": name, "from": at, "to": at + step, "contribution": step, "moves": "up" if step >= 0 else "down"})
        at += step
    y = {"field": "feature", "type": "nominal", "sort": None, "title": None}
    x = {"type": "quantitative", "title": unit[:1].upper() + unit[1:], "scale": {"zero": False}}
    spec = {
        "data": {"values": bars},
        "layer": [
            {
                "mark": {"type": "bar", "tooltip": True, "cornerRadius": 0},
                "encoding": {
                    "y": y, "x": {"field": "from", **x}, "x2": {"field": "to"},
                    "color": {"field": "moves", "type": "nominal", "title": None, "scale": {"domain": ["up", "down"]}},
                },
            },
            {
                "data": {"values": [{"base": found.base}]},
                "mark": {"type": "rule", "style": "guide", "tooltip": False},
                "encoding": {"x": {"field": "base", **x}},
            },
        ],
    }  # fmt: skip
    name, end = ids[place], float(found.predictions[place])
    words = f"From the base {found.base:.4g} (dashed line) to the prediction {end:.4g}: the {unit} of row {name}, the largest contributions first."
    return chart(f"Row {name}", "waterfall", words, spec)


def _shown(value: Any) -> str:
    text = "missing" if value is None else f"{value:.5g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
