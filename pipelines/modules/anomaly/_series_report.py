"""The series with its alerts."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.ports import Report
from pipelines.modelling.anomalies import SCORE
from pipelines.modelling.evaluation.charts import Block, chart, table, thinned

MOST_POINTS = 1_500
MOST_LISTED = 200


def series_report(scored: pl.DataFrame, time: str, value: str, threshold: float) -> Report:
    """Charts of the values and the scores, and a table of the alerts."""
    when = scored["time"]
    dated = when.dtype.is_temporal() and when.dtype not in (pl.Time, pl.Duration)
    shown = scored.with_columns(
        shown=when.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%dT%H:%M:%S") if dated else when.to_physical().cast(pl.Float64)
    )
    axis = {
        "field": "time",
        "type": "temporal" if dated else "quantitative",
        "title": time,
        **({} if dated else {"scale": {"zero": False}}),
    }
    alerts = shown.filter(pl.col("Alert"))
    some = shown[thinned(shown.height, MOST_POINTS)]
    facts = [["Values", scored.height - scored["value"].null_count()], ["Alerts", alerts.height], ["Threshold", threshold]]
    rows = alerts.sort(SCORE, descending=True, maintain_order=True).head(MOST_LISTED)
    return Report(
        "Time series anomalies",
        [
            table("Alerts found", ["What", "Value"], facts),
            _line(f"“{value}” and its alerts", "series", "value", value, some, alerts, axis),
            _line("Scores", "series_scores", SCORE, "Anomaly score", some, alerts, axis, threshold),
            table(
                "Alerts, the highest score first",
                [time, value, "Score"],
                [[str(at), number, score] for at, number, score in rows.select("time", "value", SCORE).rows()],
            ),
        ],
    )


def _line(
    title: str, role: str, column: str, name: str, some: pl.DataFrame, alerts: pl.DataFrame, axis: Any, threshold: float | None = None
) -> Block:
    values = [{"time": at, "value": number} for at, number in some.select("shown", column).rows()]
    dots = [
        {"time": at, "value": number} for at, number in alerts.sort(SCORE, descending=True).head(MOST_POINTS).select("shown", column).rows()
    ]
    axes = {"x": axis, "y": {"field": "value", "type": "quantitative", "title": name, "scale": {"zero": False}}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "tooltip": True}, "data": {"values": values}, "encoding": axes | _coloured(name)},
        {
            "mark": {"type": "point", "filled": True, "size": 60, "tooltip": True},
            "data": {"values": dots},
            "encoding": axes | _coloured("Alert"),
        },
    ]
    if threshold is not None:
        rule = {"mark": {"type": "rule", "style": "guide", "tooltip": False}, "data": {"values": [{"value": threshold}]}}
        layers.append({**rule, "encoding": {"y": {"field": "value", "type": "quantitative"}}})
    words = "Dots are alerts." if threshold is None else "Dots are alerts; the line is the threshold."
    return chart(title, role, words, {"layer": layers})


def _coloured(name: str) -> dict[str, Any]:
    return {"color": {"datum": name, "type": "nominal", "title": None}}
