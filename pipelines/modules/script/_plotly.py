"""Figures of Plotly as Vega-Lite charts: points, lines, areas, bars, histograms, boxes, heat maps and pies; the canvas draws Vega-Lite alone."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_POINTS = 20_000  # of a figure
BINS = 30
DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]|$)")
TAG = re.compile(r"<[^>]*>")
BAR = ("bar", "histogram")
Row = dict[str, Any]
Spec = dict[str, Any]


def charts_of(figure: Any) -> list[Spec]:
    """Return the charts of a figure, one for each pair of axes; traces of kinds that Vega-Lite does not draw are left out, which the log says."""
    known = json.loads(figure.to_json())
    layout, traces = known.get("layout", {}), known.get("data", [])
    groups: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = {}
    left_out: list[str] = []
    for trace in traces:
        kind = _kind(trace)
        if kind is None:
            left_out.append(trace.get("type", "scatter"))
        elif trace.get("visible", True) is True:
            place = ("pie", str(len(groups))) if kind == "pie" else (trace.get("xaxis", "x"), trace.get("yaxis", "y"))
            groups.setdefault(place, {}).setdefault(kind, []).append(trace)
    for kind in dict.fromkeys(left_out):
        log(f"{counted(left_out.count(kind), 'trace')} of the Plotly kind “{kind}” cannot be shown and was left out.", "warning")
    step = _step(traces)
    title = _text(layout.get("title"))
    return [
        {"$schema": SCHEMA, "title": title or "Chart", "layer": [layer for kind, some in kinds.items() for layer in _layers(kind, some, layout, step)]}
        for kinds in groups.values()
    ]  # fmt: skip


def _kind(trace: Mapping[str, Any]) -> str | None:
    """The mark of a trace; None for one that cannot be drawn."""
    match trace.get("type", "scatter"):
        case "scatter" | "scattergl":
            if trace.get("fill") not in (None, "none") or trace.get("stackgroup"):
                return "area"
            mode = trace.get("mode") or ("lines+markers" if len(_values(trace.get("y"))) < 20 else "lines")
            return "line+point" if "lines" in mode and "markers" in mode else "line" if "lines" in mode else "point"
        case "bar" | "histogram" | "box" | "heatmap" | "pie" as kind:
            return str(kind)
    return None


def _step(traces: Sequence[Mapping[str, Any]]) -> int:
    """Show every so many points, so that the report stays small."""
    points = sum(max(len(_values(trace.get(name))) for name in ("x", "y", "z")) for trace in traces)
    step = -(-points // MOST_POINTS) or 1
    if step > 1:
        log(f"The Plotly figure has {points:,} points; one in {step:,} is shown.", "warning")
    return step


def _layers(kind: str, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], step: int) -> Iterator[Spec]:
    if kind == "pie":
        yield from map(_pie, traces)
    elif kind == "heatmap":
        yield from (_heat_map(trace, layout) for trace in traces)
    else:
        rows = [row for place, trace in enumerate(traces) for row in _rows(trace, place)]
        yield _layer(kind, traces, rows if kind in (*BAR, "box") else rows[::step], layout)


def _rows(trace: Mapping[str, Any], place: int) -> list[Row]:
    xs, ys = _values(trace.get("x")), _values(trace.get("y"))
    name = str(trace.get("name") or f"trace {place}")
    if trace.get("type") == "box" and not (xs and ys):  # the values of one box are in x or in y
        xs, ys = (xs, [name] * len(xs)) if xs else ([name] * len(ys), ys)
    elif trace.get("type") != "histogram":
        xs, ys = xs or list(range(len(ys))), ys or list(range(len(xs)))
    found = [{"x": x, "y": y, "trace": name} for x, y in zip(xs or [None] * len(ys), ys or [None] * len(xs), strict=False)]
    marker = trace.get("marker") or {}
    for key in ("color", "size"):
        if len(held := _values(marker.get(key))) == len(found) and _type(held) == "quantitative":
            found = [row | {key: value} for row, value in zip(found, held, strict=True)]
    return found


def _layer(kind: str, traces: Sequence[Mapping[str, Any]], rows: Sequence[Row], layout: Mapping[str, Any]) -> Spec:
    """All traces of a kind: bars of several layers would not be stacked."""
    first = traces[0]
    encoding: Spec = {axis: _channel(axis, rows, first, layout, zero=kind in (*BAR, "area")) for axis in ("x", "y")}
    if kind == "histogram":
        counted_axis, binned = ("x", "y") if first.get("y") and not first.get("x") else ("y", "x")
        encoding[counted_axis] = {"aggregate": "count", "type": "quantitative", "title": encoding[counted_axis]["title"] or "Count"}
        if encoding[binned]["type"] == "quantitative":
            encoding[binned]["bin"] = {"maxbins": first.get(f"nbins{binned}") or BINS}
    if len(traces) > 1:
        encoding["color"] = {
            "field": "trace",
            "type": "nominal",
            "title": _text((layout.get("legend") or {}).get("title")) or None,
            "sort": None,
        }
    for key in ("color", "size"):
        if rows and key in rows[0]:
            encoding[key] = {"field": key, "type": "quantitative", "title": None}
    mark: Spec = {"type": {"line+point": "line", "box": "boxplot", **dict.fromkeys(BAR, "bar")}.get(kind, kind), "tooltip": True}
    if kind == "line+point":
        mark["point"] = True
    mode = layout.get("barmode", "group")
    if kind in BAR and len(traces) > 1 and mode == "group" and encoding["x"]["type"] == "nominal":
        encoding["xOffset"] = {"field": "trace"}
    elif (kind in BAR and mode == "overlay") or (kind == "area" and not first.get("stackgroup")):
        encoding["y"]["stack"], mark["opacity"] = None, 0.6
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _channel(axis: str, rows: Sequence[Row], trace: Mapping[str, Any], layout: Mapping[str, Any], *, zero: bool) -> Spec:
    held = layout.get(f"{axis}axis{(trace.get(f'{axis}axis') or axis)[1:]}") or {}
    kind = _type([row[axis] for row in rows])
    found: Spec = {"field": axis, "type": kind, "title": _text(held.get("title")) or None}
    if kind == "nominal":
        found["sort"] = None
    elif kind == "quantitative":
        found["scale"] = {"type": "log"} if held.get("type") == "log" else {"zero": zero}
    return found


def _heat_map(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> Spec:
    grid = _values(trace.get("z"))
    width = max(map(len, grid), default=0)
    xs = _values(trace.get("x")) or list(range(width))
    ys = _values(trace.get("y")) or list(range(len(grid)))
    rows = [{"x": x, "y": y, "z": value} for y, line in zip(ys, grid, strict=False) for x, value in zip(xs, line, strict=False)]
    reversed_ = (layout.get(f"yaxis{(trace.get('yaxis') or 'y')[1:]}") or {}).get("autorange") == "reversed"
    encoding: Spec = {axis: _channel(axis, rows, trace, layout, zero=False) | {"type": "ordinal"} for axis in ("x", "y")}
    for axis, order in (("x", xs), ("y", ys if reversed_ else ys[::-1])):
        encoding[axis] |= {"sort": order}
        encoding[axis].pop("scale", None)
    encoding["color"] = {"field": "z", "type": "quantitative", "title": None}
    return {"data": {"values": rows[:MOST_POINTS]}, "mark": {"type": "rect", "tooltip": True}, "encoding": encoding}


def _pie(trace: Mapping[str, Any]) -> Spec:
    labels = _values(trace.get("labels"))
    values = _values(trace.get("values")) or [1] * len(labels)
    rows = [{"label": label, "value": value} for label, value in zip(labels or range(len(values)), values, strict=False)]
    theta = {"field": "value", "type": "quantitative", "aggregate": "sum"}
    return {
        "data": {"values": rows},
        "mark": {"type": "arc", "tooltip": True},
        "encoding": {"theta": theta, "color": {"field": "label", "type": "nominal", "title": None, "sort": None}},
    }


def _values(held: Any) -> list[Any]:
    """A sequence as Plotly writes it: a list, or bytes with their type; NaN is missing."""
    if isinstance(held, Mapping) and "bdata" in held:
        array = np.frombuffer(b64decode(held["bdata"]), dtype=np.dtype(held["dtype"]))
        if shape := held.get("shape"):
            array = array.reshape([int(part) for part in str(shape).split(",")])
        return [_finite(value) for value in array.tolist()]
    return [_finite(value) for value in held] if isinstance(held, list) else []


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _type(values: Sequence[Any]) -> str:
    present = [value for value in values if value is not None]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in present):
        return "quantitative"
    return "temporal" if all(isinstance(value, str) and DAY.match(value) for value in present) else "nominal"


def _text(title: Any) -> str:
    found = title.get("text") if isinstance(title, Mapping) else title
    return " ".join(TAG.sub(" ", str(found or "")).split())
