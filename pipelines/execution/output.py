"""Output records: the artifact of a step at a port, small enough for a database row or an event."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnRole, Table


class ColumnInfo(msgspec.Struct, frozen=True, gc=False):
    """A column as shown to users and passed to later modules."""

    name: str
    dtype: str
    kind: str
    role: str = "feature"
    categorical: bool = False
    positive: str | None = None
    model: str | None = None
    task: str | None = None

    def as_role(self) -> ColumnRole:
        """Return the column's role, as a Table stores it."""
        return ColumnRole(self.role, self.categorical, self.positive, self.model, self.task)  # type: ignore[arg-type]


class Output(msgspec.Struct, frozen=True, dict=True):
    """An artifact in the store: `digest` is the BLAKE3 hash of its bytes; `report` that of its report, if any.

    A deferred output has no file: its consumer computes it. Its `key`, from its step and port, identifies it, and stays when the output is
    materialized, so that results computed from it stay cached. Its `bytes` are the size of its inputs.

    A model with `by_code` was created by user code: it is loaded in isolation only, since its types are checked and its values are not.
    `kind` is the id of its port kind.
    """

    kind: str
    digest: str
    bytes: int
    rows: int | None = None
    columns: tuple[ColumnInfo, ...] | None = None
    report: str | None = None
    deferred: bool = False
    key: str = ""
    by_code: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the record as the database stores it."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Output:
        """Create the record from its JSON."""
        return msgspec.convert(data, cls)

    @cached_property
    def content(self) -> str:
        """Return what identifies the output to a consumer: its bytes or their source, and the column roles."""
        roles = [
            (column.name, column.role, column.categorical, column.positive, column.model, *((column.task,) if column.task else ()))
            for column in self.columns or ()
        ]
        return sha256(msgspec.json.encode((self.key or self.digest, roles))).hexdigest()

    def roles(self) -> dict[str, ColumnRole]:
        """Return the roles of a table's columns."""
        return {column.name: column.as_role() for column in self.columns or ()}


def public_outputs(outputs: Mapping[str, Output]) -> dict[str, dict[str, Any]]:
    """Return a step's outputs as events and the API show them: tables with their column count only, since there may be thousands."""
    return {port: _public(output) for port, output in outputs.items()}


def _public(output: Output) -> dict[str, Any]:
    return {
        "kind": output.kind,
        "digest": output.digest,
        "bytes": output.bytes,
        "rows": output.rows,
        "width": None if output.columns is None else len(output.columns),
        "deferred": output.deferred,
    }


def describe(table: Table) -> tuple[ColumnInfo, ...]:
    """Return the columns of a table, in order."""
    return tuple(describe_column(name, dtype, table.role(name)) for name, dtype in table.frame.schema.items())


def describe_column(name: str, dtype: pl.DataType, role: ColumnRole) -> ColumnInfo:
    """Return one column, by its type and role."""
    return ColumnInfo(name, str(dtype), kind_of(dtype), role.role, role.categorical, role.positive, role.model, role.task)
