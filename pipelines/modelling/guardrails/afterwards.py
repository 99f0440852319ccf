"""Columns that have values in rows of one class only, such as the day on which a customer left: they are filled in after the label is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.catalogue.phrases import class_text, counted
from pipelines.modelling.guardrails.guardrail import percent

PURE = 0.99  # the share of one class among rows with a value, or without one, that gives it away
FEWEST_OTHERS = 20.0  # rows of other classes that are expected among them


def known_afterwards(there: Mapping[str, pl.Series], label: pl.Series) -> Iterator[tuple[str, str]]:
    """Yield the columns whose gaps tell the class of many rows, with the rest of a sentence.

    Args:
        there: Of each column, whether each row has a value.
        label: The classes, all known.
    """
    classes = class_text(label).alias("class")
    shares = dict(classes.value_counts(normalize=True, name="share").iter_rows())
    for column, has in there.items():
        if has.all() or not has.any():
            continue
        for which, words in ((has, "has values"), (~has, "lacks values")):
            name, rows = classes.filter(which).value_counts(name="rows").sort("rows").row(-1)
            many = int(which.sum())
            if rows >= PURE * many and many * (1 - shares[name]) >= FEWEST_OTHERS:
                share = percent(rows / (shares[name] * len(label)))
                where = f"{words} in {counted(many, 'row')}, of which {'all' if rows == many else percent(rows / many)} are “{name}”"
                yield column, f"{where} ({share} of that class)"
                break
