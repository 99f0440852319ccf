"""What a step left at a port: a record of the artifact, small enough for a row or an event."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnRole, Kind, Table


class ColumnInfo(msgspec.Struct, frozen=True, gc=False):
    """A column as people and later modules see it."""

    name: str
    dtype: str
    kind: str
    role: str = "feature"
    categorical: bool = False
    positive: str | None = None
    model: str | None = None

    def as_role(self) -> ColumnRole:
        """The column's role, as a Table holds it."""
        return ColumnRole(self.role, self.categorical, self.positive, self.model)  # type: ignore[arg-type]


class Output(msgspec.Struct, frozen=True, dict=True):
    """An artifact in the store: `digest` is the BLAKE3 hash of its bytes; `report` that of the page that shows it, if any.

    A deferred one is no file yet: what makes it is computed by whoever reads it. It has a `key`, that of its step and port, by which it is told
    apart; it keeps that once it is made after all, so that what was made from it stays known. Its `bytes` are those that it is made from.

    A model that is `by_code` was left by people's code: it is loaded in a closed place only, since its types are checked and its values are not.
    """

    kind: Kind
    digest: str
    bytes: int
    rows: int | None = None
    columns: tuple[ColumnInfo, ...] | None = None
    report: str | None = None
    deferred: bool = False
    key: str = ""
    by_code: bool = False

    def as_json(self) -> dict[str, Any]:
        """The record as the database holds it."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Output:
        """The record of its JSON."""
        return msgspec.convert(data, cls)

    @cached_property
    def content(self) -> str:
        """What makes two outputs the same for whoever reads them: bytes, or what makes them, and column roles."""
        roles = [(column.name, column.role, column.categorical, column.positive, column.model) for column in self.columns or ()]
        return sha256(msgspec.json.encode((self.key or self.digest, roles))).hexdigest()

    def roles(self) -> dict[str, ColumnRole]:
        """The roles of a table's columns."""
        return {column.name: column.as_role() for column in self.columns or ()}


def public_outputs(outputs: Mapping[str, Output]) -> dict[str, dict[str, Any]]:
    """What a step left at its ports as events and the API tell it: of a table's columns only how many, for thousands are told at once."""
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
    """The columns of a table, in order."""
    return tuple(describe_column(name, dtype, table.role(name)) for name, dtype in table.frame.schema.items())


def describe_column(name: str, dtype: pl.DataType, role: ColumnRole) -> ColumnInfo:
    """One column, by its type and role."""
    return ColumnInfo(name, str(dtype), kind_of(dtype), role.role, role.categorical, role.positive, role.model)
