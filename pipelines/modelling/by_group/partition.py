"""A table as groups of rows: sorted once by the values of key columns, each group a slice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import LONGEST_KEY
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.lookalikes import tell_lookalikes

MISSING, EMPTY, BETWEEN = "(missing)", "(empty)", " · "
HASH = 12  # characters
PLACE = "\0place"  # a column that no table has
SEEDS = (0, 1)  # two hashes of 64 bits each


@dataclass(frozen=True)
class Partition:
    """Rows sorted by group.

    Args:
        by: The key columns.
        frame: The rows: groups in the order of their first row, rows of a group in their order.
        moved: The place in the table of each of these rows; None where they lie as in the table.
        keys: The values of the key columns, a row for each group.
        names: The name of each group: its values as text.
        starts: Where each group starts in the rows; and the end.
    """

    by: tuple[str, ...]
    frame: pl.DataFrame
    moved: np.ndarray | None
    keys: pl.DataFrame
    names: tuple[str, ...]
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    @property
    def order(self) -> np.ndarray:
        """The place in the table of each row."""
        return np.arange(self.frame.height) if self.moved is None else self.moved

    def rows(self, place: int) -> pl.DataFrame:
        """Return the rows of a group, without copying them."""
        start, end = self.starts[place : place + 2].tolist()
        return self.frame.slice(start, end - start)

    def digests(self, columns: Sequence[str]) -> Iterator[str]:
        """Yield a digest of what each group has in some columns; equal rows in the same order have equal ones."""
        used = self.frame.select(pl.col(column).cast(pl.String) if _is_coded(self.frame[column]) else column for column in columns)
        hashes = np.column_stack([used.hash_rows(seed).to_numpy() for seed in SEEDS])
        for start, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            yield sha256(hashes[start:end].tobytes()).hexdigest()


def partition(table: Table, by: Sequence[str], *, param: str = "groups") -> Partition:
    """Return the groups of a table; rows with a missing key are groups too.

    Raises:
        ModuleError: `no_groups` without a key column, `unusable_groups` for a column of lists and the like.
    """
    if not by:
        raise ModuleError("no_groups", "No column of groups is selected.", param=param, port="table", remedy="Select at least one.")
    frame = table.frame
    for column in by:
        if kind_of(frame.schema[column]) == "other" and frame.schema[column] != pl.Null:
            words = f"“{column}” has values of the type {frame.schema[column]}, which do not name groups."
            raise ModuleError(
                "unusable_groups", words, param=param, port="table", column=column, remedy="Select columns of numbers, texts or dates."
            )
    keys, starts, moved = _in_order(frame.select(by)) or _gathered(frame.select(by))
    _tell_missing(keys)
    for values in keys.iter_columns():
        tell_lookalikes(values)
    return Partition(tuple(by), frame if moved is None else frame[moved], moved, keys, tuple(_names(keys)), starts)


def _in_order(values: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray, None] | None:
    """Return the groups, and where they start, of a table that lies group by group, as most do: it is neither sorted nor copied. None for other tables."""
    if not values.height:
        return None
    changes = values.select(pl.any_horizontal(pl.all().ne_missing(pl.all().shift()))).to_series()
    starts = np.union1d([0], changes.arg_true().to_numpy())
    keys = values[starts]
    return None if keys.is_duplicated().any() else (keys, np.append(starts, values.height), None)


def _gathered(values: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    places = pl.int_range(values.height, dtype=pl.UInt32, eager=True).alias(PLACE)
    found = values.with_columns(places).group_by(values.columns, maintain_order=True).agg(pl.col(PLACE))
    order = found[PLACE].explode(empty_as_null=False).to_numpy()
    return found.drop(PLACE), np.concatenate([[0], found[PLACE].list.len().cast(pl.Int64).to_numpy()]).cumsum(), order


def _tell_missing(keys: pl.DataFrame) -> None:
    if missing := [column for column in keys.columns if keys[column].null_count()]:
        log(f"Rows without a value of {listed(missing)} are a group of their own: “{MISSING}”.", "warning")


def _names(keys: pl.DataFrame) -> Iterator[str]:
    """Yield the name of each group. One that is too long, or that another group has too, ends with a hash of the values."""
    texts = [_text(values) for values in keys.iter_columns()]
    plain = [BETWEEN.join(parts) for parts in zip(*texts, strict=True)]
    all_names = pl.Series(plain, dtype=pl.String)
    twice, hashed = set(all_names.filter(all_names.is_duplicated())), 0
    for name, values in zip(plain, keys.iter_rows(), strict=True):
        if len(name) <= LONGEST_KEY and name not in twice and "\0" not in name:
            yield name
            continue
        hashed += 1
        mark = f" … {sha256(repr(values).encode()).hexdigest()[:HASH]}"
        yield name.replace("\0", "")[: LONGEST_KEY - len(mark)] + mark
    if hashed:
        log(f"The names of {counted(hashed, 'group')} are too long or alike, and end with a hash of their values.", "warning")


def _text(values: pl.Series) -> list[str]:
    if values.dtype == pl.Duration:
        values = values.dt.to_string()
    elif values.dtype.is_float() and bool(((values % 1 == 0) & (values.abs() < 2**53)).fill_null(True).all()):
        values = values.cast(pl.Int64)
    texts = values.cast(pl.String)
    return texts.replace("", EMPTY).fill_null(MISSING).to_list()


def _is_coded(values: pl.Series) -> bool:
    """Whether equal values may have different codes in two tables."""
    return values.dtype in (pl.Categorical, pl.Enum)
