"""Guardrails of the label."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text, counted
from pipelines.modelling.classes import lookalikes
from pipelines.modelling.features import present_values
from pipelines.modelling.guardrails.guardrail import Guardrail, Plan, Where
from pipelines.modelling.guardrails.texts import LABEL_MARKS, marks

RARE = 0.05  # share of the rarest class
FAR = 10.0  # times the distance of the quartiles beyond them


def of_label(label: pl.Series, task: str, plan: Plan) -> Iterator[Guardrail]:
    """Yield the guardrails of the label's values."""
    there = present_values(label)
    values = label.filter(there)
    lost = len(label) - len(values)
    yield _known(label, lost)
    yield _varies(values, label.name)
    yield from _of_numbers(values) if task == "regression" else _of_classes(values, plan)


def _known(label: pl.Series, lost: int) -> Guardrail:
    title, words = "Label known", f"{counted(lost, 'row')} without a label {'is' if lost == 1 else 'are'} left out." if lost else ""
    if written := marks(label, LABEL_MARKS):
        told = ", ".join(f"“{mark}” in {counted(rows, 'row')}" for mark, rows in written.items())
        words = f"The label is {told}, which is taken for a class. If it means that the label is missing, remove these rows with Filter Rows. {words}"
        return Guardrail(
            "label_missing",
            title,
            "alerted",
            words.strip(),
            (label.name,),
            {"rows": lost + sum(written.values())},
            Where.of(label.name, "=", next(iter(written))),
        )
    if lost:
        return Guardrail("label_missing", title, "done", words, (label.name,), {"rows": lost}, Where.of(label.name, "missing"))
    return Guardrail("label_missing", title, "passed", "Every row has a label.")


def _varies(values: pl.Series, name: str) -> Guardrail:
    found = values.n_unique()
    if found > 1:
        return Guardrail("label_constant", "Label varies", "passed", "The label has several values.", figures={"values": found})
    words = (
        "The label is the same in all rows, so there is nothing to learn. Select another label."
        if found
        else "No row has a label. Select another one."
    )
    return Guardrail("label_constant", "Label varies", "alerted", words, (name,), {"values": found})


def _of_classes(values: pl.Series, plan: Plan) -> Iterator[Guardrail]:
    counts = class_text(values).alias("class").value_counts(name="rows", sort=True)
    few = counts.filter(pl.col("rows") < plan.folds)
    title = "Rows in every class"
    if few.height:
        some = ", ".join(f"“{name}” ({rows:,})" for name, rows in few.rows()[:5])
        words = f"{counted(few.height, 'class', 'classes')} {'has' if few.height == 1 else 'have'} fewer rows than the {plan.folds} folds: {some}. Such a class is missing in some folds. Add rows, or merge it with another class."
        figures = {"classes": few.height, "rows": int(few["rows"].min())}  # type: ignore[arg-type]
        yield Guardrail("small_class", title, "alerted", words, (values.name,), figures, Where.of(values.name, "=", few["class"][-1]))
    else:
        yield Guardrail("small_class", title, "passed", f"Every class has at least {plan.folds} rows.")
    yield _alike(counts["class"].to_list(), values.name)
    share = float(counts["rows"][-1]) / len(values) if counts.height > 1 else 1.0
    fair = 1 / max(counts.height, 1)
    if share < min(RARE, fair / 2):
        words = f"The rarest class, “{counts['class'][-1]}”, has {100 * share:.2g} % of the rows. Judge by AUC or average precision rather than by accuracy, and choose the threshold."
        yield Guardrail(
            "imbalance",
            "Classes in balance",
            "alerted",
            words,
            (values.name,),
            {"share": share},
            Where.of(values.name, "=", counts["class"][-1]),
        )
    else:
        yield Guardrail(
            "imbalance", "Classes in balance", "passed", f"The rarest class has {100 * share:.2g} % of the rows.", figures={"share": share}
        )


def _alike(names: list[str], label: str) -> Guardrail:
    title, groups = "Spelling of classes", lookalikes(names)
    if not groups:
        return Guardrail("similar_classes", title, "passed", "No two classes differ only in spaces or case.")
    told = "; ".join(" and ".join(f"“{name}”" for name in group) for group in groups[:3])
    words = f"{told} differ only in spaces or case, and are classes of their own. Make them one with Add Column: lower(trim(column))."
    return Guardrail(
        "similar_classes", title, "alerted", words, (label,), {"classes": sum(map(len, groups))}, Where.of(label, "=", groups[0][-1])
    )


def _of_numbers(values: pl.Series) -> Iterator[Guardrail]:
    numbers = values.cast(pl.Float64, strict=False).drop_nulls().to_numpy()
    title = "Label without extremes"
    if len(numbers) < 4:
        return
    finite = numbers[np.isfinite(numbers)]
    low, high = np.quantile(finite, [0.25, 0.75]) if len(finite) else (0.0, 0.0)
    far = ~np.isfinite(numbers) | _far(numbers)
    if len(finite) and finite.min() >= 0 and (positive := finite[finite > 0]).size:  # a heavy tail is no mistake
        far &= ~np.isfinite(numbers) | _far(np.log1p(numbers / np.median(positive)))
    if far.any():
        furthest = float(numbers[far][np.argmax(np.abs(numbers[far]))])
        words = f"{counted(int(far.sum()), 'value')} of the label {'lies' if far.sum() == 1 else 'lie'} far outside the others, such as {furthest:.6g}; half of them are from {low:.6g} to {high:.6g}. Check those rows: they decide squared errors."
        yield Guardrail(
            "extreme_label",
            title,
            "alerted",
            words,
            (values.name,),
            {"rows": int(far.sum())},
            _furthest(values.name, numbers[far], furthest, (low + high) / 2),
        )
    else:
        yield Guardrail("extreme_label", title, "passed", "No value of the label lies far outside the others.")


def _furthest(label: str, far: np.ndarray, furthest: float, middle: float) -> Where:
    """The rows on the side of the furthest value."""
    if not np.isfinite(furthest):
        return Where(sort=f"-{label}" if furthest > 0 else label)
    if furthest > middle:
        return Where.of(label, ">=", float(far[far > middle].min()))
    return Where.of(label, "<=", float(far[far < middle].max()))


def _far(numbers: np.ndarray) -> np.ndarray:
    """Which numbers lie far outside the middle half."""
    finite = numbers[np.isfinite(numbers)]
    low, high = np.quantile(finite, [0.25, 0.75]) if len(finite) else (0.0, 0.0)
    width = high - low
    found: np.ndarray = (numbers > high + FAR * width) | (numbers < low - FAR * width)
    return found & (width > 0)
