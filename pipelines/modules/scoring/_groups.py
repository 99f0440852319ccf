"""The rows of a table by the group whose model scores them, and their predictions put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, ItemResult, Value
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Model, Table
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.by_group.partition import Partition, partition
from pipelines.modelling.features import PROBABILITIES, feature_frame
from pipelines.modelling.parallel import Lines
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.task import Score

SCORED_BY = "Scored By"
OWN, FALLBACK, FAILED, NONE = "own model", "fallback model", "failed", "no model"
AT = "\0at"  # a column that no table has


def groups_of(models: ModelsByGroup, table: Table) -> tuple[Partition, list[int | None]]:
    """Return the rows by group, and of each group the place of its model; None for a group that has none.

    Raises:
        ModuleError: `missing_columns` or `wrong_type`, when the columns of groups are not those of the training.
    """
    schema = table.frame.schema
    if absent := [column for column in models.by if column not in schema]:
        raise ModuleError(
            "missing_columns",
            f"The columns of groups {listed(absent)} are not in this table.",
            port="table",
            column=absent[0],
            remedy="Connect a table with the columns that the models were trained by.",
        )
    for column in models.by:
        there, known = schema[column], models.keys.schema.get(column, schema[column])
        if kind_of(there) != kind_of(known) and table.frame[column].null_count() < table.frame.height and pl.Null not in (there, known):
            raise ModuleError(
                "wrong_type",
                f"The groups in “{column}” were {kind_of(known)}s in training; here they are {kind_of(there)}s.",
                port="table",
                column=column,
                remedy="Change its type with Edit Metadata.",
            )
    parts = partition(table, models.by)
    if not models.keys.height:
        return parts, [None] * len(parts)
    placed = models.keys.with_row_index(AT)
    asked = parts.keys.with_columns(pl.col(column).cast(models.keys.schema[column], strict=False) for column in models.by)
    return parts, asked.join(placed, on=list(models.by), how="left", nulls_equal=True, maintain_order="left")[AT].to_list()


def own_scores(
    models: ModelsByGroup, table: Table, parts: Partition, known: Sequence[int | None], threshold: float | None
) -> Sequence[ItemResult]:
    """Return the predictions of each group's model, side by side where workers are free.

    Raises:
        ModuleError: Why no model can score its rows.
    """
    head = table.with_frame(table.frame.clear())
    used = [column for column in table.frame.columns if column not in models.by]
    asked = [threshold, *map(str, table.frame.select(used).dtypes), *used]
    items = [
        Item(name, [sha256(models.blob(place)).hexdigest(), *asked, digest], False, (group, place))
        for group, (name, place, digest) in enumerate(zip(parts.names, known, parts.digests(used), strict=True))
        if place is not None
    ]
    results = fan_out(items, partial(score_group, models, parts, head, threshold), noun="groups", may_fail=None)
    if results and all(result.failure for result in results) and (why := results[0].failure):
        raise ModuleError(why.code, why.words, port=why.port, column=why.column, remedy=why.remedy)
    return results


def score_group(models: ModelsByGroup, parts: Partition, head: Table, threshold: float | None, item: Item) -> Value:
    """Return the predictions for the rows of a group by its model."""
    group, place = item.payload
    rows = head.with_frame(parts.rows(group))
    with reporting_to(Lines()):
        model = models.model(place)
        scores = predicted(model, feature_frame(rows.frame, model.features), rows.frame.schema.get(models.label), threshold)
    buffer = BytesIO()
    pl.DataFrame([score.values.alias(score.name) for score in scores]).write_ipc(buffer)
    return Value([[score.name, score.positive] for score in scores], buffer.getvalue())


@dataclass(frozen=True)
class Found:
    """Predictions of own models.

    Args:
        frame: The scores and SCORED_BY, in the order of the table.
        positive: By column, the class that a probability refers to.
    """

    frame: pl.DataFrame
    positive: Mapping[str, str | None]


def by_own_models(parts: Partition, known: Sequence[int | None], results: Sequence[ItemResult], empty: Sequence[Score]) -> Found:
    """Return the predictions of the models of groups. A class that a group's model does not know has probability 0."""
    sizes, good = np.diff(parts.starts).tolist(), {result.key: result for result in results if not result.failure}
    frames, by = [pl.DataFrame([score.values.clear().alias(score.name) for score in empty])], []
    positive = {score.name: score.positive for score in empty}
    for name, place, size in zip(parts.names, known, sizes, strict=True):
        frames.append(
            pl.read_ipc(BytesIO(good[name].blob())) if name in good else pl.DataFrame({AT: pl.Series([None] * size, dtype=pl.Int8)})
        )
        positive |= dict(map(tuple, good[name].figures)) if name in good else {}
        by.append(OWN if name in good else NONE if place is None else FAILED)
    frame = pl.concat(frames, how="diagonal_relaxed").drop(AT, strict=False)
    frame = frame.with_columns(pl.Series(SCORED_BY, np.repeat(np.array(by, dtype=object), sizes), dtype=pl.String))
    classes = [name for name, of in positive.items() if of is not None]
    frame = frame.with_columns(
        pl.when(pl.col(SCORED_BY) == OWN).then(pl.col(name).fill_null(0.0)).otherwise(name).alias(name) for name in classes
    )
    return Found(frame[np.argsort(parts.order)], positive)


def filled(found: Found, table: Table, fallback: Model, threshold: float | None) -> Found:
    """Return the predictions with those of the fallback model, for rows that no own model has scored."""
    own = (found.frame[SCORED_BY] == OWN).to_numpy()
    if own.all():
        return found
    rows, places = table.with_frame(table.frame.filter(~own)), np.concatenate([np.flatnonzero(own), np.flatnonzero(~own)])
    scores = predicted(fallback, feature_frame(rows.frame, fallback.features), rows.frame.schema.get(fallback.label), threshold)
    other = pl.DataFrame([score.values.alias(score.name) for score in scores]).with_columns(pl.lit(FALLBACK).alias(SCORED_BY))
    both = pl.concat([found.frame.filter(own), other], how="diagonal_relaxed")
    return Found(both[np.argsort(places)], {**found.positive, **{score.name: score.positive for score in scores}})


def scored(models: ModelsByGroup, table: Table, found: Found, append: bool, threshold: float | None = None) -> Table:
    """Return the table with predictions, and in a column which model each is of. Of models with thresholds of their own the labels alone tell these."""
    own = {PROBABILITIES: threshold}  # as of two classes
    scores = [Score(name, found.frame[name], found.positive.get(name), own.get(name)) for name in found.frame.columns if name != SCORED_BY]
    if SCORED_BY in table.frame.columns:
        table = table.only([column for column in table.frame.columns if column != SCORED_BY])
    whole = with_scores(Model(models.name, models.task, None, models.label, ()), table, scores, append)
    return whole.with_frame(whole.frame.with_columns(found.frame[SCORED_BY])).with_role(SCORED_BY, role="ignored")


def tell(scored: Table, results: Sequence[ItemResult]) -> None:
    """Log how many rows each kind of model scored, and why groups could not be scored."""
    for by, rows in scored.frame[SCORED_BY].value_counts(sort=True).iter_rows():
        log(f"{counted(rows, 'row')}: {by}.", "info" if by == OWN else "warning")
    for result in [result for result in results if result.failure][:5]:
        log(f"{result.key}: {result.failure.words if result.failure else ''}", "warning")
