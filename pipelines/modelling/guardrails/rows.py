"""Guardrails of rows and of the plan: copies, time, repeated keys, and how much there is of rows, seconds and memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails.copies import of_copies
from pipelines.modelling.guardrails.guardrail import Guardrail, Plan, Where, judged
from pipelines.modelling.guardrails.names import is_id, names_things

CODES = r"^[A-Za-z]{1,4}[-_ #]?\d{2,}$"
FEWEST_GROUPS, FEWEST_OF_ID = 20, 10
FEWEST_ROWS, OF_COLUMN = 100, 10  # that models are trained on without a warning: in all, and for each column
SECONDS_PER_CELL = 1e-6  # of a fit of a hundred trees on one core, measured on income
FITS = 12  # a search with fewer chooses by chance
COPIES_OF_TABLE = 6  # in memory while a model is fitted


def of_rows(table: Table, rows: int, label: str, times: Mapping[str, str], plan: Plan) -> Iterator[Guardrail]:
    """Yield the guardrails of rows and of the plan.

    Args:
        table: The rows that are looked at, without columns that only name rows.
        rows: How many rows there are.
        label: The column to predict.
        times: Columns that hold times, and what they hold.
        plan: How models are to be trained.
    """
    features = [column for column in table.frame.columns if column != label and table.role(column).role == "feature"]
    yield of_copies(table.frame, [*features, label])
    yield _time(times, plan)
    yield _keys(table.frame, [column for column in features if column not in times], plan)
    yield _enough(rows, len(features), label)
    yield _budget(rows, len(features), plan)


def _time(times: Mapping[str, str], plan: Plan) -> Guardrail:
    if plan.split_by not in ("label", "rows"):
        return Guardrail("time_order", "Order in time", "passed", "The folds follow a column.")
    found = {column: f"{words}, and rows are split at random" for column, words in times.items()}
    done = "If rows of the future are to be predicted, split by time: models that learn from later rows look better than they are."
    return judged("time_order", "Order in time", "No column holds dates.", found, "alerted", done, where=_in_order(found))


def _keys(frame: pl.DataFrame, features: list[str], plan: Plan) -> Guardrail:
    if plan.split_by not in ("label", "rows"):
        return Guardrail("repeated_keys", "Repeated keys", "passed", "The folds follow a column.")
    found = {}
    for column in features:
        known = frame[column].drop_nulls()
        if not (known.dtype in (pl.String, pl.Categorical, pl.Enum) or known.dtype.is_integer() or _are_whole(known)):
            continue
        groups, named = known.n_unique(), names_things(column)
        fewest = FEWEST_OF_ID if is_id(column) else FEWEST_GROUPS if named else max(FEWEST_GROUPS, 0.005 * len(known))
        if fewest <= groups <= len(known) / 1.5 and (named or _is_key(frame, column, features)):
            found[column] = f"names {groups:,} things, each with {len(known) / groups:.2g} rows on average"
    done = "Rows of one thing in training and validation make models look better than they are. Split by groups of that column."
    return judged(
        "repeated_keys", "Repeated keys", "No column names things that several rows are of.", found, "alerted", done, where=_in_order(found)
    )


def _in_order(found: Mapping[str, str]) -> Where | None:
    return Where(sort=next(iter(found))) if found else None


def _are_whole(values: pl.Series) -> bool:
    return values.dtype.is_float() and bool((values.is_finite() & (values % 1 == 0)).all())


def _is_key(frame: pl.DataFrame, column: str, features: list[str]) -> bool:
    """Whether a column names things: by values such as C1023, or since it decides many of the other columns."""
    values = frame[column]
    if values.dtype == pl.String and float(values.drop_nulls().str.contains(CODES).mean() or 0) > 0.9:  # type: ignore[arg-type]
        return True
    others = [other for other in features if other != column and frame[other].n_unique() > 1]
    if len(others) < 3:
        return False
    repeated = frame.filter(pl.col(column).is_duplicated() & pl.col(column).is_not_null())
    if repeated.height < frame.height / 2:
        return False
    inside = repeated.group_by(column).agg(pl.col(others).n_unique())
    whole = [name for name in others if (inside[name] == 1).mean() > 0.95 and repeated[name].n_unique() > FEWEST_GROUPS / 10]  # type: ignore[operator]
    return len(whole) >= max(2, 0.3 * len(others)) and sum(repeated[name].n_unique() > FEWEST_GROUPS for name in whole) > 0


def _enough(rows: int, features: int, label: str) -> Guardrail:
    title = "Enough rows"
    if rows >= max(OF_COLUMN * features, FEWEST_ROWS):
        return Guardrail(
            "few_rows",
            title,
            "passed",
            f"There are {rows:,} rows for {counted(features, 'feature column')}.",
            figures={"rows": rows, "columns": features},
        )
    words = f"There are {rows:,} rows for {counted(features, 'feature column')}. At least {FEWEST_ROWS}, and {OF_COLUMN} for each column, are better: expect the figures to vary, and prefer simple models or fewer columns."
    return Guardrail("few_rows", title, "alerted", words, (), {"rows": rows, "columns": features})


def _budget(rows: int, features: int, plan: Plan) -> Guardrail:
    title, cells = "Time and memory", rows * max(features, 1)
    seconds, size = FITS * cells * SECONDS_PER_CELL, COPIES_OF_TABLE * 8 * cells
    figures = {"seconds": seconds, "bytes": size}
    if plan.memory is not None and size > plan.memory:
        words = f"Training needs about {size / 1e9:.2g} GB, and {plan.memory / 1e9:.2g} GB are allowed. Use fewer rows or columns, or more memory."
        return Guardrail("budget", title, "alerted", words, (), figures)
    if plan.seconds is not None and seconds > plan.seconds:
        words = f"About {seconds:,.0f} seconds are needed to compare a few models on {rows:,} rows; {plan.seconds:,.0f} are given. Give more, or fewer rows."
        return Guardrail("budget", title, "alerted", words, (), figures)
    return Guardrail("budget", title, "passed", "Time and memory suffice for this table.", figures=figures)
