"""Rows of a table as examples of Vowpal Wabbit: labels, weights and features."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Columns
from pipelines.catalogue.phrases import class_text, counted, listed, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import as_feature, feature_frame, present, weight_column
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.text._vowpal import examples

Features = tuple[tuple[str, str], ...]


def known_rows(table: Table, label: str) -> Table:
    """Return the rows with a label, and with a weight where there are weights.

    Raises:
        ModuleError: `no_rows`.
    """
    weight = weight_column(table, "table")
    known = table.with_frame(table.frame.filter(*(present(table, column) for column in (label, weight) if column)))
    if lost := table.frame.height - known.frame.height:
        log(f"{counted(lost, 'row')} without a label or weight {'was' if lost == 1 else 'were'} left out.", "warning")
    if not known.frame.height:
        words = f"No row has a value of “{label}”."
        raise ModuleError("no_rows", words, port="table", column=label, remedy="Add rows with a label.")
    return known


def features_of(table: Table, columns: Columns, label: str) -> Features:
    """Return the chosen columns and their types; lists and objects are left out, and the log says so.

    Raises:
        ModuleError: `no_features`.
    """
    chosen = [column for column in columns.pick(table) if column != label]
    schema = table.frame.schema  # computed again at each access
    if strange := [column for column in chosen if kind_of(schema[column]) == "other"]:
        log(f"Lists, objects and columns without values are left out: {listed(strange)}.", "warning")
    found = tuple(as_feature(table, column) for column in chosen if column not in strange)
    if not found:
        remedy = "Select columns of numbers, texts, dates or yes/no."
        raise ModuleError("no_features", "No column is selected to learn from.", param="columns", port="table", remedy=remedy)
    return found


def task_and_classes(known: Table, label: str, task: str) -> tuple[str, tuple[str, ...] | None]:
    """Return the task that the label's values make of the chosen one, and its classes in order."""
    values = known.frame[label]
    narrowed = label_tasks()[task].narrowed(values)
    narrowed.target(values)  # refuses what does not suit the task
    return narrowed.id, None if task == "regression" else tuple(class_text(values.unique().sort()))


def training_lines(known: Table, label: str, features: Features, task: str, classes: Sequence[str] | None, *, words: bool) -> list[str]:
    """Return an example with label and weight for each row."""
    lines = examples(feature_frame(known.frame, features), words=words)
    weight = weight_column(known, "table")
    weights = pl.repeat(1.0, len(lines), eager=True) if weight is None else known.frame[weight].cast(pl.Float64)
    parts = pl.DataFrame({"label": _labels(known.frame[label], task, classes), "weight": weights, "line": lines})
    return parts.select(pl.concat_str("label", "weight", "line", separator=" ")).to_series().to_list()


def _labels(values: pl.Series, task: str, classes: Sequence[str] | None) -> pl.Series:
    if classes is None:
        label_tasks()[task].target(values)
        return values.cast(pl.Float64).cast(pl.String)
    names = class_text(values)
    written = ("-1", "1") if task == "two_class" else tuple(str(at + 1) for at in range(len(classes)))
    found = names.replace_strict(dict(zip(classes, written, strict=True)), default=None, return_dtype=pl.String)
    if found.null_count():
        words = f"“{values.name}” has values that are no classes of the model: {some_values(names.filter(found.is_null()))}."
        remedy = "Keep the rows of the model's classes with Filter Rows, or train a new model."
        raise ModuleError("unknown_class", words, column=values.name, param="label", port="table", remedy=remedy)
    return found
