"""The items of For Each: their names where each row is one, their tables as bytes, and these put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any

import msgspec
import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import ItemResult
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import MODELS, TABLE, ColumnRole, Model, Table
from pipelines.catalogue.repeated import ROW, Repeated, with_keys
from pipelines.catalogue.reporting import Level, log
from pipelines.kinds.models_by_group import ModelsByGroup
from pipelines.modelling.by_group.partition import BETWEEN, MISSING, Partition
from pipelines.modelling.parallel import Lines
from pipelines.modules.transform._for_each_models import PackedModel, models_together, packed_model

MOST_LINES, LONGEST_LINE = 20, 300  # of an item, and of all; characters
NAMING, LONGEST_VALUE = 4, 40  # columns of a row's name, and characters of each
FAILURES = {"item": pl.String, "code": pl.String, "words": pl.String, "remedy": pl.String}


class _PackedTable(msgspec.Struct, tag="table"):
    """A table of an item: an Arrow stream, and the roles of its columns."""

    stream: bytes
    roles: dict[str, ColumnRole]


_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[_PackedTable | PackedModel]).decode


def packed(values: Sequence[Table | Model]) -> bytes:
    """Return the tables and models of an item as bytes.

    Raises:
        ModuleError: `cannot_store`, for a model that holds what an archive cannot.
    """
    return _encode([_packed(value) for value in values])


def _packed(value: Table | Model) -> _PackedTable | PackedModel:
    if isinstance(value, Model):
        return packed_model(value)
    return _PackedTable(_stream(value.frame), dict(value.roles))


def _stream(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.rechunk().write_ipc_stream(buffer)
    return buffer.getvalue()


def _unpacked(blob: bytes) -> list[Table | PackedModel]:
    return [each if isinstance(each, PackedModel) else Table(pl.read_ipc_stream(each.stream), each.roles) for each in _decode(blob)]


def heard(said: Lines) -> list[tuple[Level, str]]:
    """Return what the modules said of an item."""
    return [(level, line[:LONGEST_LINE]) for line, level, _ in said.lines[:MOST_LINES]]


def _tell_heard(results: Sequence[ItemResult]) -> None:
    """Say what the modules said of the items: each line once, with the number of items. Those of most items come first."""
    times = Counter((level, line) for result in results for level, line in {(level, line) for level, line in result.figures["said"]})
    for (level, line), number in times.most_common(MOST_LINES):
        log(line if number == len(results) == 1 else f"{line} ({counted(number, 'item')})", level)
    if len(times) > MOST_LINES:
        log(f"{counted(len(times) - MOST_LINES, 'further line')} of the items, with figures of their own, left out.")


def row_items(table: Table) -> Partition:
    """Return each row as a part. It is named by its values, and the second of two equal names has a number."""
    frame, rows = table.frame, table.frame.height
    columns = [column for column in frame.columns if kind_of(frame.schema[column]) != "other"][:NAMING]
    texts = [
        pl.col(column).cast(pl.String).fill_null(MISSING).str.replace_all("\0", "", literal=True).str.slice(0, LONGEST_VALUE)
        for column in columns
    ]
    plain = frame.select(pl.concat_str(texts, separator=BETWEEN)).to_series().to_list() if texts else ["row"] * rows
    keys = pl.DataFrame({ROW: pl.int_range(1, rows + 1, dtype=pl.Int64, eager=True)})
    return Partition((ROW,), frame, np.arange(rows), keys, tuple(_numbered(plain)), np.arange(rows + 1))


def _numbered(names: Sequence[str]) -> Iterator[str]:
    taken, times = set(names), dict[str, int]()
    used = set[str]()
    for plain in names:
        name = first = plain or "(empty)"
        while name in used or (name != first and name in taken):
            times[first] = times.get(first, 1) + 1
            name = f"{first} ({times[first]})"
        used.add(name)
        yield name


def failures_table(results: Sequence[ItemResult]) -> Table:
    """Return a row for each item that failed."""
    failed = [(each.key, each.failure) for each in results if each.failure]
    rows = [(key, failure.code, failure.words, failure.remedy) for key, failure in failed]
    return Table(pl.DataFrame(rows, schema=FAILURES, orient="row"))


def put_together(
    results: Sequence[ItemResult], keys: pl.DataFrame, roles: Mapping[str, ColumnRole], body: Repeated, heads: Sequence[Table | None]
) -> list[Table | ModelsByGroup]:
    """Return the value of each output: the tables of all items under each other, each row with the key of its item, or the models of all items.

    Args:
        results: What came of each item.
        keys: The values of the key columns, a row for each item.
        roles: The roles of the key columns.
        body: What is repeated.
        heads: The table without rows of each output, as far as it is known: for the case that no item has one.

    Raises:
        ModuleError: `unlike_items`, when a column has values of types in two items that no column can hold together, or models predict different columns.
    """
    kept = [at for at, result in enumerate(results) if not result.failure]
    if len(kept) < len(results):
        failed = counted(len(results) - len(kept), "item")
        log(f"Without rows in the results: {failed} that failed. See the failures for the reasons.", "warning")
    _tell_heard([results[at] for at in kept])
    found: list[list[Any]] = [[] for _ in body.outputs]
    for at in kept:
        for values, value in zip(found, _unpacked(results[at].blob()), strict=True):
            values.append(value)
    kinds = body.kinds or [TABLE] * len(found)
    gather = partial(_gathered, kept=kept, keys=keys, roles=roles)
    done = [results[at] for at in kept]
    return [
        models_together(values, done, keys[kept], name) if kind == MODELS else gather(values, name=name, head=head)
        for values, name, kind, head in zip(found, body.outputs, kinds, heads or [None] * len(found), strict=True)
    ]


def _gathered(
    tables: Sequence[Table], *, kept: Sequence[int], keys: pl.DataFrame, roles: Mapping[str, ColumnRole], name: str, head: Table | None
) -> Table:
    if not tables:
        return with_keys(head or Table(pl.DataFrame()), Table(keys.clear(), roles))
    _tell_unlike([table.frame for table in tables], name, keys.columns)
    try:
        frame = pl.concat([table.frame for table in tables], how="diagonal_relaxed", rechunk=True)
    except pl.exceptions.PolarsError as wrong:
        words = f"The tables of the items at “{name}” cannot be put together: {str(wrong).splitlines()[0][:300]}."
        raise ModuleError(
            "unlike_items", words, remedy="Give the column the same type in each item, such as by Edit Metadata at the end."
        ) from wrong
    places = np.repeat(np.array(kept, dtype=np.int64), [table.frame.height for table in tables])
    own = {column: role for table in reversed(tables) for column, role in table.roles.items()}
    return with_keys(Table(frame, own), Table(keys[places], roles))


def _tell_unlike(frames: Sequence[pl.DataFrame], name: str, keys: Sequence[str]) -> None:
    """Say what becomes different by putting tables together."""
    schemas: list[dict[str, Any]] = [dict(frame.schema) for frame in frames]
    everywhere = list(dict.fromkeys(column for schema in schemas for column in schema))
    if lacking := [column for column in everywhere if any(column not in schema for schema in schemas)]:
        log(f"{name}: not every item has the column {listed(lacking)}; their rows have missing values there.", "warning")
    if mixed := [column for column in everywhere if len({schema[column] for schema in schemas if column in schema}) > 1]:
        log(f"{name}: {listed(mixed)} has different types in the items; the type that holds all of them is used.", "warning")
    if replaced := [key for key in keys if key in everywhere]:
        log(f"{name}: the values of {listed(replaced)} are those of the items.")
