"""Features of users and items as numbers: learned in training, and of new users and items when a recommender scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed, some_values
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.wide_and_deep_recommender import Coding, WideAndDeepRecommender
from pipelines.modelling.features import as_feature, feature_frame
from pipelines.modules.recommendation._ratings import check_ids, check_same, keys, need_columns

ID = "id"
FARTHEST = 1e6  # standard deviations: what a number beyond all those in training counts, so that predictions stay numbers
LEAST_ROWS = 2  # a category of fewer users or items has no embedding of its own


@dataclass(frozen=True)
class Features:
    """The features of some users, or items: a row for each.

    `numbers` are standardized, 0 where a value is missing. `codes` are places of the categories of each text column; the last place is that of
    missing and of all other values.
    """

    coding: Coding
    numbers: np.ndarray
    codes: Mapping[str, np.ndarray]

    def embedded(self, embeddings: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the rows as the network takes them: the embeddings of the categories, then the numbers."""
        parts = [embeddings[column][self.codes[column]] for column in self.coding.categories]
        return np.concatenate([*parts, self.numbers], axis=1)


def no_features(rows: int) -> Features:
    """Return the features of users or items of which nothing is known."""
    return Features(Coding(), np.zeros((rows, 0), np.float32), {})


def learn_features(table: Table, port: str, column: str, ids: pl.Series) -> Features:
    """Return the features of the users or items in training, in their order, and how they are coded.

    Raises:
        ModuleError: When the table has not one row for each, or a column that cannot be a feature.
    """
    frame = _rows(table, port, column, ids)
    chosen = [name for name in table.frame.columns if name != column and table.role(name).role == "feature"]
    features = [as_feature(table, name) for name in chosen]
    if not features:
        log(f"The table at {_called(port)} has no features beside “{column}”, so it is not used.", "warning")
        return no_features(len(ids))
    known = pl.DataFrame({ID: keys(ids)}).join(frame, on=ID, how="left", maintain_order="left")
    if many := known.height - len(set(known[ID]) & set(frame[ID])):
        log(f"{counted(many, 'row')} missing at {_called(port)}: their features count as missing.", "warning")
    wide = _feature_frame(known, features, port)
    numbers, categories = {}, {}
    for values in wide:
        if values.dtype == pl.String:
            often = values.drop_nulls().alias("text").value_counts().filter(pl.col("count") >= LEAST_ROWS)["text"].sort()
            categories[values.name] = often.to_list()
        elif values.null_count() < len(values):
            numbers[values.name] = (_number(values.mean()), _number(values.std(ddof=0)) or 1.0)
    _tell(wide, numbers, categories)
    coding = Coding(features, numbers, {name: values for name, values in categories.items() if values})
    return _coded(wide, coding)


def with_new_ones(recommender: WideAndDeepRecommender, tables: tuple[Table | None, Table | None]) -> WideAndDeepRecommender:
    """Return a recommender that also knows the users and items of these tables, by their features."""
    for place, (port, name) in enumerate((("user_features", "user"), ("item_features", "item"))):
        if (table := tables[place]) is not None:
            recommender = _joined(recommender, table, place, port, name)
    return recommender


def _joined(recommender: WideAndDeepRecommender, table: Table, place: int, port: str, name: str) -> WideAndDeepRecommender:
    known: pl.Series = getattr(recommender, f"{name}s")
    column: str = getattr(recommender, f"{name}_column")
    coding = recommender.codings[place]
    if not coding.features:
        log(f"The recommender was trained without {name} features, so the table at {_called(port)} is not used.", "warning")
        return recommender
    frame = _rows(table, port, column, known)
    new = frame.join(pl.DataFrame({ID: keys(known)}), on=ID, how="anti", maintain_order="left")
    if not new.height:
        return recommender
    added = new[ID].cast(known.dtype, strict=False)
    if (alike := keys(added).eq_missing(new[ID])).not_().any():
        log(
            f"{counted(int((~alike).sum()), name)} cannot be one of this type and {'is' if alike.sum() == 1 else 'are'} not used.",
            "warning",
        )
        new, added = new.filter(alike), added.filter(alike)
    log(f"Not in the training ratings, but known by features: {counted(len(added), name)}, such as {some_values(added)}.")
    coded = _coded(_feature_frame(new, coding.features, port), coding).embedded(recommender.embeddings[place])
    side = getattr(recommender.network, f"{name}s").joined_by(coded)
    changed: dict[str, Any] = {f"{name}s": pl.concat([known, added.alias(known.name)])}
    return replace(recommender, network=replace(recommender.network, **{f"{name}s": side}), **changed)


def _rows(table: Table, port: str, column: str, known: pl.Series) -> pl.DataFrame:
    """The rows with an id, as text in the column ID, one of each.

    Raises:
        ModuleError: `missing_columns`, `not_an_id`, `other_type`, `twice` or `reserved_name`.
    """
    need_columns(table, [column], port)
    check_ids(table.frame[column], column, port)
    check_same(table.frame[column], known, column, port)
    if ID in table.frame.columns and column != ID:
        words = f"“{ID}” cannot be the name of a feature."
        raise ModuleError("reserved_name", words, port=port, column=ID, remedy="Rename the column with Edit Metadata.")
    ids = keys(table.frame[column])
    frame = table.frame.with_columns(ids.alias(ID)).filter(pl.Series(ids.is_not_null()))
    if lost := table.frame.height - frame.height:
        log(
            f"{counted(lost, 'row')} without a value in “{column}” {'was' if lost == 1 else 'were'} left out at {_called(port)}.", "warning"
        )
    if frame.height and (twice := frame.filter(pl.col(ID).is_duplicated())).height:
        raise ModuleError(
            "described_twice",
            f"“{column}” has the value {twice[ID][0]} in more than one row of the features.",
            port=port,
            column=column,
            remedy="Keep one row of each with Remove Duplicate Rows.",
        )
    return frame


def _feature_frame(frame: pl.DataFrame, features: list[tuple[str, str]], port: str) -> pl.DataFrame:
    try:
        return feature_frame(frame, features)
    except ModuleError as wrong:
        wrong.port = port
        raise


def _coded(wide: pl.DataFrame, coding: Coding) -> Features:
    numbers = [((wide[name].cast(pl.Float64) - mean) / spread).fill_null(0.0).to_numpy() for name, (mean, spread) in coding.numbers.items()]
    held = np.column_stack(numbers) if numbers else np.zeros((wide.height, 0))
    held = np.clip(held, -FARTHEST, FARTHEST)
    codes = {}
    for name, values in coding.categories.items():
        places = pl.DataFrame({name: values, "place": np.arange(len(values))}, schema_overrides={name: pl.String})
        found = wide.select(pl.col(name).cast(pl.String)).join(places, on=name, how="left", maintain_order="left")
        codes[name] = found["place"].fill_null(len(values)).to_numpy()
    return Features(coding, held.astype(np.float32), codes)


def _tell(wide: pl.DataFrame, numbers: Mapping[str, Any], categories: Mapping[str, list[str]]) -> None:
    unused = [name for name in wide.columns if name not in numbers and not categories.get(name)]
    if unused:
        log(f"Not used, since no two rows have the same value or none has any: {listed(unused)}.", "warning")
    rare = {name: wide[name].n_unique() - len(values) - wide[name].has_nulls() for name, values in categories.items() if values}
    if some := [f"“{name}” ({many:,})" for name, many in rare.items() if many]:
        log(f"Values that only one row has count as one category: {', '.join(some)}.")


def _number(value: Any) -> float:
    return float(value) if value is not None else 0.0


def _called(port: str) -> str:
    return port.replace("_", " ").capitalize()
