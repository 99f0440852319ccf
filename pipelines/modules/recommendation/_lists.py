"""How good lists of recommended items are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Block, Sure, figures, table
from pipelines.modelling.evaluation.intervals import around
from pipelines.modules.recommendation._judging import Judged, Row, Truth, many_of, rows_of, together
from pipelines.modules.recommendation._pictures import MOST_BARS, by_band, most_frequent
from pipelines.modules.recommendation._ratings import ITEM, RATING, USER

COLUMNS = (
    ("ndcg", "NDCG", "high"),
    ("precision", "Precision", "high"),
    ("recall", "Recall", "high"),
    ("coverage", "Coverage of items", "high"),
    ("user_coverage", "Coverage of users", "high"),
)


def list_report(truth: Truth, judged: Sequence[Judged], relevant: float | None, length: int | None) -> tuple[Report, list[Row]]:
    """Return figures of the lists, and charts of whom they suit and what they recommend."""
    least = float(truth.ratings[RATING].median()) if relevant is None else relevant  # type: ignore[arg-type]
    if relevant is None:
        log(f"Ratings of at least {least:g}, their median, count as relevant.")
    negative = bool((truth.ratings[RATING] < 0).any())
    if negative:
        log(f"“{truth.rating}” has negative ratings, so there is no NDCG. Add a number to all of them with Add Column.", "warning")
    metrics: list[dict[str, Any]] = []
    sure: list[Sure] = []
    bands, lists = [], []
    for one in judged:
        both = _positioned(together(truth, one, "left"), length)
        users = by_user(truth, both, least, not negative)
        metrics.append({"name": one.name, "metrics": _figures(truth, both, users)})
        sure += _sure(one.name, metrics[-1]["metrics"], users)
        many = users.join(many_of(truth, USER), on=USER, how="left").filter(pl.col("ndcg").is_not_null())
        bands.append((many["many"].fill_null(0).to_numpy(), many["ndcg"].to_numpy()))
        lists.append((one.name, both))
    blocks: list[Block] = [figures("Recommended items", COLUMNS, metrics, sure)]
    if not negative:
        words = f"{truth.of.capitalize()} of the user"
        blocks.append(by_band([one.name for one in judged], bands, "NDCG by number of ratings of a user", words, "NDCG", root=False))
    blocks += [_most_recommended(truth, name, both, len(lists) > 1) for name, both in lists]
    blocks.append(_popularity(truth, lists))
    return Report("Evaluation of recommended items", blocks, metrics), rows_of(sure, "Users")


def _positioned(both: pl.DataFrame, length: int | None) -> pl.DataFrame:
    """The lists in the order of their ranks, with the position of each item, down to the length that is judged."""
    placed = both.sort(USER, "said", "row").with_columns((pl.int_range(pl.len()).over(USER) + 1).alias("position"))
    return placed if length is None else placed.filter(pl.col("position") <= length)


def by_user(truth: Truth, both: pl.DataFrame, least: float, gains: bool) -> pl.DataFrame:
    """Return NDCG, precision and recall of each user who has a list; null where there is nothing to find."""
    discount = 1 / (pl.col("position") + 1).log(2)
    liked = (pl.col(RATING) >= least).fill_null(False)
    found = both.group_by(USER, maintain_order=True).agg(
        (pl.col(RATING).fill_null(0) * discount).sum().alias("dcg"), liked.sum().alias("hits"), pl.len().alias("size")
    )
    best = truth.ratings.join(found.select(USER, "size"), on=USER).sort(USER, RATING, descending=[False, True])
    best = best.with_columns((pl.int_range(pl.len()).over(USER) + 1).alias("position"))
    inside = pl.col("position") <= pl.col("size")
    ideal = best.group_by(USER).agg((pl.col(RATING) * discount).filter(inside).sum().alias("ideal"), liked.sum().alias("relevant"))
    joined = found.join(ideal, on=USER, how="left", maintain_order="left")
    return joined.select(
        USER,
        pl.when(pl.lit(gains) & (pl.col("ideal") > 0)).then(pl.col("dcg") / pl.col("ideal")).alias("ndcg"),
        (pl.col("hits") / pl.col("size")).alias("precision"),
        pl.when(pl.col("relevant") > 0).then(pl.col("hits") / pl.col("relevant")).alias("recall"),
    )


def _figures(truth: Truth, both: pl.DataFrame, users: pl.DataFrame) -> dict[str, float | None]:
    means = {key: None if users[key].null_count() == len(users) else float(users[key].mean()) for key in ("ndcg", "precision", "recall")}  # type: ignore[arg-type]
    items = pl.concat([truth.ratings[ITEM], truth.counted[ITEM], both[ITEM]]).n_unique()
    return {**means, "coverage": both[ITEM].n_unique() / items, "user_coverage": len(users) / truth.ratings[USER].n_unique()}


def _sure(name: str, metrics: dict[str, float | None], users: pl.DataFrame) -> list[Sure]:
    sure: list[Sure] = [(name, "Rows", len(users), None)]
    for key, title, _ in COLUMNS:
        value = metrics[key]
        known = users[key].drop_nulls().to_numpy() if key in users.columns and value is not None else None
        sure.append((name, title, value, None if known is None or value is None else around(value, known, np.ones(len(known)), 0, 1)))
    return sure


def _most_recommended(truth: Truth, name: str, both: pl.DataFrame, several: bool) -> Block:
    counts = both.group_by(ITEM).agg((pl.len() / both[USER].n_unique()).alias("share")).rename({ITEM: "item"})
    title = f"Most recommended items{f' of {name}' if several else ''}"
    return most_frequent(counts, "share", title, "most_recommended", "Share of the lists", truth.item, share=True)


def _popularity(truth: Truth, lists: Sequence[tuple[str, pl.DataFrame]]) -> Block:
    """Whether the lists hold mostly what many users rated in any case."""
    many = many_of(truth, ITEM)
    head = ["Lists", "Mean ratings of an item", "Items", f"Share of the {MOST_BARS} most frequent items"]
    rows: list[list[Any]] = []
    for name, both in (*lists, (f"{truth.of.capitalize()}", truth.counted)):
        joined = both.join(many, on=ITEM, how="left")
        frequent = both.group_by(ITEM).len().sort("len", descending=True).head(MOST_BARS)["len"].sum()
        rows.append([name, float(joined["many"].fill_null(0).mean()), both[ITEM].n_unique(), frequent / both.height])  # type: ignore[arg-type]
    return table(f"Popularity of recommended items (by {truth.of}, {counted(truth.counted.height, 'rating')})", head, rows)
