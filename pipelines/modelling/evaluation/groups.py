"""How a model treats groups of rows: its figures by group, and for two classes the rates whose differences are called unfair.

Demographic parity compares the shares that are predicted positive; equalised odds compare these shares among the positive and among the negative rows
(M. Hardt, E. Price, N. Srebro, "Equality of opportunity in supervised learning", NIPS 2016). Intervals of shares are Wilson's, those of their
differences Newcombe's (Statistics in Medicine 17, 1998, method 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column, Of, Range, Title
from pipelines.catalogue.phrases import class_text, listed
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import SHARE, Block, chart, table
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.task import Task

MOST_GROUPS = 50
SMALL = 30  # rows of which a share is said
NONE = "(missing)"


@dataclass(frozen=True)
class Groups:
    """The groups of rows to compare.

    Args:
        group_column: A column whose values are groups, such as sex or region. The report shows the figures by group; for two classes also the share
            predicted positive (selection rate), true and false positive rates and precision, and the largest differences between groups.
        group_threshold: For two classes, the probability at or above which a row is predicted positive in the comparison of groups; if empty, as it was
            predicted.
    """

    group_column: Annotated[Column | None, Of("scored")] = None
    group_threshold: Annotated[float | None, Title("Threshold for groups"), Range(0, 1)] = None


class Rate(NamedTuple):
    """A share of rows: which are counted, and among which."""

    title: str
    counted: np.ndarray
    among: np.ndarray


def group_blocks(task: Task, read: Sequence[Scored], values: Sequence[pl.Series], groups: Groups) -> list[Block]:
    """Return the figures by group, and the differences between groups.

    Args:
        task: The task of the models.
        read: Truth and score of each model.
        values: The group of each row, for each model.
        groups: The settings.
    """
    named = [class_text(each).fill_null(NONE).to_numpy() for each in values]
    _check(named, str(groups.group_column))
    rows = [row for one, names in zip(read, named, strict=True) for row in _figures(task, one, names)]
    titles = [title for _, title, _ in task.metrics]
    blocks = [table(f"Figures by “{groups.group_column}”", ["Model", "Group", "Rows", *titles], rows)]
    judged = [(one, names) for one, names in zip(read, named, strict=True) if one.positive is not None]
    return [*(_fairness(judged, groups) if judged else []), *blocks]


def _check(named: Sequence[np.ndarray], column: str) -> None:
    many = max(len(np.unique(names)) for names in named)
    if many > MOST_GROUPS:
        raise ModuleError(
            "too_many_groups",
            f"“{column}” has {many:,} distinct values; at most {MOST_GROUPS} groups are compared.",
            port="scored",
            param="group_column",
            column=column,
            remedy="Combine its values first with Group into Bins or Group Rare Categories.",
        )
    groups, rows = np.unique(named[0], return_counts=True)
    if small := [str(group) for group, count in zip(groups, rows, strict=True) if count < SMALL]:
        log(f"Groups of fewer than {SMALL} rows, whose figures say little: {listed(small)}.", "warning")


def _figures(task: Task, one: Scored, names: np.ndarray) -> list[list[Any]]:
    rows = []
    for group in np.unique(names):
        here = names == group
        part = one.part(here)
        found: Mapping[str, Any] = task.metric_values(part) if part.weights.sum() > 0 else {}
        rows.append([one.name, str(group), int(here.sum()), *(found.get(key) for key, _, _ in task.metrics)])
    return rows


def rates(one: Scored, threshold: float | None) -> list[Rate]:
    """Return the rates that are compared between groups; without a threshold of the rows as they are predicted."""
    guess, truth = one.guess if threshold is None else one.score >= threshold, one.truth == 1
    everything = np.ones(len(truth), dtype=bool)
    return [
        Rate("Selection rate", guess, everything),
        Rate("True positive rate", guess, truth),
        Rate("False positive rate", guess, ~truth),
        Rate("Precision", truth, guess),
    ]


def _fairness(judged: Sequence[tuple[Scored, np.ndarray]], groups: Groups) -> list[Block]:
    """Return the rates by group as a chart and a table, and their largest differences."""
    shown: list[dict[str, Any]] = []
    rows: list[list[Any]] = []
    gaps: list[list[Any]] = []
    for one, names in judged:
        found = {rate.title: _by_group(rate, one, names) for rate in rates(one, groups.group_threshold)}
        for group in np.unique(names):
            here = names == group
            row: list[Any] = [one.name, str(group), int(here.sum()), int((here & (one.truth == 1)).sum())]
            for title, by_group in found.items():
                share, interval = by_group[str(group)]
                low, high = interval or (None, None)
                row += [share, low, high]
                shown.append({"model": one.name, "group": str(group), "rate": title, "value": share, "low": low, "high": high})
            rows.append([*row, "few rows" if here.sum() < SMALL else ""])
        gaps += _gaps(one.name, found)
    used = dict.fromkeys(one.at if groups.group_threshold is None else f"{groups.group_threshold:g}" for one, _ in judged)
    positive, at = judged[0][0].positive, " and ".join(used)
    heads = [part for rate in rates(judged[0][0], None) for part in (rate.title, "From", "To")]
    column = groups.group_column
    return [
        _chart(
            shown,
            f"How often each group of “{column}” is predicted “{positive}” at a threshold of {at}, with 95\u00a0% confidence intervals.",
        ),
        table(f"Largest differences between groups of “{column}” at {at}", ["Model", "Measure", "Value", "From", "To", "Between"], gaps),
        table(
            f"Rates by group of “{column}” at {at} (positive class “{positive}”)",
            ["Model", "Group", "Rows", "Positives", *heads, "Note"],
            rows,
        ),
    ]


Found = Mapping[str, tuple[float | None, intervals.Interval]]


def _by_group(rate: Rate, one: Scored, names: np.ndarray) -> Found:
    found = {}
    for group in np.unique(names):
        here = (names == group) & rate.among
        weight = one.weights[here]
        share = float(np.average(rate.counted[here], weights=weight)) if weight.sum() > 0 else None
        found[str(group)] = (share, intervals.wilson(rate.counted[here], weight))
    return found


def _gaps(model: str, found: Mapping[str, Found]) -> list[list[Any]]:
    selection, hits, alarms = (found[title] for title in ("Selection rate", "True positive rate", "False positive rate"))
    odds = max((_gap(hits), _gap(alarms)), key=lambda gap: -1.0 if gap[0] is None else gap[0])
    rows = [
        ["Demographic parity difference", *_gap(selection)],
        ["Equal opportunity difference (true positive rates)", *_gap(hits)],
        ["False positive rate difference", *_gap(alarms)],
        ["Equalised odds difference (the larger of the two)", *odds],
        ["Demographic parity ratio", *_ratio(selection)],
    ]
    return [[model, *row] for row in rows]


def _ends(found: Found) -> tuple[str, str] | None:
    known = {group: share for group, (share, _) in found.items() if share is not None}
    return (max(known, key=known.__getitem__), min(known, key=known.__getitem__)) if len(known) > 1 else None


def _gap(found: Found) -> tuple[float | None, float | None, float | None, str]:
    """The largest difference between two groups, its interval, and the groups."""
    if (ends := _ends(found)) is None:
        return None, None, None, ""
    (high, above), (low, below) = found[ends[0]], found[ends[1]]
    gap = (high or 0.0) - (low or 0.0)
    if above is None or below is None or high is None or low is None:
        return gap, None, None, f"{ends[0]} and {ends[1]}"
    down, up = np.hypot(high - above[0], below[1] - low), np.hypot(above[1] - high, low - below[0])
    return gap, max(-1.0, float(gap - down)), min(1.0, float(gap + up)), f"{ends[0]} and {ends[1]}"


def _ratio(found: Found) -> tuple[float | None, None, None, str]:
    """The lowest share as a part of the highest."""
    if (ends := _ends(found)) is None or not found[ends[0]][0]:
        return None, None, None, ""
    return (found[ends[1]][0] or 0.0) / (found[ends[0]][0] or 1.0), None, None, f"{ends[1]} and {ends[0]}"


def _chart(values: Sequence[Mapping[str, Any]], words: str) -> Block:
    known = [value for value in values if value["value"] is not None]
    y = {"field": "group", "type": "nominal", "title": None}
    offset = {"yOffset": {"field": "model", "type": "nominal"}} if len({value["model"] for value in known}) > 1 else {}
    colour = {"color": {"field": "model", "type": "nominal", "title": "Model"}}
    spec = {
        "data": {"values": known},
        "facet": {"field": "rate", "type": "nominal", "title": None, "sort": list(dict.fromkeys(value["rate"] for value in known))},
        "columns": 2,
        "spec": {
            "width": 200,
            "layer": [
                {
                    "mark": {"type": "rule", "tooltip": True},
                    "encoding": {
                        "y": y,
                        **offset,
                        **colour,
                        "x": {"field": "low", "type": "quantitative", "title": None, **SHARE},
                        "x2": {"field": "high"},
                    },
                },
                {
                    "mark": {"type": "point", "filled": True, "tooltip": True},
                    "encoding": {"y": y, **offset, **colour, "x": {"field": "value", "type": "quantitative", "title": None, **SHARE}},
                },
            ],
        },
    }
    return chart("Rates by group", "groups", words, spec)
