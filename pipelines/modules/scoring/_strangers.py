"""What new rows hold that the training rows did not, and what a model makes of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.phrases import counted, listed, some_of
from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import log
from pipelines.modelling.encoders import MEANS, TEXT_MEANS, encoders_of


def tell_strangers(model: Model, features: pl.DataFrame) -> None:
    """Note the texts that training did not have, and the values that are missing where training had no gap, of the columns that are there.

    A script's estimator is built otherwise, and not looked into.
    """
    steps = getattr(model.estimator, "named_steps", {})
    if not {"columns", "learner"} <= steps.keys():
        return
    own = {column for column, _ in model.features}  # what is made of a date has its gaps
    lines = (line for encoder in encoders_of(model.estimator) for line in _of_encoder(encoder, features, own))
    for line in dict.fromkeys(lines):  # parts of a model that encode alike say the same
        log(line, "warning")


def _of_encoder(encoder: Any, features: pl.DataFrame, own: Container[str]) -> Iterator[str]:
    for name, step, columns in encoder.transformers_:
        last = step[-1] if hasattr(step, "steps") else step
        if name == TEXT_MEANS:
            continue  # the codes of the same texts tell
        if name == MEANS:
            if gaps := [column for column in columns if column in features and features[column].null_count()]:
                yield f"Missing values are treated as the mean in training: {listed(gaps)}."
        elif hasattr(last, "categories_"):
            yield from _categories(step, last, features, columns, own)
        else:
            yield from _means(step[0] if hasattr(step, "steps") else step, features, columns, own)


def _categories(step: Any, encoder: Any, features: pl.DataFrame, columns: Sequence[str], own: Container[str]) -> Iterator[str]:
    ordinal = hasattr(encoder, "unknown_value")
    rare = getattr(encoder, "infrequent_categories_", None) or [None] * len(columns)
    there = [each for each in zip(columns, encoder.categories_, rare, strict=True) if each[0] in features.columns]
    texts = [[value for value in known.tolist() if value is not None] for _, known, _ in there]
    found = pl.select(  # a query of its own for each column costs more than to predict the rows
        part.alias(f"{place} {name}")
        for place, (column, _, _) in enumerate(there)
        for name, part in _new(features[column], texts[place]).items()
    )
    for place, (column, known, lumped) in enumerate(there):
        count, some, gaps = (found[f"{place} {name}"][0] for name in ("count", "some", "gaps"))
        taken = "missing" if ordinal else "none of its categories" if lumped is None else "one of its rare values"
        if count:
            yield f"“{column}”: {_have(count)} a value that was not in the training rows, treated as {taken}: {some_of(some)}."
        if not ordinal and step is encoder and column in own and gaps and len(texts[place]) == len(known):
            yield f"“{column}”: {_have(gaps)} a missing value, although none was missing in training; treated as none of its categories."


def _new(values: pl.Series, known: Sequence[str]) -> dict[str, pl.Expr]:
    """Return how many texts are new, which these are, and how many are missing; a missing text is neither known nor new."""
    column = pl.lit(values)
    new = column.filter(~column.is_in(pl.Series(known, dtype=values.dtype).implode()))
    return {"count": new.len(), "some": new.unique(maintain_order=True).implode(), "gaps": column.null_count()}


def _means(imputer: Any, features: pl.DataFrame, columns: Sequence[str], own: Container[str]) -> Iterator[str]:
    """Numbers that are missing only here; where training had gaps too, the model knows of them."""
    if not hasattr(imputer, "statistics_"):
        return
    known: Sequence[int] = imputer.indicator_.features_.tolist() if imputer.indicator_ else ()
    for place, values in ((place, features[column]) for place, column in enumerate(columns) if column in features):
        if place not in known and values.name in own and values.null_count():
            mean = f"{imputer.statistics_[place]:.4g}"
            yield f"“{values.name}”: {_have(values.null_count())} a missing value, although none was missing in training; replaced with the mean, {mean}."


def _have(rows: int) -> str:
    return f"{counted(rows, 'row')} {'has' if rows == 1 else 'have'}"
