"""What a trained model predicts for rows, as functions: weighted sums in plain Python and in NumPy, boosted trees by LightGBM's own calls.

Both functions give the bits that the model gives for a table (`steady.py`): they read the same numbers and add the products in the same order. Other
models are not compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.row_functions import Columns, Noted, Numbers, Row, RowFunctions, Warn
from pipelines.modelling.features import LABELS, LARGEST, PROBABILITIES, kind_named
from pipelines.modelling.log_label import is_of_logarithm, shift_of
from pipelines.modelling.row_encoders import Codes, Gap, Number, OneHot, Part, row_encoder
from pipelines.modelling.row_trees import Trees, booster_functions

NAN = float("nan")
# Writes to the log what is to be noted of rows, by the columns that have it, and of what is predicted for them. A table of 24 columns costs more than to
# predict 1,000 rows, so it is made of these columns only.
Tell = Callable[[Columns, Numbers, Collection[str]], None]


class Predict(NamedTuple):
    """The number, or the probability of the learner's second class: of a row, and of all, with the columns of which something is to be noted."""

    row: Callable[[Row, Warn], float]
    columns: Callable[[Columns], tuple[Numbers, set[str]]]


def row_predictor(model: Model, head: Table, threshold: float | None, tell: Tell) -> RowFunctions | None:
    """Return the functions that add the scores of a model to rows, without a threshold by its own; None for a model that is not compiled."""
    if not _plain(model, head):
        return None
    if (predict := _of_pipeline(model.estimator)) is None:
        return None
    if model.task == "regression" and model.classes is None:
        return _number(predict, tell)
    if model.task == "two_class" and model.classes is not None:
        return _classes(model, predict, model.threshold if threshold is None else threshold, tell)
    return None


def _plain(model: Model, head: Table) -> bool:
    """Return whether all features are numbers, texts and truth values of the kind that they had in training."""
    schema = head.frame.schema
    kinds = {column: kind_named(dtype) for column, dtype in model.features}
    return all(
        column in schema and kind != "datetime" and kind == kind_of(schema[column]) and str(schema[column]) not in ("Float32", "Decimal")
        for column, kind in kinds.items()
    )


def _number(predict: Predict, tell: Tell) -> RowFunctions:
    def score(row: Row, warn: Warn) -> bool:
        row[LABELS] = value = predict.row(row, warn)
        if not isfinite(value):
            raise Noted
        return True

    def score_all(rows: Columns) -> None:
        values, noted = predict.columns(rows)
        if noted or not np.isfinite(values).all():
            tell(rows, values, noted)
        rows.put(LABELS, values)

    return RowFunctions(score, score_all)


def _classes(model: Model, predict: Predict, threshold: float, tell: Tell) -> RowFunctions:
    import polars as pl

    from pipelines.catalogue.phrases import class_text

    negative, positive = model.classes or ("", "")
    is_second = class_text(pl.Series(model.estimator.classes_)).to_list().index(positive) == 1

    def score(row: Row, warn: Warn) -> bool:
        chance = predict.row(row, warn)
        chance = chance if is_second else 1 - chance
        row[LABELS] = positive if chance >= threshold else negative
        row[PROBABILITIES] = chance
        return True

    def score_all(rows: Columns) -> None:
        chances, noted = predict.columns(rows)
        chances = chances if is_second else 1 - chances
        if noted:
            tell(rows, chances, noted)
        rows.put(LABELS, [positive if likely else negative for likely in (chances >= threshold).tolist()])
        rows.put(PROBABILITIES, chances)

    return RowFunctions(score, score_all)


def _of_pipeline(estimator: Any) -> Predict | None:
    """What a pipeline of an encoder and a learner predicts; of a learner of logarithms that of the pipeline inside, undone."""
    steps = getattr(estimator, "named_steps", {})
    if list(steps) != ["columns", "learner"]:
        return None
    if is_of_logarithm(steps["learner"]):
        inner, shift = _of_pipeline(steps["learner"].regressor_), shift_of(steps["learner"])
        return inner and _undone(inner, shift)
    parts = row_encoder(steps["columns"])
    return _predicts(steps["learner"], parts) if parts is not None else None


def _undone(inner: Predict, shift: float) -> Predict:
    """The labels of predicted logarithms."""

    def one(row: Row, warn: Warn) -> float:
        logarithm = inner.row(row, warn) + shift
        with np.errstate(over="ignore"):  # an infinite label is told
            return float(np.expm1(logarithm))

    def columns(rows: Columns) -> tuple[Numbers, set[str]]:
        logarithms, noted = inner.columns(rows)
        with np.errstate(over="ignore"):
            return np.expm1(logarithms + shift), noted

    return Predict(one, columns)


def _predicts(learner: Any, parts: Sequence[Part]) -> Predict | None:
    from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

    if type(learner) in (Ridge, LinearRegression) and learner.coef_.ndim == 1:
        return _weighted(parts, learner.coef_.tolist(), float(learner.intercept_))
    if type(learner) is LogisticRegression and learner.coef_.shape[0] == 1:
        return _chances(_weighted(parts, learner.coef_[0].tolist(), float(learner.intercept_[0])))
    trees = booster_functions(learner, len(parts))
    return _grown(parts, trees) if trees else None


def _chances(total: Predict | None) -> Predict | None:
    """The probabilities of weighted sums."""
    if total is None:
        return None
    from scipy.special import expit

    def columns(rows: Columns) -> tuple[Numbers, set[str]]:
        sums, noted = total.columns(rows)
        return expit(sums), noted

    return Predict(lambda row, warn: float(expit(total.row(row, warn))), columns)


