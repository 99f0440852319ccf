"""What a trained model predicts for one row, as a function: weighted sums in plain Python, boosted trees by LightGBM's call for a single row.

Both give the bits that the model gives for a table (`steady.py`). Other models are not compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite
from typing import Any

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.row_functions import Row, RowFunction, Warn
from pipelines.modelling.features import LABELS, LARGEST, PROBABILITIES, kind_named
from pipelines.modelling.row_encoders import Codes, Gap, Number, OneHot, Part, row_encoder
from pipelines.modelling.row_trees import booster_function

Predict = Callable[[Row, Warn], float]  # the number, or the probability of the learner's second class
NAN = float("nan")


def row_predictor(model: Model, head: Table, threshold: float) -> RowFunction | None:
    """Return the function that adds the scores of a model to a row; None for a model that is not compiled."""
    steps = getattr(model.estimator, "named_steps", {})
    if list(steps) != ["columns", "learner"] or not _plain(model, head):
        return None
    parts = row_encoder(steps["columns"])
    predict = _predicts(steps["learner"], parts) if parts is not None else None
    if predict is None:
        return None
    if model.task == "regression" and model.classes is None:
        return _number(predict)
    if model.task == "two_class" and model.classes is not None:
        return _classes(model, predict, threshold)
    return None


def _plain(model: Model, head: Table) -> bool:
    """Return whether all features are numbers, texts and truth values of the kind that they had in training."""
    schema = head.frame.schema
    kinds = {column: kind_named(dtype) for column, dtype in model.features}
    return all(
        column in schema and kind != "datetime" and kind == kind_of(schema[column]) and str(schema[column]) not in ("Float32", "Decimal")
        for column, kind in kinds.items()
    )


def _number(predict: Predict) -> RowFunction:
    def score(row: Row, warn: Warn) -> bool:
        row[LABELS] = value = predict(row, warn)
        if not isfinite(value):
            warn(f"“{LABELS}”: 1 row has a prediction that is not a finite number, because of features far from those in training.")
        return True

    return score


def _classes(model: Model, predict: Predict, threshold: float) -> RowFunction:
    import polars as pl

    from pipelines.catalogue.phrases import class_text

    negative, positive = model.classes or ("", "")
    is_second = class_text(pl.Series(model.estimator.classes_)).to_list().index(positive) == 1

    def score(row: Row, warn: Warn) -> bool:
        chance = predict(row, warn)
        chance = chance if is_second else 1 - chance
        row[LABELS] = positive if chance >= threshold else negative
        row[PROBABILITIES] = chance
        return True

    return score


def _predicts(learner: Any, parts: Sequence[Part]) -> Predict | None:
    from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

    if type(learner) in (Ridge, LinearRegression) and learner.coef_.ndim == 1:
        return _weighted(parts, learner.coef_.tolist(), float(learner.intercept_))
    if type(learner) is LogisticRegression and learner.coef_.shape[0] == 1:
        from scipy.special import expit

        total = _weighted(parts, learner.coef_[0].tolist(), float(learner.intercept_[0]))
        return None if total is None else lambda row, warn: float(expit(total(row, warn)))
    trees = booster_function(learner, len(parts))
    return _grown(parts, trees) if trees else None


def _finite(value: Any) -> float | None:
    """A number as learners take it: missing where it is not finite, within ±1e100."""
    number = float(value)
    if -LARGEST <= number <= LARGEST:
        return number
    return None if number != number or number in (inf, -inf) else LARGEST if number > 0 else -LARGEST


def _weighted(parts: Sequence[Part], weights: Sequence[float], constant: float) -> Predict | None:
    numbers: list[tuple[str, float, float | None, float | None, float, str]] = []
    texts: list[tuple[str, dict[str | None, float], str | None, Any]] = []
    gaps: list[tuple[str, float, float]] = []
    at = 0
    order: list[str] = []
    for part in parts:
        order.append(type(part).__name__)
        match part:
            case Number(column, fill, shift, scale, gap):
                numbers.append((column, fill, shift, scale, weights[at], gap))
                at += 1
            case Gap(column, missing, present):
                gaps.append((column, missing * weights[at], present * weights[at]))
                at += 1
            case OneHot(column, places, fill, warn):
                texts.append((column, {text: weights[at + place] for text, place in places.items()}, fill, warn))
                at += len(places)
            case _:
                return None
    if order != sorted(order, key=["Number", "Gap", "OneHot"].index):  # the order in which the products are added up
        return None

    def total(row: Row, tell: Warn) -> float:
        found = 0.0
        for column, fill, shift, scale, weight, gap in numbers:
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
        for column, known, fill_text, warn in texts:
            text = row[column]
            if text is None:
                text = fill_text
            weight = known.get(text)  # type: ignore[assignment]
            if weight is None:
                warn(text, tell)
            else:
                found += weight
        return found + constant

    return total


def _grown(parts: Sequence[Part], trees: Callable[[list[float]], float]) -> Predict | None:
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
        return trees(values)

    return predict
