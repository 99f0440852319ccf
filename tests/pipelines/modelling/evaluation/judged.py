"""Scored tables of real people, and what Evaluate Model says of them."""

from functools import cache

import numpy as np
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from tests.support.module_runner import dataset, only

ROLES = {"y": ColumnRole("label"), "s": ColumnRole("score", positive="true", model="A"), "w": ColumnRole("weight")}


@cache
def people() -> pl.DataFrame:
    """Whether people earn much, two guesses of how likely that is, and their sex; with a weight."""
    frame = dataset("adult_census_income").frame.head(3000)
    return frame.select(
        pl.col("sex").str.strip_chars(),
        (pl.col("income").str.contains(">")).alias("y"),
        (1 / (1 + (-(pl.col("education-num") * 0.35 + pl.col("age") * 0.03 - 5.5)).exp())).alias("first"),
        (1 / (1 + (-(pl.col("education-num") * 0.2 + pl.col("hours-per-week") * 0.03 - 4.5)).exp())).alias("second"),
        ((pl.col("age") % 5) + 1.0).alias("w"),
    )


def scored(score: str = "first", weight: bool = False, frame: pl.DataFrame | None = None) -> Table:
    """The people with one of the guesses as score."""
    rows = people() if frame is None else frame
    columns = [pl.col("y"), pl.col(score).alias("s"), "sex", *(["w"] if weight else [])]
    return Table(rows.select(columns), {name: role for name, role in ROLES.items() if name != "w" or weight})


def numbers(score: np.ndarray, truth: np.ndarray, weight: np.ndarray | None = None) -> Table:
    """Numbers and their predictions."""
    columns = {"y": truth, "s": score, **({} if weight is None else {"w": weight})}
    return Table(
        pl.DataFrame(columns),
        {"y": ColumnRole("label"), "s": ColumnRole("score", model="A"), **({} if weight is None else {"w": ROLES["w"]})},
    )


def rows_of(report, title):
    """The rows of the table whose title starts so, as mappings."""
    block = next(block for block in report.blocks if block["type"] == "table" and block["title"].startswith(title))
    return [dict(zip(block["columns"], row, strict=True)) for row in block["rows"]]


def evaluate(*tables, **settings):
    return only("evaluation.evaluate_model", settings, scored=list(tables))
