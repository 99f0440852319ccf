"""Maps of groups by a figure: the first column of groups by the second, and the figure by the number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.modelling.evaluation.charts import Block, chart
from pipelines.modelling.task import Metric

MOST_DOWN, MOST_ACROSS = 60, 40
MOST_POINTS = 3_000
AROUND, ROW_HEIGHT = 150, 16  # pixels of axes and legend, and of a row of the map
REST = "Others"


def maps(keys: pl.DataFrame, values: Sequence[float | None], rows: Sequence[int | None], metric: Metric) -> Iterator[Block]:
    """Yield charts of a figure of groups.

    Args:
        keys: The values of the key columns, a row for each group.
        values: The figure of each group, None where there is none.
        rows: How many rows each group has.
        metric: The figure.
    """
    named = [name for name in keys.columns if keys[name].n_unique() > 1]
    columns = [keys[name].cast(pl.String).fill_null("(missing)").alias(str(place)) for place, name in enumerate(named)]
    found = pl.DataFrame([*columns, pl.Series("value", values, dtype=pl.Float64), pl.Series("rows", rows, dtype=pl.Int64)])
    found = found.filter(pl.col("value").is_finite())
    if found.height < 2:
        return
    if found["rows"].n_unique() > 1:
        yield _by_rows(found, metric)
    if len(named) >= 2:
        yield _map(found, named[:2], metric)


def _map(found: pl.DataFrame, by: list[str], metric: Metric) -> Block:
    """A cell for each pair of values of two columns; those of a column that have the worst mean are shown by themselves, and the others as one."""
    cells, cut = found.select("value", "rows", down="0", across="1"), ""
    order, titles = {}, dict(zip(("down", "across"), by, strict=True))
    for side, column, most in (("down", by[0], MOST_DOWN), ("across", by[1], MOST_ACROSS)):
        worst = cells.group_by(side).agg(pl.col("value").mean()).sort("value", side, descending=[metric.better == "low", False])[side]
        order[side] = worst.to_list()
        if len(worst) > most:
            order[side] = [*worst.head(most - 1), REST]
            titles[side] += f" (the {most - 1} worst of {len(worst):,})"
            cells = cells.with_columns(pl.when(pl.col(side).is_in(order[side][:-1])).then(side).otherwise(pl.lit(REST)).alias(side))
            cut += f" Of {len(worst):,} values of “{column}” the {most - 1} worst are shown; “{REST}” is the mean of the others."
    shown = cells.group_by("down", "across").agg(pl.col("value").mean(), pl.col("rows").sum(), groups=pl.len())
    low, high = np.quantile(shown["value"].to_numpy(), [0.02, 0.98])
    scale = {"domain": [float(low), float(high) if high > low else float(low) + 1.0], "clamp": True}
    strength = {"range": [0.06, 0.9] if metric.better == "low" else [0.9, 0.06]}
    axes = {
        axis: {"field": side, "type": "nominal", "title": titles[side], "sort": order[side]}
        for axis, side in (("y", "down"), ("x", "across"))
    }
    tips = [
        {"field": "down", "title": by[0]}, {"field": "across", "title": by[1]}, {"field": "value", "title": metric.title, "format": ".4~g"},
        {"field": "groups", "title": "Groups"}, {"field": "rows", "title": "Rows"},
    ]  # fmt: skip
    spec = {
        "data": {"values": shown.sort("down", "across").to_dicts()},
        "height": AROUND + ROW_HEIGHT * len(order["down"]),
        "mark": {"type": "rect", "tooltip": True},
        "encoding": {
            **axes,
            "opacity": {"field": "value", "type": "quantitative", "title": metric.title, "scale": {**scale, **strength}},
            "tooltip": tips,
        },
    }
    words = f"{metric.title} by “{by[0]}” and “{by[1]}”: the stronger the colour, the worse; an empty cell has no figure. The worst are at the top and at the left.{cut}"
    return chart(f"Map of the groups by {metric.title}", "groups_map", words, spec)


def _by_rows(found: pl.DataFrame, metric: Metric) -> Block:
    some = found if found.height <= MOST_POINTS else found.sample(MOST_POINTS, seed=0)
    points = [{"rows": rows, "value": value, "group": " / ".join(names)} for *names, value, rows in some.iter_rows()]
    spec = {
        "data": {"values": points},
        "mark": {"type": "point", "tooltip": True},
        "encoding": {
            "x": {"field": "rows", "type": "quantitative", "title": "Rows of the group", "scale": {"zero": False}},
            "y": {"field": "value", "type": "quantitative", "title": metric.title, "scale": {"zero": False}},
            "tooltip": [
                {"field": "group", "title": "Group"},
                {"field": "rows", "title": "Rows"},
                {"field": "value", "title": metric.title},
            ],
        },
    }
    left = f" {MOST_POINTS:,} of {counted(found.height, 'group')}, drawn at random, are shown." if some.height < found.height else ""
    return chart(f"{metric.title} by the number of rows", "groups_by_rows", f"Each point is a group.{left}", spec)
