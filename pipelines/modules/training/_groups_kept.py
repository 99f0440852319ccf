"""What is kept of the models of groups, and what names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from hashlib import sha256
from io import BytesIO
from math import floor
from typing import Any, NamedTuple

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Each, Item, ItemResult
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.kinds.model import save_model
from pipelines.kinds.models_by_group import BYTES, GROUP, ModelsByGroup
from pipelines.modelling.by_group.partition import Partition
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._groups_found import WAPE, Found


class Trained(NamedTuple):
    """What comes of it.

    Args:
        models: A model for each group or series.
        table: The figures of each group, and for groups that failed the reason.
    """

    models: ModelsByGroup
    table: Table


def key_columns(by: Sequence[str], *taken: str) -> list[str]:
    """Check the columns of groups.

    Raises:
        ModuleError: `no_groups`; `label_is_a_group`, when one of them is the label or the time.
    """
    if not by:
        raise ModuleError("no_groups", "No column of groups is selected.", param="groups", remedy="Select at least one.")
    if twice := next((column for column in by if column in taken), None):
        words = f"“{twice}” is a column of groups, and the label or the time."
        raise ModuleError("label_is_a_group", words, param="groups", column=twice, remedy="Select others.")
    return list(by)


def for_each(items: Sequence[Item], each: Each, noun: str, percent: float) -> Sequence[ItemResult]:
    """Compute the value of every group, of which so many percent may fail.

    Raises:
        ModuleError: `too_many_failed_items`; its remedy names the setting too.
    """
    may_fail = None if percent >= 100 else floor(len(items) * percent / 100)
    try:
        return fan_out(items, each, noun=noun, may_fail=may_fail)
    except ModuleError as wrong:
        if wrong.code == "too_many_failed_items":
            wrong.remedy = f"{wrong.remedy} Or let more fail: the setting “{noun.capitalize()} that may fail (%)” is {percent:g}."
        raise


def figures_of(task: LabelTask, main: Metric | None = None) -> tuple[Metric, ...]:
    """Return the figures of a group, the main one first: that which is given, else WAPE of numbers and the first of the task of classes."""
    usual = (*([Metric(WAPE, "WAPE", "low")] if task.id == "regression" else []), *task.metrics)
    return usual if main is None else (main, *(each for each in usual if each.key != main.key))


def learner_digest(untrained: UntrainedModel) -> str:
    """Return a digest of a learner and its settings."""
    buffer = BytesIO()
    save_model(untrained, buffer)
    return sha256(buffer.getvalue()).hexdigest()


def items_of(parts: Partition, table: Table, asked: Sequence[Any]) -> list[Item]:
    """Return an item for each group. Its content is all that the model depends on: settings, columns with their types and roles, and the group's rows."""
    columns = [[name, str(dtype), table.role(name).role, table.role(name).categorical] for name, dtype in table.frame.schema.items()]
    plain = [asdict(part) if is_dataclass(part) and not isinstance(part, type) else part for part in asked]
    whole = [plain, pl.__version__, columns]
    digests = parts.digests(table.frame.columns)
    return [Item(name, [*whole, digest], False, place) for place, (name, digest) in enumerate(zip(parts.names, digests, strict=True))]


def spans(parts: Partition, time: str) -> pl.DataFrame:
    """Return the first and the last time of each group."""
    times = parts.frame.group_by(parts.by, maintain_order=True).agg(pl.col(time).min().alias("first"), pl.col(time).max().alias("last"))
    return times.select("first", "last")


def facts(found: Found, kept: Sequence[int], items: Sequence[Item]) -> pl.DataFrame:
    """Return what is known of each group that has a model: its name, rows and figures, the digest of its rows, and the length of its model."""
    figures = [found.results[place].figures for place in kept]
    columns = {
        GROUP: pl.Series([found.results[place].key for place in kept], dtype=pl.String),
        **({"learner": pl.Series([each["learner"] for each in figures], dtype=pl.String)} if found.choosing else {}),
        "rows": pl.Series([each["rows"] for each in figures], dtype=pl.Int64),
        **{metric.key: pl.Series([each["metrics"].get(metric.key) for each in figures], dtype=pl.Float64) for metric in found.metrics},
        "digest": pl.Series([item.content[-1] for item in items], dtype=pl.String),
        BYTES: pl.Series([each.get("bytes", 0) for each in figures], dtype=pl.Int64),
    }
    return pl.DataFrame(columns).hstack(found.times[list(kept)] if found.times is not None else [])
