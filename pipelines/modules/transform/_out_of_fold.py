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


def counts(texts: pl.Series, truth: pl.Series, fold: pl.Series, prior: float) -> tuple[dict[str, Any], pl.DataFrame]:
    """The counts of each category, as JSON, and for each row the count of its category and the log-odds in the other folds."""
    rows = pl.DataFrame({"text": texts.alias("text"), "truth": truth.alias("truth"), "fold": fold.alias("fold")})
    figures = (pl.len().cast(pl.Int64).alias("rows"), pl.col("truth").sum().cast(pl.Int64).alias("positive"))
    sums = pl.col("rows", "positive").sum()
    own = rows.filter(pl.col("truth").is_not_null()).group_by("text", "fold").agg(*figures)
    whole = own.group_by("text").agg(sums).sort("text", nulls_last=True)
    of_fold = own.group_by("fold").agg(sums)
    met = rows.select("text", "fold")
    for other, on, suffix in ((own, ["text", "fold"], "_own"), (whole, ["text"], ""), (of_fold, ["fold"], "_fold")):
        renamed = other.rename({name: name + suffix for name in ("rows", "positive")})
        met = met.join(renamed, on=on, how="left", maintain_order="left", nulls_equal=True)
    met = met.select(pl.exclude("text").fill_null(0))
    odds = log_odds(
        pl.col("positive") - pl.col("positive_own"),
        pl.col("rows") - pl.col("rows_own"),
        int(whole["positive"].sum()) - pl.col("positive_fold"),
        int(whole["rows"].sum()) - pl.col("rows_fold"),
        prior,
    )
    fitted = {"values": whole["text"].to_list(), "rows": whole["rows"].to_list(), "positive": whole["positive"].to_list()}
    return fitted, met.select("rows", odds=odds)