def _finite(value: Any) -> float | None:
    """A number as learners take it: missing where it is not finite, within ±1e100. One that this changes is told by the module."""
    number = float(value)
    if -LARGEST <= number <= LARGEST:
        return number
    if number != number:
        return None
    raise Noted


def _taken(rows: Columns, column: str) -> tuple[Numbers, np.ndarray | None, bool]:
    """Numbers as learners take them, where they are missing if they are anywhere, and whether others were changed too."""
    found = rows.numbers(column)
    usual = np.abs(found) <= LARGEST
    if usual.all():
        return found, None, False
    changed = not (usual | np.isnan(found)).all()
    return np.clip(found, -LARGEST, LARGEST), ~np.isfinite(found), changed


def _filled(rows: Columns, part: Number, noted: set[str]) -> Numbers:
    """The numbers of a part before they are scaled; its column is added to those of which something is to be noted."""
    values, missing, changed = _taken(rows, part.column)
    if changed or (missing is not None and part.gap and missing.any()):
        noted.add(part.column)
    return values if missing is None else np.where(missing, part.fill, values)


def _weighted(parts: Sequence[Part], weights: Sequence[float], constant: float) -> Predict | None:
    numbers: list[tuple[Number, float]] = []
    gaps: list[tuple[str, float, float]] = []
    texts: list[tuple[str, dict[str | None, float], Any]] = []
    at = 0
    for part in parts:
        match part:
            case Number():
                numbers.append((part, weights[at]))
                at += 1
            case Gap(column, missing, present):
                gaps.append((column, missing * weights[at], present * weights[at]))
                at += 1
            case OneHot(column, places, fill, warn):
                known: dict[str | None, float] = {text: weights[at + place] for text, place in places.items()}
                texts.append((column, known if fill is None else {None: known[fill], **known}, warn))
                at += len(places)
            case _:
                return None
    order = [type(part).__name__ for part in parts]
    if order != sorted(order, key=["Number", "Gap", "OneHot"].index):  # the order in which the products are added up
        return None
    return Predict(_total(numbers, gaps, texts, constant), _totals(numbers, gaps, texts, constant))


def _total(
    numbers: Sequence[tuple[Number, float]], gaps: Sequence[tuple[str, float, float]], texts: Sequence[Any], constant: float
) -> Callable[[Row, Warn], float]:
    flat = [(*part, weight) for part, weight in numbers]

    def total(row: Row, tell: Warn) -> float:
        found = 0.0
        for column, fill, shift, scale, gap, weight in flat:
            value = row[column]
            number = None if value is None else _finite(value)
            if number is None:
                number = fill
                if gap:
                    tell(gap)
            found += (number if shift is None else (number - shift) / scale) * weight  # type: ignore[operator]
        for column, missing, present in gaps:
            value = row[column]
            found += missing if value is None or _finite(value) is None else present
        for column, known, warn in texts:
            text = row[column]
            weight = known.get(text)
            if weight is None:
                warn(text, tell)
            else:
                found += weight
        return found + constant

    return total


def _totals(
    numbers: Sequence[tuple[Number, float]], gaps: Sequence[tuple[str, float, float]], texts: Sequence[Any], constant: float
) -> Callable[[Columns], tuple[Numbers, set[str]]]:
    def totals(rows: Columns) -> tuple[Numbers, set[str]]:
        found, noted = np.zeros(rows.height), set[str]()
        for part, weight in numbers:
            values = _filled(rows, part, noted)
            found += (values if part.shift is None or part.scale is None else (values - part.shift) / part.scale) * weight
        for column, missing, present in gaps:
            _, gone, _ = _taken(rows, column)
            found += present if gone is None else np.where(gone, missing, present)
        for column, known, _ in texts:
            weights = np.array([*map(known.get, rows[column])], dtype=np.float64)
            if (strange := np.isnan(weights)).any():
                noted.add(column)
                weights[strange] = 0.0  # which adds nothing: a sum is never -0
            found += weights
        return found + constant, noted

    return totals


def _grown(parts: Sequence[Part], trees: Trees) -> Predict | None:
    if any(isinstance(part, OneHot | Gap) or (isinstance(part, Number) and part.shift is not None) for part in parts):
        return None

    def predict(row: Row, tell: Warn) -> float:
        values: list[float] = []
        for part in parts:
            value = row[part.column]
            if isinstance(part, Codes):
                code = part.codes.get(value)
                if code is None and value is not None:
                    part.warn(value, tell)
                values.append(NAN if code is None else code)
            elif isinstance(part, Number):
                number = None if value is None else _finite(value)
                if number is None and part.gap:
                    tell(part.gap)
                values.append(part.fill if number is None else number)
        return trees.row(values)

    def predict_all(rows: Columns) -> tuple[Numbers, set[str]]:
        matrix, noted = np.empty((rows.height, len(parts))), set[str]()
        for place, part in enumerate(parts):
            if isinstance(part, Codes):
                texts = rows[part.column]
                matrix[:, place] = codes = np.array([*map(part.codes.get, texts)], dtype=np.float64)
                if int(np.isnan(codes).sum()) > texts.count(None):
                    noted.add(part.column)
            elif isinstance(part, Number):
                matrix[:, place] = _filled(rows, part, noted)
        return (trees.matrix(matrix) if rows.height else np.empty(0)), noted

    return Predict(predict, predict_all)
