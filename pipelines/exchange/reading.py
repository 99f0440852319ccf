"""Reads a file as a trained model, and proves that it predicts. For an isolated process alone: it loads what a stranger wrote."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.ports import DECISION_THRESHOLD, Model, Table
from pipelines.exchange import boosters, estimators, onnx_file
from pipelines.exchange.asked import DTYPES, Asked, Imported
from pipelines.exchange.found import Found, known_categories
from pipelines.exchange.mlflow_files import read_folder
from pipelines.exchange.upload import identify
from pipelines.kinds.model import check_model, save_model
from pipelines.modelling.features import CATEGORY, feature_frame, kind_named
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.serving.signature import MOST_CATEGORIES, Column, NotServable, Signature, columns_of, json_value

READERS = {"lightgbm": boosters.from_lightgbm, "xgboost": boosters.from_xgboost, "onnx": onnx_file.from_onnx}
MADE = {"number": 1.0, "boolean": True, "datetime": datetime(2024, 1, 1)}


def read_model(file: Path, asked: Asked, into: Path, out: Path) -> Imported:
    """Read a file as a trained model, and write it as Easel stores models.

    Args:
        file: The file.
        asked: What was said of it.
        into: A folder for what an archive holds.
        out: The file to write.

    Returns:
        The facts of the model, its signature, and what was taken from where.

    Raises:
        ModuleError: When it is not read, does not fit what was asked for, or does not predict.
    """
    upload, example = identify(file, asked.file_name), None
    format_ = upload.format
    if upload.format == "mlflow":
        folder = read_folder(file, upload.folder, into)
        file, upload, example = folder.file, folder.upload, folder.example
        asked = asked if asked.features else msgspec.structs.replace(asked, features=folder.features)
    own = upload.format == "skops" and estimators.is_of_easel(file)
    if own:
        model, notes = estimators.from_easel(file, asked), ["The file is of Easel, and kept byte for byte."]
        categories: Mapping[str, Any] = dict(known_categories(model.estimator))
        shutil.copyfile(file, out)
    else:
        found = estimators.from_skops(file, asked) if upload.format == "skops" else READERS[upload.format](file, asked)
        model, notes, categories = _model(found, asked), found.notes, found.categories
        if found.threshold is not None and model.settings.get(DECISION_THRESHOLD) is None:
            notes = [
                *notes,
                f"The threshold of the file, {found.threshold:g}, is of its own positive class, and is not kept: it is {model.threshold:g}.",
            ]
    signature, refuses = _tried(model, categories, example)
    if refuses:
        notes = [*notes, f"It refuses rows with missing values: {refuses}."]
    if not own:
        save_model(model, out)
        check_model(out)
    facts = {"name": model.name, "task": model.task, "label": model.label, "features": model.features, "classes": model.classes}
    return Imported(msgspec.to_builtins(facts), signature, format_, tuple(notes))


def _model(found: Found, asked: Asked) -> Model:
    classes = found.classes
    if found.task == "two_class" and classes and len(asked.classes) == 2 and set(asked.classes) == set(classes):
        classes = asked.classes  # the positive class last
    features = [(feature.name, DTYPES[feature.type]) for feature in found.features]
    has_own = found.threshold is not None and found.task == "two_class" and classes == found.classes  # it is of the file's positive class
    settings = {DECISION_THRESHOLD: found.threshold} if has_own else {}
    return Model(found.title, found.task, found.estimator, asked.label or found.label, features, classes, settings)


def _tried(model: Model, categories: Mapping[str, Any], example: Mapping[str, Any] | None) -> tuple[Signature, str]:
    """The signature, from rows that the model has scored; and why it refuses missing values, empty where it takes them.

    Raises:
        ModuleError: `does_not_predict`, when it scores no row.
    """
    base = {name: _value(name, dtype, categories) for name, dtype in model.features}
    given = dict(base)
    for name, value in (example or {}).items():
        if name in given:
            given[name] = value
    try:
        rows = _rows(model, [given, base])
    except (*UNFORESEEN, ModuleError):  # an example of other types
        given, rows = base, _rows(model, [base, base])
    try:
        scored = _scored(model, rows)
    except (*UNFORESEEN, ModuleError) as wrong:
        words = f"{model.name} does not predict a row of these inputs: {' '.join(str(wrong).split())[:300]}"
        remedy = "Check the order, names and types of the inputs: a text input that is given as a number fails so."
        raise ModuleError("does_not_predict", words, remedy=remedy) from wrong
    refuses = ""
    try:
        _scored(model, _rows(model, [dict.fromkeys(base)]))
    except (*UNFORESEEN, ModuleError) as wrong:
        refuses = " ".join(str(wrong).split()).partition(". ")[0].rstrip(".")[:200]
    texts = {name: [str(value) for value in values if value is not None] for name, values in categories.items()}
    inputs = tuple(_column(name, rows.schema[name], texts.get(name), not refuses) for name, _ in model.features)
    example_row = {name: json_value(value) for name, value in rows.row(0, named=True).items()}
    try:
        return Signature(inputs, columns_of(scored), example_row), refuses
    except NotServable as wrong:
        raise ModuleError("wrong_prediction", f"The output “{wrong}” has values that JSON does not have.") from wrong


def _rows(model: Model, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: _dtype(dtype) for name, dtype in model.features}, strict=False, orient="row")


def _dtype(name: str) -> pl.DataType:
    if name == CATEGORY or name.startswith(("Enum", "Categorical")):
        return pl.String()
    if name.startswith("Datetime"):
        return pl.Datetime("us")
    with suppress(AttributeError, TypeError):
        plain: pl.DataType = getattr(pl, name)()
        return plain
    return pl.Float64()


def _value(name: str, dtype: str, categories: Mapping[str, Any]) -> Any:
    """A value that training may have had."""
    kind = kind_named(dtype)
    known = [value for value in categories.get(name, ()) if value is not None and value == value]
    if kind == "text":
        return str(known[0]) if known else "a"
    if dtype == "Date":
        return date(2024, 1, 1)
    return 1 if dtype.startswith(("Int", "UInt")) else MADE[kind]


def _scored(model: Model, rows: pl.DataFrame) -> Table:
    scores = predicted(model, feature_frame(rows, model.features), None)
    return with_scores(model, Table(rows), scores, append=False)


def _column(name: str, dtype: pl.DataType, texts: Any, nullable: bool) -> Column:
    types = {pl.Boolean: "boolean", pl.String: "text", pl.Date: "date", pl.Datetime: "datetime"}
    type_: Any = types.get(dtype.base_type(), "integer" if dtype.is_integer() else "number")
    few = type_ == "text" and texts and len(texts) <= MOST_CATEGORIES
    stored = 'Datetime("us",null)' if type_ == "datetime" else str(dtype)
    return Column(name, type_, stored, nullable, tuple(sorted(texts)) if few else None)
