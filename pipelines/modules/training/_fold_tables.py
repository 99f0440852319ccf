"""Tables of folds: as bytes, and put together although folds may make different columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

import msgspec
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table

LENGTH_BYTES = 8


def pack(table: Table) -> bytes:
    """Return a table as bytes."""
    roles = msgspec.json.encode({column: asdict(role) for column, role in table.roles.items()})
    buffer = BytesIO()
    table.frame.write_ipc(buffer, compression="lz4")
    return len(roles).to_bytes(LENGTH_BYTES) + roles + buffer.getvalue()


def unpack(data: bytes) -> Table:
    """Return the table of such bytes."""
    end = LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES])
    roles = {column: ColumnRole(**role) for column, role in msgspec.json.decode(data[LENGTH_BYTES:end]).items()}
    return Table(pl.read_ipc(BytesIO(data[end:])), roles)


def joined(tables: Sequence[Table]) -> Table:
    """Return the rows of all tables, with all columns. Of a column with several types, numbers become decimals and all else text."""
    found: dict[str, set[pl.DataType]] = {}
    for table in tables:
        for column, dtype in table.frame.schema.items():
            found.setdefault(column, set()).add(dtype)
    common = {column: _common(dtypes) for column, dtypes in found.items() if len(dtypes) > 1}
    frames = [
        table.frame.with_columns(pl.col(column).cast(to) for column, to in common.items() if column in table.frame.columns)
        for table in tables
    ]
    roles = {column: role for table in reversed(tables) for column, role in table.roles.items()}
    return Table(pl.concat(frames, how="diagonal"), roles)


def _common(dtypes: set[pl.DataType]) -> pl.DataType:
    left = dtypes - {pl.Null()}
    if len(left) == 1:
        return left.pop()
    return pl.Float64() if all(dtype.is_numeric() for dtype in left) else pl.String()
