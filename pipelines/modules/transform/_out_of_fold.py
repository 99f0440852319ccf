"""Counts of categories that leave out the fold of the row that sees them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.modules.transform._cleaning import finite
from pipelines.modules.transform._counting import log_odds


def positives(label: pl.Series, positive: str) -> pl.Series:
    """Whether each row is of the positive class; missing where the label is. An empty name means the later of two classes.

    Raises:
        ModuleError: `not_two_classes` or `wrong_value`.
    """
    values = finite(label)
    classes = class_text(values.drop_nulls().unique().sort()).to_list() if values.dtype != pl.Null else []
    some = ", ".join(f"“{each}”" for each in classes[:4]) + (", …" if len(classes) > 4 else "")
    if len(label) and (len(classes) < 2 or (not positive and len(classes) > 2)):
        raise ModuleError(
            "not_two_classes",
            f"“{label.name}” has {len(classes)} classes{': ' if classes else ''}{some}.",
            column=label.name,
            param="label",
            port="table",
            remedy="Select a label with two classes, or name the positive one of several.",
        )
    if len(label) and positive and positive not in classes:
        raise ModuleError(
            "wrong_value",
            f"“{label.name}” has no class “{positive[:60]}”; it has {some}.",
            column=label.name,
            param="positive",
            remedy="Write the class as it stands in the column.",
        )
    return (
        class_text(values) == (positive or (classes[-1] if classes else ""))
        if classes
        else pl.Series([None] * len(label), dtype=pl.Boolean)
    )


def deal(truth: pl.Series, folds: int, seed: int) -> pl.Series:
    """The fold of each row, drawn at random in equal shares of both classes; −1 where the truth is missing."""
    labelled = truth.is_not_null().arg_true().to_numpy()
    drawn = np.random.Generator(np.random.PCG64(seed)).permutation(labelled)
    drawn = drawn[np.argsort(truth.gather(drawn).to_numpy(), kind="stable")]
    dealt = np.full(len(truth), -1, dtype=np.int64)
    dealt[drawn] = np.arange(len(drawn)) % folds
    return pl.Series(dealt)


class Dealt:
    """The rows of both classes, in all and by fold.

    Args:
        truth: Whether each row is positive; missing where the label is.
        fold: The fold of each row, from `deal`.
    """

    def __init__(self, truth: pl.Series, fold: pl.Series) -> None:
        self.place = fold.to_numpy() + 1  # 0 of rows without a label
        self.size = int(self.place.max(initial=0)) + 1
        self.labelled = truth.is_not_null().arg_true().to_numpy()
        self.positive = truth.arg_true().to_numpy()
        # What is left of all rows without those of the own fold.
        self.rows, self.hits = (
            len(some) - np.bincount(self.place[some], minlength=self.size)[self.place] for some in (self.labelled, self.positive)
        )

    def counts(self, texts: pl.Series, prior: float) -> tuple[dict[str, Any], pl.DataFrame]:
        """Return the counts of each category, as JSON, and for each row the count of its category and the log-odds in the other folds."""
        if not len(texts):
            return {"values": [], "rows": [], "positive": []}, pl.DataFrame(schema={"rows": pl.Int64, "odds": pl.Float64})
        values = texts.unique().sort(nulls_last=True)
        known = values.drop_nulls()
        kind = texts.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(len(known)).to_numpy()
        own = kind * self.size + self.place
        rows, hits = (np.bincount(kind[some], minlength=len(values)) for some in (self.labelled, self.positive))
        mine, my_hits = (np.bincount(own[some], minlength=len(values) * self.size) for some in (self.labelled, self.positive))
        others = {"rows": rows[kind], "n": rows[kind] - mine[own], "k": hits[kind] - my_hits[own], "all": self.rows, "hits": self.hits}
        odds = log_odds(pl.col("k"), pl.col("n"), pl.col("hits"), pl.col("all"), prior)
        met = rows > 0
        fitted = {"values": values.filter(pl.Series(met)).to_list(), "rows": rows[met].tolist(), "positive": hits[met].tolist()}
        return fitted, pl.DataFrame(others).select("rows", odds=odds)
