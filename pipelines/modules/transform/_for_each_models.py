"""The models of the items of For Each as models by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import ItemResult
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Model
from pipelines.kinds._stored_models import model_bytes
from pipelines.kinds.models_by_group import BYTES, GROUP, ModelsByGroup


class PackedModel(msgspec.Struct, tag="model"):
    """A model of an item: its archive, and what models of all items have in common."""

    stored: bytes
    name: str
    task: str
    label: str
    settings: dict[str, Any]


def packed_model(model: Model) -> PackedModel:
    """Return a model as bytes.

    Raises:
        ModuleError: `cannot_store`, when it holds what an archive cannot.
    """
    return PackedModel(model_bytes(model), model.name, model.task, model.label, dict(model.settings))


def models_together(models: Sequence[PackedModel], results: Sequence[ItemResult], keys: pl.DataFrame, name: str) -> ModelsByGroup:
    """Return the models of the items, each under the values of the key columns of its item.

    Args:
        models: The models.
        results: What came of their items.
        keys: The values of the key columns of these items.
        name: The name of the output, for people.

    Raises:
        ModuleError: `unlike_items`, when they do not all predict the same column by the same task.
    """
    for what, values in (("different columns", [each.label for each in models]), ("different tasks", [each.task for each in models])):
        if len(different := dict.fromkeys(values)) > 1:
            some = [f"{value.replace('_', ' ')} in {counted(values.count(value), 'item')}" for value in different]
            words = f"The models of the items at “{name}” are of {what}: {listed(some)}."
            raise ModuleError(
                "unlike_items", words, remedy="Train the same learner in each item, on a label with the same classes in each."
            )
    facts = {
        GROUP: pl.Series([result.key for result in results], dtype=pl.String),
        "rows": pl.Series([result.figures["rows"] for result in results], dtype=pl.Int64),
        BYTES: pl.Series([len(each.stored) for each in models], dtype=pl.Int64),
    }
    first = models[0] if models else PackedModel(b"", "", "", "", {})
    kept = [each.stored for each in models]
    return ModelsByGroup(
        first.name, first.task, first.label, tuple(keys.columns), keys, pl.DataFrame(facts), kept.__getitem__, first.settings
    )
